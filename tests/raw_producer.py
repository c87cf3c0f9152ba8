"""A producer of records that Python's client cannot write: librdkafka itself, which takes any bytes as a header's name."""

import ctypes
from pathlib import Path

import confluent_kafka

from timecontrol.contracts.punch import TOPIC
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings

# From rdkafka.h: the tags of rd_kafka_producev's arguments, and the flag that lets it copy the payload.
END, IN_TOPIC, VALUE, KEY, FLAGS, HEADER = 0, 1, 4, 5, 7, 9
COPY = 2
PRODUCER = 0
FLUSH_MS = 10_000


def produce_with_header(settings: Settings, value: bytes, key: str, name: bytes, content: bytes) -> None:
    """Produce one record to `punches.v1` as a terminal, with one header; returns when it is acknowledged."""
    [path] = Path(confluent_kafka.__file__).parent.parent.glob("confluent_kafka.libs/librdkafka-*")
    library = ctypes.CDLL(str(path))
    for function in ("rd_kafka_conf_new", "rd_kafka_new"):
        getattr(library, function).restype = ctypes.c_void_p
    configuration = ctypes.c_void_p(library.rd_kafka_conf_new())
    error = ctypes.create_string_buffer(512)
    for option, setting in client_config(settings, "terminal").items():
        done = library.rd_kafka_conf_set(configuration, option.encode(), str(setting).encode(), error, len(error))
        assert done == 0, error.value
    client = ctypes.c_void_p(library.rd_kafka_new(PRODUCER, configuration, error, ctypes.c_size_t(len(error))))
    assert client.value, error.value
    sized = ctypes.c_size_t
    failed = library.rd_kafka_producev(
        *(client, IN_TOPIC, ctypes.c_char_p(TOPIC.encode()), FLAGS, COPY),
        *(KEY, ctypes.c_char_p(key.encode()), sized(len(key)), VALUE, ctypes.c_char_p(value), sized(len(value))),
        *(HEADER, ctypes.c_char_p(name), ctypes.c_char_p(content), ctypes.c_ssize_t(len(content)), END),
    )
    assert failed == 0
    assert library.rd_kafka_flush(client, FLUSH_MS) == 0
    library.rd_kafka_destroy(client)
