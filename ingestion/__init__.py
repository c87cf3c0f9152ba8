"""Sources of punches and of HR changes to Kafka, and from there to the stores."""
