"""Two people of the simulated company who can sign in: an employee, and the manager of their team."""

from timecontrol.core.first_accounts import FirstAccount
from timecontrol.simulator.company import Person
from timecontrol.simulator.plan import Plan


def people_of(plan: Plan) -> list[tuple[FirstAccount, Person]]:
    """The first employee who has a manager, and that manager, each with an account; empty in a company without managers."""
    by_id = {person.employee_id: person for person in plan.people}
    employee = next((person for person in plan.people if person.manager_id), None)
    if employee is None or employee.manager_id is None:
        return []
    return [
        (FirstAccount("employee", ("employee",), employee.employee_id), employee),
        (FirstAccount("manager", ("employee", "manager"), employee.manager_id), by_id[employee.manager_id]),
    ]
