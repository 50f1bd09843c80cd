"""Pytest plug-in: passwords are hashed at the lowest cost, unless a test requests the real one.

Hashing took a third of the processor time of the tests with accounts. Servers in processes of their
own hash at the real cost.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from adapters.users.hashing import Cost
from adapters.users.passwords import Argon2Passwords

REAL_COST: Final = Argon2Passwords.cost
LOWEST_COST: Final = Cost(memory_cost=8, time_cost=1, parallelism=1)


def pytest_configure() -> None:
    """Lower the cost of all hashes in this process."""
    Argon2Passwords.cost = LOWEST_COST


@pytest.fixture(scope="module")
def real_password_cost() -> Iterator[None]:
    """Hash passwords as users' servers do, for the tests of a file."""
    Argon2Passwords.cost = REAL_COST
    yield
    Argon2Passwords.cost = LOWEST_COST
