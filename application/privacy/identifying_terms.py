"""What would tell who somebody was: all that events of their account have ever said about them.

What a person wrote freely, such as the name of a workout, is sealed and goes as well, but is not
looked for: "Push day" tells of nobody, and others write it, too. So it is with pseudonyms, which
somebody else may have had before or may have now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from domain.ids import UserId
from domain.kernel import Recorded, value
from domain.personal import Erased, Personal
from domain.users.events import LeaderboardsJoined


@value
class Term:
    """A text that must be nowhere any more. `kind` says what it was, and is no secret.

    The kind is the event's name and the field's, as in `user.email_changed.email`.
    """

    kind: str
    text: str


def identifying_terms(subject: UserId, history: Iterable[Recorded[Any]]) -> tuple[Term, ...]:
    """Collect what these events say about a person, each text once, in order of first mention.

    Older addresses and names are among them. Nothing comes of what is erased already.
    """
    found: dict[str, Term] = {}
    for recorded in history:
        event = recorded.event
        if isinstance(event, LeaderboardsJoined):
            continue
        for field in fields(event):
            said = getattr(event, field.name)
            if isinstance(said, Personal) and said.subject == subject:
                for text in _texts(said.value):  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # anything may be said
                    found.setdefault(text, Term(f"{event.event_name}.{field.name}", text))
    return tuple(found.values())


def _texts(said: Any) -> Iterator[str]:
    """Give the texts in a value: a text, a date as it is written in JSON, or fields of either."""
    match said:
        case Erased() | None:
            return
        case int() | float():
            return  # a number tells of nobody, and stands in many places
        case str():
            if said.strip():
                yield said
        case date():
            yield said.isoformat()
        case _ if is_dataclass(said):
            for field in fields(said):
                yield from _texts(getattr(said, field.name))
        case _:
            yield str(said)
