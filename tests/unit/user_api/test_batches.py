"""How the body of a batch is taken apart."""

import pytest

from timecontrol.contracts.errors import Rejected
from user_api.routes.punches import MAX_BATCH_PUNCHES, split


def test_each_punch_keeps_its_own_bytes() -> None:
    assert split(b'[ {"a": 1 } , 7,null ]') == [b'{"a": 1 }', b"7", b"null"]
    assert split(b"[]") == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[1", b"\xff", b"[1] 2", b"[" * 100_000])
def test_what_is_no_array_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        split(body)
    assert caught.value.code == "malformed_json"


def test_one_too_many() -> None:
    with pytest.raises(Rejected) as caught:
        split(b"[" + b",".join([b"1"] * (MAX_BATCH_PUNCHES + 1)) + b"]")
    assert caught.value.code == "too_many"
