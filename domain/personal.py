"""Personal data marker: a value that can be erased while its event stays."""

from typing import Final, Generic, NoReturn, TypeVar, cast

from domain.ids import UserId
from domain.kernel import value

T = TypeVar("T")


@value
class Erased:
    """Placeholder of a value whose person's key has been destroyed."""


class Personal(Generic[T]):
    """A value about one person: an e-mail address, a name, a date of birth.

    `subject` is the person, `value` the content or `Erased`. Not a dataclass on purpose: code that
    serializes dataclasses cannot write it in clear: an event log needs a cipher. Its `repr` hides
    it from messages and traces.
    """

    __slots__ = ("subject", "value")
    __match_args__ = ("subject", "value")

    subject: UserId
    value: T | Erased

    def __init__(self, subject: UserId, value: T | Erased) -> None:
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "value", value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} of a personal value does not change")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Personal):
            return NotImplemented
        another = cast("Personal[object]", other)
        return (self.subject, self.value) == (another.subject, another.value)

    def __hash__(self) -> int:
        return hash((self.subject, self.value))

    def __repr__(self) -> str:
        shown = "erased" if isinstance(self.value, Erased) else "…"
        return f"Personal({self.subject}, {shown})"


NOBODY: Final = UserId("")
"""Subject of texts in older events, which do not name their author."""


def in_clear(subject: str, content: object) -> dict[str, object]:
    """Return the payload form of a personal value of an older event, which was not encrypted."""
    return {"subject": subject, "clear": content}


def text_of(text: Personal[str]) -> str:
    """Return the text, or "" if it was erased."""
    return "" if isinstance(text.value, Erased) else text.value
