"""The pages' sentences are those that the server can speak (R-LIV-16)."""

from pathlib import Path

from bootstrap import sentence_files
from bootstrap.pages import SOURCES as WEB


def test_the_pages_say_what_the_catalogue_does() -> None:
    """R-LIV-16: `make schema` writes it."""
    assert sentence_files.check(WEB) == []


def test_a_missing_or_stale_file_is_named(tmp_path: Path) -> None:
    names = list(sentence_files.documents())
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    assert sentence_files.check(tmp_path) == names
    sentence_files.write(tmp_path)
    assert sentence_files.check(tmp_path) == []
    (tmp_path / names[0]).write_text("", encoding="utf-8")
    assert sentence_files.check(tmp_path) == names[:1]


def test_a_cue_is_found_by_its_english_sentence() -> None:
    assert (
        sentence_files.id_of("That's better. Keep it there.") == "said-that-s-better-keep-it-there"
    )
