"""PostgreSQL, Kafka, Redis and Ceph can run from local binaries, each in its own folder."""
