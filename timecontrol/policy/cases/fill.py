"""Writes cases to the input tables of a scratch run."""

import json
from collections.abc import Iterable

from psycopg import sql

from timecontrol.policy.cases.inputs import ACTOR, COLUMNS, ParameterSet
from timecontrol.policy.cases.read import SoundCase
from timecontrol.policy.rows import PayCodeRow
from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.scratch import Scratch


def fill(connection: Connection, made: Scratch, cases: Iterable[SoundCase], pay_codes: Iterable[PayCodeRow]) -> None:
    """Write all cases to the input tables, and the run that the models find, in one transaction."""
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
    # Many cases share a parameter set; the models make sets from policies, so equal ones are one policy.
    policies: dict[str, str] = {}
    sets: dict[str, ParameterSet] = {}
    for case in cases:
        found = case.inputs
        policy = policies.setdefault(json.dumps(found.parameters), f"set-{len(policies):06}")
        sets[policy] = found.parameters
        rows["raw.punches"].extend(found.punches)
        rows["core.sites"].append((case.employee_id, case.name, found.time_zone, ACTOR))
        rows["core.employees"].append((case.employee_id, case.name, case.employee_id, found.facts, ACTOR))
        rows["core.policy_assignments"].append((case.employee_id, policy, ACTOR))
        rows["core.shifts"].extend(found.shifts)
        rows["core.leave"].extend(found.leave)
        rows["core.holidays"].extend(found.holidays)
        rows["ops.employee_now"].append((case.employee_id, found.now_at))
    for policy, parameters in sets.items():
        rows["policy.policies"].append((policy, policy))
        rows["policy.parameters"].extend(
            (policy, parameter, valid_from, json.dumps(value), reference, file, line)
            for parameter, valid_from, value, reference, file, line in parameters
        )
    rows["policy.pay_codes"].extend((row.pay_code, row.title, row.multiplier, row.on_top) for row in pay_codes)
    with connection.transaction():
        for table, columns in COLUMNS.items():
            _copy(connection, made.table(table), columns, rows[table])
        # Every case has its own now; the run's is that of an employee without one, of whom there is none.
        connection.execute(
            sql.SQL(
                "insert into {} (previous_watermark, watermark, now_at, full_refresh, reason, status) "
                "values (0, 9223372036854775807, now(), true, 'cases', 'running')"
            ).format(made.table("ops.runs"))
        )


def _copy(
    connection: Connection, table: sql.Identifier, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(map(sql.Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
