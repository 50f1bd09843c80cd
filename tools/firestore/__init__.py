"""The calls of Firestore (v1, gRPC) that Kinelog uses, on this machine, for tests and trials."""
