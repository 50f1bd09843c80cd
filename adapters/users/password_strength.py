"""Password strength: rejection of passwords that are easy to guess, at a bounded cost."""

from collections.abc import Sequence
from typing import Final

from zxcvbn_rs_py import Feedback, zxcvbn

from adapters.users.work_slots import WorkSlots
from application.users.errors import PasswordTooWeak

MIN_SCORE: Final = 3
"""Of zxcvbn's scores 0 to 4: at least 10^8 guesses, "safely unguessable". Its dictionaries contain
the most common passwords of published breaches."""

MAX_SCORED_LENGTH: Final = 24
"""Characters that are scored: the cost grows with the square of the length, or faster. A password
whose first 24 characters are hard to guess stays so, whatever follows."""

SUBSTITUTES: Final = frozenset("4@8({[<369&#!1|0$5+7%2/")
"""Characters that zxcvbn reads as letters: `4` and `@` as `a`, and so on."""

MAX_SUBSTITUTES: Final = 5
"""Different substitutes in one password that are scored as such. zxcvbn tries all combinations of
their letters, and no common password has that many; the rest count as other symbols."""

OTHER_SYMBOL: Final = "~"

MAX_PERSONAL_WORDS: Final = 16
MAX_PERSONAL_WORD_LENGTH: Final = 100


class PasswordStrength:
    """Scores passwords with zxcvbn. Thread-safe.

    One is scored at a time, for at most some milliseconds, and eight wait for a second at most.
    """

    def __init__(self, slots: WorkSlots | None = None) -> None:
        self.slots = slots or WorkSlots(concurrency=1, waiting=8, timeout_s=1.0)

    def require(self, password: str, personal_words: Sequence[str]) -> None:
        """Raise PasswordTooWeak or PasswordsBusy, unless the password is hard to guess."""
        with self.slots.slot():
            result = zxcvbn(bounded(password), _split(personal_words))
        if int(result.score) < MIN_SCORE:
            raise PasswordTooWeak(_explain(result.feedback))


def bounded(password: str) -> str:
    """Return the part of a password that is scored, so that none is costly."""
    scored = password[:MAX_SCORED_LENGTH]
    substitutes = dict.fromkeys(each for each in scored if each in SUBSTITUTES)
    others = set(list(substitutes)[MAX_SUBSTITUTES:])
    return "".join(OTHER_SYMBOL if each in others else each for each in scored)


def _split(texts: Sequence[str]) -> list[str]:
    """Return personal texts and their words, such as the parts of an address."""
    words = [word for text in texts for word in (text, *text.replace("@", " ").split())]
    return [word[:MAX_PERSONAL_WORD_LENGTH] for word in words[:MAX_PERSONAL_WORDS]]


def _explain(feedback: Feedback | None) -> str | None:
    """Return zxcvbn's warning and suggestions, or None without any."""
    if feedback is None:
        return None
    sentences = [feedback.warning, *feedback.suggestions]
    return " ".join(f"{str(each).rstrip('.')}." for each in sentences if each is not None) or None
