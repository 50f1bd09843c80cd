from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest

from adapters.event_log.codec import EVENT_UNIONS
from domain.personal import NOBODY, Personal
from tests.golden.examples import ADA, CODEC, EXAMPLES, FOLDER, ORIGINATOR, golden_path

STORED = sorted(FOLDER.glob("*.json"))


def declared_by(path: Path) -> tuple[str, int]:
    name, _, version = path.stem.rpartition(".v")
    return name, int(version)


def test_every_event_has_a_golden_file_and_an_example() -> None:
    """R-EVT-14"""
    examples = [(example.event_name, example.schema_version) for example in EXAMPLES]
    assert sorted(examples) == sorted(CODEC.declared), "Complete tests/golden/examples.py."
    missing = CODEC.declared - {declared_by(path) for path in STORED}
    assert not missing, f"No golden file of {sorted(missing)}: run `make golden`."


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_event_version_can_be_read(path: Path) -> None:
    """R-EVT-14"""
    name, version = declared_by(path)
    assert CODEC.decode(name, version, path.read_bytes(), ORIGINATOR).event_name == name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.event_name)
def test_an_event_is_written_and_read_as_ever(example: object) -> None:
    """R-EVT-14: a payload changes shape only with its version; golden files are never edited."""
    name, version = example.event_name, example.schema_version  # type: ignore[attr-defined]
    golden = golden_path(name, version).read_bytes()
    assert CODEC.decode(name, version, golden, ORIGINATOR) == example
    assert CODEC.encode(example, ORIGINATOR) == golden


@pytest.mark.parametrize(
    "name", ["user.created", "user.email_verified", "workout.completed", "reps.reconciled"]
)
def test_public_names_are_unchanged(name: str) -> None:
    """R-EVT-01, R-WKT-09, C-02: exact names."""
    assert name in {declared for declared, _ in CODEC.declared}


def test_fields_added_later_are_empty_in_old_events() -> None:
    """C-49: older counts name no trained counter, and older judgments no unjudged fault."""
    for name in ("session.set_started", "reps.reconciled"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).counted_by.learned is None
    for name in ("session.repetition_counted", "session.hold_measured"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).unjudged is None


def test_texts_stored_before_encryption_are_still_readable() -> None:
    """R-TEN-09: they belong to their author if the old event names one."""
    for name, whose, words in (
        ("recording.started", ADA, "Squats"),
        ("recording.described", NOBODY, "Squats"),
        ("workout.prescribed", ADA, "Legs"),
        ("workout.revised", NOBODY, "Legs and core"),
    ):
        payload = golden_path(name, 1).read_bytes()
        assert CODEC.decode(name, 1, payload, ORIGINATOR).name == Personal(whose, words)
        assert words.encode() not in golden_path(name, 2).read_bytes()


def test_free_text_is_personal_data() -> None:
    """R-TEN-09: a name or text in an event is encrypted, except a tenant's."""
    written = {"name", "description", "title", "text", "note", "notes", "comment", "message"}
    found = {
        (event.event_name, field, get_origin(hint) is Personal)
        for union in EVENT_UNIONS
        for event in get_args(union)
        for field, hint in get_type_hints(event).items()
        if field in written
    }
    assert {place[:2] for place in found if not place[2]} == {("tenant.created", "name")}
    assert ("workout.prescribed", "name", True) in found
