"""Notes to the exercises of a workout: free text, so events have it encrypted for a person."""

from collections.abc import Sequence
from typing import Final

from domain.ids import UserId
from domain.personal import Erased, Personal
from domain.values import within

MAX_NOTE_LENGTH: Final = 500
"""Characters of the note to one exercise."""

Notes = Personal[tuple[str, ...]] | None
"""One note for each exercise, "" for none. None: no exercise has one."""


def check_notes(notes: tuple[str, ...], exercises: Sequence[object]) -> None:
    """Check the notes of a command: none at all, or one for each exercise. Raises InvalidValue."""
    if notes:
        within("number of notes", len(notes), len(exercises), len(exercises))
    for note in notes:
        within("length of the note to an exercise", len(note), 0, MAX_NOTE_LENGTH)


def to_personal(subject: UserId, notes: tuple[str, ...]) -> Notes:
    """Return the notes for an event, to be encrypted with the key of `subject`."""
    return Personal(subject, notes) if any(notes) else None


def texts_of(notes: Notes) -> tuple[str, ...]:
    """Return one text for each exercise, or nothing if there are none or they were erased."""
    return () if notes is None or isinstance(notes.value, Erased) else notes.value
