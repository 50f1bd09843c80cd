"""Passwords are hashed slowly, compared in equal time, and rejected if weak."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.users.hashing import PROCESSES, Cost
from adapters.users.password_strength import bounded
from adapters.users.passwords import Argon2Passwords
from application.users.errors import PasswordLengthWrong, PasswordsBusy, PasswordTooWeak
from application.users.ports import PasswordCheck

STRONG = "three quiet walruses 1871"


@pytest.fixture(scope="module")
def passwords(real_password_cost: None) -> Argon2Passwords:
    return Argon2Passwords()


def test_a_password_fits_its_hash_and_no_other_does(passwords: Argon2Passwords) -> None:
    """R-IDN-04, R-IDN-18"""
    hashed = passwords.hash(STRONG)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert STRONG not in hashed
    assert passwords.hash(STRONG) != hashed
    assert passwords.check(STRONG, hashed) == PasswordCheck(matches=True)
    assert passwords.check(STRONG + "!", hashed) == PasswordCheck(matches=False)


def test_a_hash_of_older_settings_is_renewed(passwords: Argon2Passwords) -> None:
    weak = PasswordHash((Argon2Hasher(memory_cost=1024, time_cost=1, parallelism=1),))
    check = passwords.check(STRONG, weak.hash(STRONG))
    assert check.matches
    assert check.renewed is not None
    assert check.renewed.startswith("$argon2id$v=19$m=19456")
    assert passwords.check("another one", weak.hash(STRONG)) == PasswordCheck(matches=False)


def test_a_user_without_password_is_compared_with_an_equally_slow_hash(
    passwords: Argon2Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: an unknown address costs a whole comparison with the same settings."""
    compared: list[str] = []
    real = PROCESSES.compare

    def counted(password: str, stored: str, cost: Cost) -> PasswordCheck:
        compared.append(stored)
        return real(password, stored, cost)

    monkeypatch.setattr(PROCESSES, "compare", counted)
    assert passwords.check(STRONG, None) == PasswordCheck(matches=False)
    assert passwords.check("a dummy password", None) == PasswordCheck(matches=False)
    assert [hashed[:30] for hashed in compared] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_an_invalid_hash_matches_no_password(passwords: Argon2Passwords) -> None:
    assert passwords.check(STRONG, "swordfish") == PasswordCheck(matches=False)


@pytest.mark.parametrize("length", [0, 7, 129, 5000])
def test_a_password_has_8_to_128_characters(passwords: Argon2Passwords, length: int) -> None:
    password = "uQ4-" * (length // 4) + "uQ4-"[: length % 4]
    with pytest.raises(PasswordLengthWrong):
        passwords.require_strong(password, ())


@pytest.mark.parametrize(
    "password", ["password1", "qwertyuiop", "12345678", "iloveyou2", "aaaaaaaaaaaa", "trustno1!"]
)
def test_a_password_that_was_in_a_breach_or_is_easily_guessed_is_refused(
    passwords: Argon2Passwords, password: str
) -> None:
    with pytest.raises(PasswordTooWeak):
        passwords.require_strong(password, ())


def test_a_password_made_of_the_persons_own_words_is_refused(passwords: Argon2Passwords) -> None:
    passwords.require_strong("zbigniewkowalczyk", ())
    with pytest.raises(PasswordTooWeak):
        passwords.require_strong("zbigniewkowalczyk", ("ada@example.org", "Zbigniewkowalczyk"))


@pytest.mark.parametrize("password", [STRONG, "x" + STRONG * 5, "пингвины любят фортепиано"])
def test_a_long_and_unusual_password_is_taken(passwords: Argon2Passwords, password: str) -> None:
    passwords.require_strong(password, ("ada@example.org",))
    assert passwords.check(password, passwords.hash(password)).matches


def test_a_password_fits_however_a_keyboard_composes_it(passwords: Argon2Passwords) -> None:
    """NIST SP 800-63B: é is one character or two."""
    assert passwords.check("cafe\u0301 noir 1871", passwords.hash("caf\u00e9 noir 1871")).matches


def test_a_megabyte_is_no_work(passwords: Argon2Passwords) -> None:
    hashed = passwords.hash(STRONG)
    assert passwords.check("x" * 2_000_000, hashed) == PasswordCheck(matches=False)


def test_too_many_concurrent_hashes_are_reported() -> None:
    """Memory is bounded: each hash takes 19 MiB."""
    passwords = Argon2Passwords(concurrency=1, timeout_s=0.01)
    with passwords.slots.slot(), pytest.raises(PasswordsBusy):
        passwords.hash(STRONG)
    assert passwords.hash(STRONG)


def test_callers_beyond_the_queue_are_rejected_without_waiting() -> None:
    passwords = Argon2Passwords(concurrency=1, waiting=0, timeout_s=3600)
    with passwords.slots.slot(), pytest.raises(PasswordsBusy):
        passwords.hash(STRONG)
    assert passwords.hash(STRONG)


SUBSTITUTES = "4@8({[<369&#!1|0$5+7%2/"


@given(st.text("aest" + SUBSTITUTES, min_size=8, max_size=128))
@example(SUBSTITUTES * 5)
def test_the_scored_part_of_every_password_is_cheap(password: str) -> None:
    """R-IDN-18: zxcvbn's work grows with the length, and exponentially with the substitutes."""
    scored = bounded(password)
    assert len(scored) <= 24
    assert len(set(scored) & set(SUBSTITUTES)) <= 5
    if len(password) <= 24 and len(set(password) & set(SUBSTITUTES)) <= 5:
        assert scored == password


def test_a_common_password_with_substitutions_is_refused(passwords: Argon2Passwords) -> None:
    for password in ("p4$$w0rd", "b4$k3tb4ll", "!l0v3y0u2"):
        with pytest.raises(PasswordTooWeak):
            passwords.require_strong(password, ())


def test_names_of_one_user_do_not_match_data_of_another(passwords: Argon2Passwords) -> None:
    words = [(), ("zbigniewkowalczyk",)] * 8

    def is_taken(about: tuple[str, ...]) -> bool:
        try:
            passwords.require_strong("zbigniewkowalczyk", about)
        except PasswordTooWeak:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(is_taken, words)) == [True, False] * 8
