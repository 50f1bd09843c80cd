"""Health checks of a running platform, from outside."""
