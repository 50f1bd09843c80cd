"""PostgreSQL, Kafka and Redis can run from local binaries, each in its own folder and port."""
