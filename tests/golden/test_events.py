from pathlib import Path

import pytest

from tests.golden.examples import CODEC, EXAMPLES, FOLDER, ORIGINATOR, golden_path

STORED = sorted(FOLDER.glob("*.json"))


def declared_by(path: Path) -> tuple[str, int]:
    name, _, version = path.stem.rpartition(".v")
    return name, int(version)


def test_every_event_has_a_golden_file_and_an_example() -> None:
    """R-EVT-14: make a missing file with `python -m scripts.golden`."""
    assert {declared_by(path) for path in STORED} >= CODEC.declared
    examples = [(example.event_name, example.schema_version) for example in EXAMPLES]
    assert sorted(examples) == sorted(CODEC.declared)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_what_was_ever_stored_can_be_read(path: Path) -> None:
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
def test_the_outside_knows_these_names(name: str) -> None:
    """R-EVT-01, R-WKT-09, C-02: exact names."""
    assert name in {declared for declared, _ in CODEC.declared}


def test_what_was_not_told_then_is_not_known_now() -> None:
    """C-49: counts of before name no learned counter, and judges of before no fault unjudged."""
    for name in ("session.set_started", "reps.reconciled"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).counted_by.learned is None
    for name in ("session.repetition_counted", "session.hold_measured"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).unjudged is None
