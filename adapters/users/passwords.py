"""Password hashing with Argon2id, and rejection of guessable passwords."""

import unicodedata
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any, Final, cast

import zxcvbn  # type: ignore[import-untyped]  # no type stubs; used only here
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from application.users.errors import PasswordLengthWrong, PasswordsBusy, PasswordTooWeak
from application.users.ports import PasswordCheck

MIN_LENGTH, MAX_LENGTH = 8, 128
"""Characters. NIST SP 800-63B-4, 3.1.1.2, requires at least 8, and a maximum of 64 or more."""

MIN_SCORE: Final = 3
"""Of zxcvbn's scores 0 to 4: at least 10^8 guesses, "safely unguessable". Its dictionaries contain
the most common passwords of published breaches."""

MAX_SCORED_LENGTH: Final = 72
"""Characters that zxcvbn scores; it is very slow on longer passwords."""

OWASP: Final = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
"""19 MiB, two rounds, one lane: OWASP Password Storage Cheat Sheet, Argon2id."""


class Argon2Passwords:
    """Implements `Passwords`. Hashes at most `concurrency` at a time, in 19 MiB of memory each.

    Other callers wait for up to `timeout_s` seconds. Thread-safe.
    """

    def __init__(self, *, concurrency: int = 2, timeout_s: float = 5.0) -> None:
        self._hasher = PasswordHash((OWASP,))
        self._slots = BoundedSemaphore(concurrency)
        self._timeout_s = timeout_s
        self._dummy_hash = self._hasher.hash("a dummy password")
        self._scoring = Lock()

    def require_strong(self, password: str, personal_words: Sequence[str]) -> None:
        password = _normal(password)
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise PasswordLengthWrong
        words = [
            word for text in personal_words for word in (text, *text.replace("@", " ").split())
        ]
        with self._scoring:  # zxcvbn keeps the user inputs in a global
            result = cast("Any", zxcvbn).zxcvbn(password[:MAX_SCORED_LENGTH], user_inputs=words)
        if result["score"] < MIN_SCORE:
            raise PasswordTooWeak(_explain(result["feedback"]))

    def hash(self, password: str) -> str:
        with self._slot():
            return self._hasher.hash(_normal(password))

    def check(self, password: str, stored: str | None) -> PasswordCheck:
        if len(password) > MAX_LENGTH:
            password = ""  # matches no account, and makes a megabyte as cheap as any other
        against = self._dummy_hash if stored is None else stored
        try:
            with self._slot():
                matches, renewed = self._hasher.verify_and_update(_normal(password), against)
        except UnknownHashError:
            return PasswordCheck(matches=False)
        if stored is None:
            return PasswordCheck(matches=False)
        return PasswordCheck(matches, renewed)

    @contextmanager
    def _slot(self) -> Generator[None]:
        if not self._slots.acquire(timeout=self._timeout_s):
            raise PasswordsBusy
        try:
            yield
        finally:
            self._slots.release()


def _explain(feedback: Mapping[str, Any]) -> str | None:
    """Return zxcvbn's warning and suggestions, or None without any."""
    sentences = (feedback["warning"], *feedback["suggestions"])
    return " ".join(f"{each.rstrip('.')}." for each in sentences if each) or None


def _normal(password: str) -> str:
    """Normalize the composition of characters: NIST SP 800-63B-4, 3.1.1.2."""
    return unicodedata.normalize("NFKC", password)
