"""Local servers for tests: PostgreSQL, Kafka, Redis and Ceph from local binaries."""
