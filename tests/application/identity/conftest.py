from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.application.identity.house import House
from tests.application.identity.house import house as opened


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path) as built:
        yield built
