"""Comments of trainers on a session, by given, when and then."""

from datetime import UTC, datetime

import pytest

from domain.comments import commands, events
from domain.comments.comments import COMMENTS
from domain.comments.events import Place
from domain.ids import UserId
from domain.personal import Personal
from domain.values import InvalidValue
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA, COACH, RIVAL = map(UserId, ("ada", "coach", "rival"))
MOMENT, REPETITION = Place(at_ms=4200), Place(set=1, repetition=3)
given = specification(COMMENTS)


def write(
    key: str = "c1", place: Place = MOMENT, text: str = "Heels down."
) -> commands.WriteComment:
    return commands.WriteComment(
        comment_id=key, athlete_id=ADA, trainer_id=COACH, place=place, text=text, at=AT
    )


def written(key: str = "c1", place: Place = MOMENT) -> events.CommentWritten:
    return events.CommentWritten(
        comment_id=key,
        athlete_id=ADA,
        trainer_id=COACH,
        place=place,
        text=Personal(ADA, "Heels down."),
        at=AT,
    )


def delete(author: UserId = COACH) -> commands.DeleteComment:
    return commands.DeleteComment(comment_id="c1", trainer_id=author, at=AT)


DELETED = events.CommentDeleted(comment_id="c1", at=AT)


def test_trainers_comment_on_repetitions_and_moments() -> None:
    given().when(write()).then(written())
    given(written()).when(write()).then_nothing()
    given(written()).when(write("c2", REPETITION)).then(written("c2", REPETITION))


def test_only_the_author_deletes_a_comment() -> None:
    given(written()).when(delete(RIVAL)).then_rejected(commands.CommentNotFound)
    given(written()).when(delete(ADA)).then_rejected(commands.CommentNotFound)
    given(written()).when(delete()).then(DELETED)
    given(written(), DELETED).when(delete()).then_rejected(commands.CommentNotFound)


def test_the_number_of_comments_is_limited() -> None:
    many = [written(f"c{each}") for each in range(commands.MAX_COMMENTS)]
    given(*many).when(write("one-more")).then_rejected(commands.TooManyComments)


@pytest.mark.parametrize(
    "place",
    [
        Place(), Place(set=1), Place(repetition=1), Place(set=0, repetition=1),
        Place(set=1, repetition=0), Place(at_ms=-1), Place(at_ms=commands.MAX_MS + 1),
    ],
)  # fmt: skip
def test_a_comment_has_a_place(place: Place) -> None:
    with pytest.raises(InvalidValue):
        write(place=place)


@pytest.mark.parametrize("text", ["", " \n", "x" * (commands.MAX_LENGTH + 1)])
def test_a_comment_has_a_text_of_limited_length(text: str) -> None:
    with pytest.raises(InvalidValue):
        write(text=text)
