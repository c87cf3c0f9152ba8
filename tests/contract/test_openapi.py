"""The User API as its clients know it: nothing they send or get is removed, changed or newly demanded."""

from pathlib import Path

from tests.contract.openapi import contract_lines

SNAPSHOT = Path(__file__).parent / "golden/openapi.txt"
RENEW = "Where it is meant, say so to the clients and write the snapshot anew: python -m tests.contract.openapi"


def test_nothing_that_clients_rely_on_was_removed_or_changed() -> None:
    missing = set(SNAPSHOT.read_text(encoding="utf-8").splitlines()) - set(contract_lines())
    assert not missing, f"{RENEW}\n" + "\n".join(sorted(missing))


def test_nothing_new_is_demanded_of_clients() -> None:
    known = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    # A new operation, or a new schema, may demand what it likes: nobody uses it yet.
    operations = tuple(f"in {line} " for line in known if not line.startswith(("in ", "out ")))
    schemas = tuple({line.partition(".")[0] + "." for line in known if line.startswith("in ") and "." in line})
    demanded = [
        line
        for line in sorted(set(contract_lines()) - set(known))
        if line.endswith(", required") and line.startswith(operations + schemas)
    ]
    assert not demanded, f"{RENEW}\n" + "\n".join(demanded)
