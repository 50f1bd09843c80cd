from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.application.users.users_fixture import House
from tests.application.users.users_fixture import house as opened


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path) as built:
        yield built
