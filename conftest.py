"""What every test may ask for."""

pytest_plugins = [
    "tests.plugins.parallel",
    "tests.plugins.services",
    "tests.plugins.object_storage",
]
