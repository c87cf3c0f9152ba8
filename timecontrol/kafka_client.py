"""Connection settings of a principal of Kafka, for any client of confluent-kafka."""

from timecontrol.settings import KafkaUser, Settings

# Room for a row of the legacy database with a large document in it; `max.message.bytes` of the topics is no
# less. The client's own limit is 1,000,000, headers included.
MAX_MESSAGE_BYTES = 8_000_000
# Errors only (a level of syslog): the client warns, past our logs, of what it tries again by itself.
LOG_LEVEL = 3


def client_config(settings: Settings, user: KafkaUser) -> dict[str, str | int | float | bool]:
    """Address and credential of a principal; holds the password, so never log it."""
    return {
        "bootstrap.servers": f"{settings.kafka.host}:{settings.kafka.port}",
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": user,
        "sasl.password": settings.secrets.kafka[user].get_secret_value(),
        "client.id": f"timecontrol-{user}",
        "log_level": LOG_LEVEL,
    }
