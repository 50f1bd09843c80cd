"""Password hashing with Argon2id, and rejection of guessable passwords."""

import os
import unicodedata
from collections.abc import Sequence
from typing import ClassVar, Final

from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.users.hashing import PROCESSES, Cost
from adapters.users.password_strength import PasswordStrength
from adapters.users.work_slots import WorkSlots
from application.users.errors import PasswordLengthWrong
from application.users.ports import PasswordCheck
from domain.users.identities import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH

OWASP: Final = Cost(memory_cost=19 * 1024, time_cost=2, parallelism=1)
"""19 MiB, two rounds, one lane: OWASP Password Storage Cheat Sheet, Argon2id."""

CONCURRENCY: Final = max(1, min(2, (os.cpu_count() or 1) // 2))


class Argon2Passwords:
    """Implements `Passwords`. Hashes at most `concurrency` at a time, in 19 MiB of memory each.

    Child processes of a low priority do it; by default, they leave half of the cores to requests
    (ADR 38). At most `waiting` other callers wait for up to `timeout_s` seconds. Thread-safe.
    """

    cost: ClassVar[Cost] = OWASP

    def __init__(
        self, *, concurrency: int = CONCURRENCY, waiting: int = 16, timeout_s: float = 5.0
    ) -> None:
        self.slots = WorkSlots(concurrency=concurrency, waiting=waiting, timeout_s=timeout_s)
        self._dummy_hash = Argon2Hasher(**vars(self.cost)).hash("a dummy password")
        self.strength = PasswordStrength()

    def require_strong(self, password: str, personal_words: Sequence[str]) -> None:
        password = _normal(password)
        if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
            raise PasswordLengthWrong
        self.strength.require(password, personal_words)

    def hash(self, password: str) -> str:
        with self.slots.slot():
            return PROCESSES.hash(_normal(password), self.cost)

    def check(self, password: str, stored: str | None) -> PasswordCheck:
        if len(password) > MAX_PASSWORD_LENGTH:
            password = ""  # matches no account, and makes a megabyte as cheap as any other
        against = self._dummy_hash if stored is None else stored
        with self.slots.slot():
            checked = PROCESSES.compare(_normal(password), against, self.cost)
        return PasswordCheck(matches=False) if stored is None else checked


def _normal(password: str) -> str:
    """Normalize the composition of characters: NIST SP 800-63B-4, 3.1.1.2."""
    return unicodedata.normalize("NFKC", password)
