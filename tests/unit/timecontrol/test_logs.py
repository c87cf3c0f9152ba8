"""Logs of a process, and of the next one that the same interpreter plays."""

import json

import pytest
import structlog

from timecontrol.logs import configure_logs

log = structlog.get_logger()


@pytest.mark.parametrize("service", ["first", "second"])
def test_a_line_goes_to_the_standard_error_of_its_process(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(service)
    log.info("started", rows=3)
    line = json.loads(capsys.readouterr().err)
    assert (line["service"], line["event"], line["level"], line["rows"]) == (service, "started", "info", 3)


def test_no_test_writes_into_the_logs_of_another() -> None:
    log.info("started")
    assert not structlog.is_configured()
