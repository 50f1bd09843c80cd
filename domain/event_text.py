"""Formats of the texts in events that are not encrypted: what may be in the log forever.

An event's text is either personal and encrypted (`Personal`), or has a format here, by the name of
its field. No format admits `@`, so nobody can write an e-mail address into the log. Only ids and
paths do, for ids that were chosen before: new ones are refused where clients choose them.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from types import MappingProxyType, UnionType
from typing import Any, Final, Literal, NewType, Union, cast, get_args, get_origin, get_type_hints

from domain.kernel import Rejected, value
from domain.personal import Personal

MAX_TEXTS: Final = 100
"""Maximum number of texts in one list of an event."""


class TextNotAllowed(Rejected):
    """A text of the request has characters or a length that are not allowed."""

    code = "event.text_not_allowed"
    kind = "invalid"


@value
class TextFormat:
    """A format; `rule` completes the sentence "The text has …"."""

    pattern: re.Pattern[str]
    rule: str

    def check(self, field: str, text: str) -> None:
        """Raise TextNotAllowed for a text of another form."""
        if not self.pattern.fullmatch(text):
            raise TextNotAllowed(f"{field} has {self.rule}.")


ID: Final = TextFormat(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}|"),
    "1 to 128 characters: a letter or digit, then letters, digits and any of `_.:-`",
)
KEY: Final = TextFormat(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
    "1 to 64 characters: a letter or digit, then letters, digits and any of `_.-`",
)
MODEL: Final = TextFormat(
    re.compile(r"[A-Za-z0-9 _.,:+/()-]{0,100}"),
    "at most 100 characters: letters, digits, spaces and any of `_.,:+/()-`",
)
SENTENCE: Final = TextFormat(
    re.compile(r"[^@\x00-\x1f]{0,300}"),
    "at most 300 characters, no `@` and no control characters",
)
NAME: Final = TextFormat(
    re.compile(r"[^@\x00-\x1f]{1,200}"), "1 to 200 characters, without `@` and control characters"
)
LOCALE: Final = TextFormat(
    re.compile(r"[A-Za-z0-9_+/-]{1,64}"), "1 to 64 letters, digits and any of `_+/-`"
)
DIGEST: Final = TextFormat(
    re.compile(r"[A-Za-z0-9:+/=_-]{1,128}"), "1 to 128 letters, digits and any of `:+/=_-`"
)
MEDIA_TYPE: Final = TextFormat(
    re.compile(r"""[A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+;=",_ -]{1,128}"""), "the form of a media type"
)
DOMAIN: Final = TextFormat(re.compile(r"[a-z0-9.-]{1,253}"), "the form of a domain name")
PATH: Final = TextFormat(re.compile(r"[A-Za-z0-9_.:@%/~-]{1,512}"), "the form of a path")

FORMATS: Final[Mapping[str, TextFormat]] = MappingProxyType(
    {
        "athlete_id": ID,
        "author_id": ID,
        "session_id": ID,
        "replacement_id": ID,
        "user_id": ID,
        "workout_id": ID,
        "export_id": ID,
        "link_id": ID,
        "sign_in_id": ID,
        "plan_id": ID,
        "left_plan_id": ID,
        "trainer_id": ID,
        "payment_id": ID,
        "subscription_id": ID,
        "enrollment_id": ID,
        "coupon_id": ID,
        "invitation_id": ID,
        "comment_id": ID,
        "assignment_id": ID,
        "program_id": ID,
        "content_id": ID,
        "item_id": ID,
        "plans": ID,
        "place": ID,
        "places": ID,
        "freed": ID,
        "workouts": ID,
        "preview": ID,
        "factor_id": KEY,
        "exercise_id": KEY,
        "exercises": KEY,
        "faults": KEY,
        "fault": KEY,
        "unjudged": KEY,
        "checks": KEY,
        "muted": KEY,
        "badge": KEY,
        "family": KEY,
        "measure": KEY,
        "kind": KEY,
        "context": KEY,
        "pattern": KEY,
        "serving": KEY,
        "problem": KEY,
        "provider": KEY,
        "equipment": KEY,
        "specialities": KEY,
        "reference": KEY,
        "dispute": KEY,
        "refund": KEY,
        "customer": KEY,
        "method": KEY,
        "session_key": KEY,
        "version": KEY,
        "finding": KEY,
        "unit": KEY,
        "index": DIGEST,
        "reason": SENTENCE,
        "learned": DIGEST,
        "digest": DIGEST,
        "model": MODEL,
        "cue": SENTENCE,
        "name": NAME,
        "seller": NAME,
        "domains": DOMAIN,
        "time_zone": LOCALE,
        "locale": LOCALE,
        "language": LOCALE,
        "languages": LOCALE,
        "media_type": MEDIA_TYPE,
        "which": PATH,
    }
)
"""By the name of the field, in every event and value."""


@value
class TextField:
    """A text in an event class: the names of the fields that lead to it."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the last field, by which its format is declared."""
        return self.path[-1]


@cache
def text_fields(event_class: type) -> tuple[TextField, ...]:
    """Return the texts of an event class that are neither encrypted nor one of declared values."""
    return tuple(TextField(path) for path in dict.fromkeys(_paths(event_class, ())))


def _paths(hint: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    origin = get_origin(hint)
    if hint is str or isinstance(hint, NewType):
        yield path
    elif origin in {Union, UnionType, tuple}:
        for member in get_args(hint):
            yield from _paths(member, path)
    elif origin is Literal or origin is Personal:
        return
    elif dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        for field in dataclasses.fields(hint):
            yield from _paths(hints[field.name], (*path, field.name))


def check_text(event: object) -> None:
    """Check every text of a new event. Raises TextNotAllowed."""
    event_class: type = type(event)
    for get_content, check in _checks(event_class):
        content = get_content(event)
        if content is not None:
            check(content)


Check = Callable[[object], None]
"""Checks the texts in the content of a field: a text, a value, or a tuple of them."""


@cache
def _checks(event_class: type) -> tuple[tuple[Callable[[object], object], Check], ...]:
    """Return a getter and a check for each text: most are short, and calls cost most."""
    return tuple((attrgetter(field.path[0]), _check(field)) for field in text_fields(event_class))


def _check(field: TextField) -> Check:
    check = _check_of_texts(field.name)
    for name in reversed(field.path[1:]):
        check = _check_of_values(attrgetter(name), check)
    return check


def _check_of_texts(name: str) -> Check:
    text_format = FORMATS.get(name, SENTENCE)

    def check(content: object) -> None:
        if isinstance(content, str):
            text_format.check(name, content)
        elif isinstance(content, tuple):
            members = cast("tuple[object, ...]", content)
            if len(members) > MAX_TEXTS:
                raise TextNotAllowed(f"A list has at most {MAX_TEXTS} texts.")
            for member in members:
                check(member)

    return check


def _check_of_values(get_content: Callable[[object], object], check_content: Check) -> Check:
    def check(content: object) -> None:
        if isinstance(content, tuple):
            for member in cast("tuple[object, ...]", content):
                check(member)
        elif content is not None:
            check_content(get_content(content))

    return check
