"""Data folders with empty tables, for tests of new platforms."""

import atexit
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from bootstrap.platform import open_platform
from bootstrap.settings import Settings

LOG = "log.sqlite3"


def prepared(home: Path) -> Path:
    """Fill a new data folder with empty tables, and return it; one with tables stays as it is.

    Creating the tables takes longer than most tests, so this copies what the product made once in
    this process. `tests/bootstrap/test_data_folder.py` has the folders that the product makes.
    """
    if not (home / LOG).exists():
        copytree(_empty_tables(), home, dirs_exist_ok=True)
    return home


@cache
def _empty_tables() -> Path:
    home = Path(mkdtemp(prefix="kinelog-tables-"))
    atexit.register(rmtree, home, ignore_errors=True)
    with open_platform(Settings(home=home, cache=home, postgres_url=None, kafka=None)):
        pass
    return home
