"""The flusher: entries of the Write Redis stream to Kafka, and out of the stream once PostgreSQL has committed them."""
