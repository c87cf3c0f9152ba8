"""Sources: what brings events and rows into Kafka; each has a pure decode and a main."""
