"""Plug-ins and settings of all tests."""

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.plugins.compiled_statements",
    "tests.plugins.kafka_sockets",
    "tests.plugins.memory_folder",
    "tests.plugins.parallel",
    "tests.plugins.passwords",
    "tests.plugins.plain_logs",
    "tests.plugins.process_state",
    "tests.plugins.services",
    "tests.plugins.object_storage",
    "tests.plugins.time_limit",
    "tests.plugins.tls_contexts",
]

# Tests do not assert durations, and a change is tested with the same examples in each run.
settings.register_profile(
    "kinelog", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("kinelog"), derandomize=False)
# For `make check`: a quarter of the usual examples.
settings.register_profile("quick", settings.get_profile("kinelog"), max_examples=25)
settings.load_profile("kinelog")
