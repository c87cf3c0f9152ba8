"""Who vouches for a record: only the right key over the very bytes gives a producer's right."""

import pytest

from timecontrol.contracts.record import Headers, signed_headers, verified_producer

KEY = b"a signing key"
VALUE = b'{"event_id": "x"}'


def headers_with(name: str, value: bytes) -> Headers:
    """Core's headers for VALUE, one of them replaced."""
    return [(key, value if key == name else old) for key, old in signed_headers("x", "correction", VALUE, "core", KEY)]


def test_our_own_record_is_recognised_by_its_producer() -> None:
    assert verified_producer(signed_headers("x", "correction", VALUE, "core", KEY), VALUE, KEY) == "core"
    assert verified_producer(signed_headers("x", "api", VALUE, "gateway", KEY), VALUE, KEY) == "gateway"


@pytest.mark.parametrize(
    ("headers", "value", "key"),
    [
        ([], VALUE, KEY),
        (headers_with("ce_producer", b"gateway"), VALUE, KEY),
        (headers_with("ce_signature", b"0" * 64), VALUE, KEY),
        (signed_headers("x", "correction", VALUE, "core", KEY), VALUE + b" ", KEY),
        (signed_headers("x", "correction", VALUE, "core", KEY), VALUE, b"another key"),
    ],
)
def test_anything_else_is_a_device(headers: Headers, value: bytes, key: bytes) -> None:
    assert verified_producer(headers, value, key) is None


def test_origin_and_refusal_travel_beside_the_value() -> None:
    headers = dict(signed_headers("x", "file", VALUE, "gateway", KEY, origin="file:ab#7", refused="no such zone"))
    assert headers["ce_origin"] == b"file:ab#7"
    assert headers["ce_refused"] == b"no such zone"
