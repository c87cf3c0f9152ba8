"""The outbox relay: what PostgreSQL transactions announce, produced to Kafka after they committed."""
