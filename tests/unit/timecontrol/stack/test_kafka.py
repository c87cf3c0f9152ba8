"""What the broker is set up with."""

import uuid
from unittest.mock import patch

from timecontrol.stack.servers.kafka import new_cluster_id


def test_no_cluster_id_looks_like_an_option() -> None:
    drawn = [uuid.UUID(bytes=bytes([0xF8]) + bytes(15)), uuid.UUID(bytes=bytes([0x04]) + bytes(15))]
    with patch("timecontrol.stack.servers.kafka.uuid.uuid4", side_effect=drawn):
        assert new_cluster_id() == "B" + "A" * 21
