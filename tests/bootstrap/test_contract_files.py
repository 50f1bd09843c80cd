"""The committed worker contract matches the code, and field numbers keep their meaning."""

from pathlib import Path

import pytest

from api import schemas
from bootstrap import contract_files

FOLDER = Path(schemas.__file__).parent


def test_the_committed_contract_is_that_of_the_code() -> None:
    """C-54. `make schema` writes it."""
    assert contract_files.check(FOLDER) == []


def test_field_numbers_of_the_committed_contract_are_unchanged() -> None:
    """C-54."""
    assert (
        contract_files.changed_numbers(FOLDER, contract_files.documents()[contract_files.PROTO])
        == []
    )


def test_a_missing_or_stale_file_is_named(tmp_path: Path) -> None:
    assert contract_files.check(tmp_path) == list(contract_files.documents())
    contract_files.write(tmp_path)
    assert contract_files.check(tmp_path) == []
    (tmp_path / contract_files.PROTO).write_text("", encoding="utf-8")
    assert contract_files.check(tmp_path) == [contract_files.PROTO]


def test_a_contract_whose_numbers_moved_is_not_written(tmp_path: Path) -> None:
    """C-54: who renumbers a field finds out before anybody else does."""
    contract_files.write(tmp_path)
    path = tmp_path / contract_files.PROTO
    older = path.read_text(encoding="utf-8").replace("tenant_id = 1;", "tenant = 1;", 1)
    path.write_text(older, encoding="utf-8")
    with pytest.raises(
        contract_files.BreakingChange, match="number 1 of LiveKey was string tenant"
    ):
        contract_files.write(tmp_path)
    assert path.read_text(encoding="utf-8") == older
