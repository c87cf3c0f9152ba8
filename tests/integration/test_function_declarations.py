"""What the functions of the models say of themselves is true."""

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.serving.compute import run
from timecontrol.warehouse.pools import connect

CATCHING = """
select proname, proparallel::text
from pg_proc inner join pg_namespace on pg_namespace.oid = pronamespace
where nspname = 'intermediate' and prosrc ~ 'exception\\s+when'
order by proname
"""


def test_functions_that_catch_errors_are_not_parallel_safe(stack: RunningStack) -> None:
    """A subtransaction cannot begin in a parallel plan, which only large tables get: a large company's run would fail."""
    settings = stack.require("postgres")
    Inputs(settings).empty()
    run(settings, reason="test")
    with connect(settings, "transform") as connection:
        found = dict(connection.execute(CATCHING).fetchall())
    assert {"known_zone", "json_of_text", "sound_breaks"} <= set(found)
    assert set(found.values()) == {"u"}
