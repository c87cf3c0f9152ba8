"""What of a refused record is kept as text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timecontrol.warehouse.quarantine import header_from_json, header_to_json, printable


@given(st.none() | st.binary())
def test_a_header_comes_back_as_it_was(value: bytes | None) -> None:
    stored = json.dumps(header_to_json(value))
    assert "\\u0000" not in stored
    assert header_from_json(json.loads(stored)) == value


@pytest.mark.parametrize("value", [17, {"base64": "*"}, {"other": ""}, ["x"]])
def test_what_no_header_was_stored_as_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not "):
        header_from_json(value)


def test_a_reason_is_cut_and_has_no_control_characters() -> None:
    assert printable("a\x00b\x1b[31m\nc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[31m\nc"
    assert len(printable("f" * 900_000)) == 1000
