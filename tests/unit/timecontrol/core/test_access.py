"""Who may do what with whose data."""

import pytest

from timecontrol.core.access import Right, Role, allows


@pytest.mark.parametrize(
    ("roles", "own", "right", "expected"),
    [
        (("employee",), "E1", "read", True),
        (("employee",), "E1", "documents", True),
        (("employee",), "E1", "plan", False),
        (("employee",), "E2", "read", False),
        (("manager",), "M1", "read", True),
        (("manager",), "M1", "plan", True),
        (("manager",), "M1", "documents", False),
        (("manager",), "M2", "read", False),
        (("payroll",), None, "read", True),
        (("payroll",), None, "plan", False),
        (("hr",), None, "documents", True),
        (("admin",), None, "documents", False),
        ((), None, "read", False),
    ],
)
def test_rights_on_employee_e1_of_manager_m1(
    roles: tuple[Role, ...], own: str | None, right: Right, expected: bool
) -> None:
    assert allows(right, roles, own, "E1", "M1") is expected
