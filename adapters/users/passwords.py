"""Passwords are hashed with Argon2id, and those that can be guessed are not taken."""

import unicodedata
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any, Final, cast

import zxcvbn  # type: ignore[import-untyped]  # without type stubs; this is its only reader
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from application.users.errors import PasswordLengthWrong, PasswordsBusy, PasswordTooWeak
from application.users.ports import PasswordCheck

SHORTEST, LONGEST = 8, 128
"""Characters: NIST SP 800-63B-4, 3.1.1.2, wants at least 8 and no less than 64 allowed."""

STRONG_ENOUGH: Final = 3
"""Of zxcvbn's scores 0 to 4: at least 10^8 guesses, "safely unguessable". Its dictionaries hold
the passwords that are found most often in published breaches."""

LOOKED_AT: Final = 72
"""Characters that zxcvbn looks at; longer ones take it very long."""

OWASP: Final = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
"""19 MiB, two rounds, one lane: OWASP Password Storage Cheat Sheet, Argon2id."""


class Argon2Passwords:
    """`Passwords`. At most `at_once` are hashed at the same time, each in 19 MiB of memory.

    Whoever comes then waits at most `patience_s` seconds. Any thread may ask.
    """

    def __init__(self, *, at_once: int = 2, patience_s: float = 5.0) -> None:
        self._hasher = PasswordHash((OWASP,))
        self._places = BoundedSemaphore(at_once)
        self._patience_s = patience_s
        self._nobodys = self._hasher.hash("nobody's password")
        self._judging = Lock()

    def require_strong(self, password: str, about: Sequence[str]) -> None:
        password = _normal(password)
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordLengthWrong
        words = [word for text in about for word in (text, *text.replace("@", " ").split())]
        with self._judging:  # zxcvbn keeps the words of whoever asks in a module
            judged = cast("Any", zxcvbn).zxcvbn(password[:LOOKED_AT], user_inputs=words)
        if judged["score"] < STRONG_ENOUGH:
            raise PasswordTooWeak(_told(judged["feedback"]))

    def hash(self, password: str) -> str:
        with self._place():
            return self._hasher.hash(_normal(password))

    def check(self, password: str, stored: str | None) -> PasswordCheck:
        if len(password) > LONGEST:
            password = ""  # nobody's, and no work for whoever sends a megabyte
        against = self._nobodys if stored is None else stored
        try:
            with self._place():
                fits, renewed = self._hasher.verify_and_update(_normal(password), against)
        except UnknownHashError:
            return PasswordCheck(fits=False)
        if stored is None:
            return PasswordCheck(fits=False)
        return PasswordCheck(fits, renewed)

    @contextmanager
    def _place(self) -> Generator[None]:
        if not self._places.acquire(timeout=self._patience_s):
            raise PasswordsBusy
        try:
            yield
        finally:
            self._places.release()


def _told(feedback: Mapping[str, Any]) -> str | None:
    """Join what zxcvbn says of a password and advises; None where it says nothing."""
    sentences = (feedback["warning"], *feedback["suggestions"])
    return " ".join(f"{each.rstrip('.')}." for each in sentences if each) or None


def _normal(password: str) -> str:
    """Give the same characters however a keyboard composes them: NIST SP 800-63B-4, 3.1.1.2."""
    return unicodedata.normalize("NFKC", password)
