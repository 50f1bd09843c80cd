"""The pages' sentences are those that the server can speak (R-LIV-16)."""

from pathlib import Path

from bootstrap import sentence_files
from bootstrap.cli.serve import WEB


def test_the_pages_say_what_the_catalogue_does() -> None:
    """R-LIV-16: `make schema` writes it."""
    assert sentence_files.check(WEB) == []


def test_a_missing_or_stale_file_is_named(tmp_path: Path) -> None:
    (tmp_path / sentence_files.FILE).parent.mkdir(parents=True)
    assert sentence_files.check(tmp_path) == [sentence_files.FILE]
    sentence_files.write(tmp_path)
    assert sentence_files.check(tmp_path) == []
    (tmp_path / sentence_files.FILE).write_text("", encoding="utf-8")
    assert sentence_files.check(tmp_path) == [sentence_files.FILE]
