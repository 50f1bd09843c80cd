"""What is said about a person can be forgotten, though the fact that it was said stays."""

from typing import Final, Generic, NoReturn, TypeVar, cast

from domain.ids import UserId
from domain.kernel import value

T = TypeVar("T")


@value
class Erased:
    """Stands where a value was, once the key of the person it is about has been destroyed."""


class Personal(Generic[T]):
    """A value about one person: an e-mail address, a name, a date of birth.

    `subject` is whom it is about, `value` what is said, or `Erased`. Written by hand and no
    dataclass, so that whatever turns dataclasses into text has no way to write it in clear: a log
    needs somebody who seals it. It does not show its value in messages and traces either.
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
"""The subject of words in older facts, which do not tell who wrote them."""


def in_clear(subject: str, content: object) -> dict[str, object]:
    """Write a personal value of an older fact, which was not sealed, as a payload has it."""
    return {"subject": subject, "clear": content}


def words_of(written: Personal[str]) -> str:
    """Read what somebody wrote; nothing where it is not there any more."""
    return "" if isinstance(written.value, Erased) else written.value
