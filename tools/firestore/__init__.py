"""Firestore's REST API (v1) on this machine, for tests and trials."""
