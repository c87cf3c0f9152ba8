"""What the broker holds: its topics, and who may read and write them."""
