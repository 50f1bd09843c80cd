from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.application.users.users_fixture import UsersFixture
from tests.application.users.users_fixture import users as opened


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with opened(tmp_path) as built:
        yield built
