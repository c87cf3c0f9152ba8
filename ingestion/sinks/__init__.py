"""From Kafka to the stores: each sink is a consumer group of its own, so that one which is down delays no other."""
