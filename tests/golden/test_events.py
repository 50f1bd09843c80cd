from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from adapters.event_log.codec import EVENT_UNIONS
from application.caller import NEW_ID_PATTERN
from domain.event_text import FORMATS, ID, TextNotAllowed, text_fields
from domain.ids import ExerciseId
from domain.personal import NOBODY, Personal
from domain.programs.content import days_of
from domain.sessions.events import RepetitionRejected, SetStarted
from domain.values import CountedBy, Span
from tests.golden import guidance_examples
from tests.golden.examples import CODEC, EXAMPLES, FOLDER, ORIGINATOR, golden_path
from tests.golden.health_examples import ADA

EVENTS = [event for union in EVENT_UNIONS for event in get_args(union)]
STORED = sorted(FOLDER.glob("*.json"))


def declared_by(path: Path) -> tuple[str, int]:
    name, _, version = path.stem.rpartition(".v")
    return name, int(version)


def test_every_event_has_a_golden_file_and_an_example() -> None:
    """R-EVT-14"""
    examples = [(example.event_name, example.schema_version) for example in EXAMPLES]
    without = CODEC.declared - {*examples}
    assert not without, f"No example of {sorted(without)}: add one to tests/golden/examples.py."
    assert sorted(examples) == sorted(CODEC.declared), "An example is there twice, or too old."
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
    "name",
    [
        "user.created",
        "user.email_verified",
        "workout.completed",
        "reps.reconciled",
        "health_metric.synced",
        "content.uploaded",
        "content.ready",
    ],
)
def test_public_names_are_unchanged(name: str) -> None:
    """R-EVT-01, R-WKT-09, R-HLT-08, C-02: exact names."""
    assert name in {declared for declared, _ in CODEC.declared}


def test_fields_added_later_are_empty_in_old_events() -> None:
    """C-49: older counts name no trained counter, and older judgments no unjudged fault."""
    for name in ("session.set_started", "reps.reconciled"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).counted_by.learned is None
    for name in ("session.repetition_counted", "session.hold_measured"):
        assert CODEC.decode(name, 1, golden_path(name, 1).read_bytes()).unjudged is None


def test_sessions_stored_before_what_was_measured_have_none() -> None:
    """R-EVT-14, C-16"""
    for name, version in (
        ("workout.completed", 3),
        ("session.deleted", 2),
        ("session.restored", 2),
        ("session.exercise_performed", 2),
    ):
        read = CODEC.decode(name, version, golden_path(name, version).read_bytes(), ORIGINATOR)
        if name == "session.exercise_performed":
            assert {each.form_measured for each in read.sets} == {None}
        else:
            completed = read if name == "workout.completed" else read.trained
            assert completed.form_measured is None, name


def test_exercises_stored_before_targets_of_exertion_have_none() -> None:
    """R-EVT-14, R-WKT-02"""
    for name, version in (
        ("workout.prescribed", 4),
        ("workout.revised", 4),
        ("assignment.assigned", 2),
        ("assignment.adjusted", 2),
        ("session.prescription_taken", 2),
        ("program.created", 2),
        ("program.revised", 1),
    ):
        read = CODEC.decode(name, version, golden_path(name, version).read_bytes(), ORIGINATOR)
        if name.startswith("program"):
            lines = [each for day in days_of(read.weeks) for each in day.exercises]
        else:
            lines = read.lines if name.startswith("session") else read.exercises
        assert {each.target_rpe for each in lines} == {None}, name


def test_exercises_stored_before_notes_have_none() -> None:
    """R-EVT-14, R-WKT-02"""
    for name, version in (
        ("workout.prescribed", 5),
        ("workout.revised", 5),
        ("assignment.assigned", 3),
        ("assignment.adjusted", 3),
    ):
        read = CODEC.decode(name, version, golden_path(name, version).read_bytes(), ORIGINATOR)
        assert read.notes is None, name
    for name, version in (("program.created", 3), ("program.revised", 2)):
        read = CODEC.decode(name, version, golden_path(name, version).read_bytes(), ORIGINATOR)
        assert read.about.value.notes == (), name
    noted = golden_path("workout.prescribed", 6).read_bytes()
    assert b"Slowly" not in noted
    assert CODEC.decode("workout.prescribed", 6, noted, ORIGINATOR).notes.value[2] == "Slowly."


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


def test_reasons_of_recommendations_are_encrypted() -> None:
    """R-TEN-09, R-TEN-12: one of them tells that somebody slept less. Older ones stay readable."""
    name = "recommendation.generated"
    reasons = Personal(guidance_examples.ADA, ("neglected_pattern", "not_done_yet"))
    for version in (1, 2, 3):
        payload = golden_path(name, version).read_bytes()
        read = CODEC.decode(name, version, payload, ORIGINATOR)
        assert (read.reasons, len(read.items)) == (reasons, 2)
    assert b"not_done_yet" not in payload


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)
def test_every_text_of_an_event_has_a_format_or_is_personal(event: type) -> None:
    """R-TEN-12, C-24: the log is for ever, so free text in it is limited or encrypted."""
    undeclared = {field.path for field in text_fields(event) if field.name not in FORMATS}
    assert not undeclared, "Declare a format in domain/event_text.py, or make it Personal."


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"which"}))
def test_no_address_can_be_written_into_an_event(name: str) -> None:
    """R-TEN-12, C-24: an erasure could not remove it. Ids are refused where they are chosen."""
    text_format = FORMATS[name]
    if text_format is ID:
        assert not NEW_ID_PATTERN.fullmatch("ada@example.org")
        return
    with pytest.raises(TextNotAllowed):
        text_format.check(name, "ada@example.org")
    with pytest.raises(TextNotAllowed):
        text_format.check(name, "a" * 1000)


def test_an_event_with_a_forbidden_text_is_not_stored() -> None:
    """R-TEN-12, C-49"""
    started = SetStarted(
        set=1,
        exercise_id=ExerciseId("squat"),
        counted_by=CountedBy("device", "ada@example.org", 1),
        target_repetitions=None,
        load_kg=None,
    )
    with pytest.raises(TextNotAllowed, match="model has at most 100 characters"):
        CODEC.encode(started, ORIGINATOR)
    with pytest.raises(TextNotAllowed):
        CODEC.encode(RepetitionRejected(set=1, span=Span(0, 1), reason="x" * 301), ORIGINATOR)


def test_stored_events_with_older_texts_stay_readable() -> None:
    """R-EVT-14: only new events are checked."""
    payload = b'{"set":1,"span":{"start_ms":0,"end_ms":1},"reason":"ada@example.org, of old"}'
    read = CODEC.decode("session.repetition_rejected", 1, payload)
    assert read.reason == "ada@example.org, of old"


def _is_personal(hint: Any) -> bool:
    """Return whether a field is encrypted, perhaps an optional one."""
    kinds = get_args(hint) if type(None) in get_args(hint) else (hint,)
    return all(get_origin(kind) is Personal for kind in kinds if kind is not type(None))


def test_free_text_is_personal_data() -> None:
    """R-TEN-09: a name or text in an event is encrypted, except a tenant's."""
    written = {"name", "description", "title", "text", "note", "notes", "comment", "message"}
    found = {
        (event.event_name, field, _is_personal(hint))
        for union in EVENT_UNIONS
        for event in get_args(union)
        for field, hint in get_type_hints(event).items()
        if field in written
    }
    assert {place[:2] for place in found if not place[2]} == {("tenant.created", "name")}
    assert ("workout.prescribed", "name", True) in found
