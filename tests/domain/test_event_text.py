"""Texts of events that are not encrypted: each is checked, wherever it is in the event."""

import pytest

from domain.event_text import MAX_TEXTS, TextNotAllowed, check_text
from domain.kernel import event, value

ADDRESS = "ada@example.org"


@value
class Seen:
    fault: str
    checks: tuple[str, ...] = ()


@event("texts.written")
class TextsWritten:
    fault: str = "knees_in"
    exercise_id: str | None = None
    faults: tuple[str, ...] | None = None
    seen: Seen | None = None
    judgements: tuple[Seen, ...] = ()
    sides: tuple[tuple[Seen, ...], ...] = ()


ALLOWED = (
    TextsWritten(),
    TextsWritten(faults=("a",) * MAX_TEXTS),
    TextsWritten(seen=Seen("a"), judgements=(Seen("b", ("c",)),) * (MAX_TEXTS + 1)),
)

FORBIDDEN = (
    TextsWritten(fault=ADDRESS),
    TextsWritten(exercise_id=ADDRESS),
    TextsWritten(faults=("a", ADDRESS)),
    TextsWritten(faults=("a",) * (MAX_TEXTS + 1)),
    TextsWritten(seen=Seen(ADDRESS)),
    TextsWritten(seen=Seen("a", ("b", ADDRESS))),
    TextsWritten(judgements=(Seen("a"), Seen(ADDRESS))),
    TextsWritten(judgements=(Seen("a"), Seen("a", (ADDRESS,)))),
    TextsWritten(judgements=(Seen("a", ("b",) * (MAX_TEXTS + 1)),)),
    TextsWritten(sides=((Seen("a"),), (Seen("a"), Seen(ADDRESS)))),
)


@pytest.mark.parametrize("allowed", ALLOWED)
def test_texts_of_their_format_are_allowed(allowed: TextsWritten) -> None:
    """R-TEN-12"""
    check_text(allowed)


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_a_text_of_another_form_is_found_anywhere(forbidden: TextsWritten) -> None:
    """R-TEN-12"""
    with pytest.raises(TextNotAllowed):
        check_text(forbidden)
