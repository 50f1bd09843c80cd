"""Container deployment: files for Docker images, and a smoke test of the result."""
