"""Plug-ins and settings of all tests."""

from hypothesis import settings

pytest_plugins = [
    "tests.plugins.memory_folder",
    "tests.plugins.parallel",
    "tests.plugins.passwords",
    "tests.plugins.process_state",
    "tests.plugins.services",
    "tests.plugins.object_storage",
]

settings.register_profile("kinelog", deadline=None)  # tests do not assert durations
settings.load_profile("kinelog")
