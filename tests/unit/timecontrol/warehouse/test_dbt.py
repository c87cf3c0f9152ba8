"""What dbt says becomes one of two errors: a server that is away is waited for, anything else is a fault of a model."""

import pytest

from timecontrol.contracts.errors import Transient
from timecontrol.warehouse.dbt import ModelsFailed, failure, models_sha256


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("fct_workdays: terminating connection due to administrator command", Transient),
        ("int_punches: Database Error\n  server closed the connection unexpectedly", Transient),
        ("Could not connect to server", Transient),
        ("FATAL:  the database system is starting up", Transient),
        ('fct_workdays: column "x" does not exist', ModelsFailed),
        ("base_pay_equals_paid_time: Got 1 result, configured to fail if != 0", ModelsFailed),
    ],
)
def test_an_outage_is_no_fault_of_a_model(message: str, error: type[Exception]) -> None:
    assert type(failure(message)) is error


def test_the_models_have_one_hash() -> None:
    assert len(models_sha256()) == 64
    assert models_sha256() == models_sha256()
