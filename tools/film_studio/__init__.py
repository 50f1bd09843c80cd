"""Film studio: renders videos of the sample athlete for tests, benchmarks and `kinelog demo`."""
