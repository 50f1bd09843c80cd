"""Contract of the store of second factors, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.users.passkey_challenges import SqlPasskeyChallenges
from adapters.users.second_factors import SqlSecondFactors
from application.users.factor_ports import Attempts, StoredFactor
from application.users.passkey_ports import Challenge
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.contracts.conftest import AT
from tests.contracts.identity_stores import STORES, at_once, identity_database

ADA, BOB, RED = UserId("ada"), UserId("bob"), TenantId("red")
LIMITS = Attempts(free=2, wait=timedelta(seconds=30), longest=timedelta(minutes=1))


@pytest.fixture(params=STORES)
def factors(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlSecondFactors]:
    with identity_database(request, tmp_path) as database:
        yield SqlSecondFactors(database)


@pytest.fixture(params=STORES)
def challenges(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPasskeyChallenges]:
    with identity_database(request, tmp_path) as database:
        yield SqlPasskeyChallenges(database)


def factor(user_id: UserId = ADA, tenant_id: TenantId = DEFAULT_TENANT) -> StoredFactor:
    return StoredFactor(
        tenant_id=tenant_id, user_id=user_id, id="app", kind="totp", sealed=b"sealed", counter=0,
        added_at=AT,
    )  # fmt: skip


def test_factors_belong_to_their_user_and_tenant(factors: SqlSecondFactors) -> None:
    """R-TEN-03, R-IDN-18."""
    factors.put(factor())
    assert factors.list_all(DEFAULT_TENANT, ADA) == [factor()]
    assert factors.list_all(DEFAULT_TENANT, BOB) == []
    assert factors.list_all(RED, ADA) == []
    factors.remove(RED, ADA, ["app"])
    factors.remove(DEFAULT_TENANT, ADA, ["other"])
    assert factors.list_all(DEFAULT_TENANT, ADA) == [factor()]
    factors.remove(DEFAULT_TENANT, ADA, ["app"])
    assert factors.list_all(DEFAULT_TENANT, ADA) == []


def test_of_concurrent_uses_of_a_time_step_one_succeeds(factors: SqlSecondFactors) -> None:
    """RFC 6238, 5.2."""
    factors.put(factor())
    assert sorted(at_once(6, lambda _: factors.advance(factor(), 7))) == [*[False] * 5, True]
    assert not factors.advance(factor(), 6)
    assert factors.advance(factor(), 8)


def test_only_unused_factors_are_discarded(factors: SqlSecondFactors) -> None:
    """R-IDN-18: a code that was accepted may be about to add the factor."""
    factors.put(factor())
    factors.put(replace(factor(), id="other"))
    assert factors.advance(factor(), 7)
    factors.remove_unused(DEFAULT_TENANT, ADA, ["app", "other"])
    assert [each.id for each in factors.list_all(DEFAULT_TENANT, ADA)] == ["app"]


def test_of_concurrent_uses_of_a_recovery_code_one_succeeds(factors: SqlSecondFactors) -> None:
    """R-IDN-18."""
    factors.replace_codes(DEFAULT_TENANT, ADA, [b"one", b"two"])
    assert not factors.use_code(DEFAULT_TENANT, BOB, b"one")
    used = at_once(6, lambda _: factors.use_code(DEFAULT_TENANT, ADA, b"one"))
    assert sorted(used) == [*[False] * 5, True]
    assert factors.count_codes(DEFAULT_TENANT, ADA) == 1
    factors.replace_codes(DEFAULT_TENANT, ADA, [b"three"])
    assert not factors.use_code(DEFAULT_TENANT, ADA, b"two")


def test_concurrent_attempts_do_not_exceed_the_limit(factors: SqlSecondFactors) -> None:
    """R-IDN-18: an attempt counts before its check."""
    begun = at_once(6, lambda _: factors.begin_attempt(DEFAULT_TENANT, ADA, AT, LIMITS))
    assert sorted(begun) == [*[False] * 4, True, True]
    assert factors.begin_attempt(DEFAULT_TENANT, BOB, AT, LIMITS)
    later = AT + timedelta(seconds=30)
    assert factors.begin_attempt(DEFAULT_TENANT, ADA, later, LIMITS)
    assert not factors.begin_attempt(DEFAULT_TENANT, ADA, later, LIMITS)
    factors.end_attempts(DEFAULT_TENANT, ADA)
    assert factors.begin_attempt(DEFAULT_TENANT, ADA, later, LIMITS)


def passkey(user_id: UserId = ADA, factor_id: str = "key") -> StoredFactor:
    return replace(factor(user_id), id=factor_id, kind="passkey")


def test_a_credential_is_registered_once_in_a_tenant(factors: SqlSecondFactors) -> None:
    """R-IDN-18, R-TEN-03."""
    put = at_once(
        6, lambda number: factors.put_passkey(passkey(factor_id=f"key-{number}"), b"digest")
    )
    assert sorted(put) == [*[False] * 5, True]
    (stored,) = factors.list_all(DEFAULT_TENANT, ADA)
    assert not factors.put_passkey(passkey(BOB), b"digest")
    assert factors.list_all(DEFAULT_TENANT, BOB) == []
    assert factors.find_passkey(DEFAULT_TENANT, b"digest") == stored
    assert factors.find_passkey(DEFAULT_TENANT, b"other") is None
    assert factors.find_passkey(RED, b"digest") is None
    assert factors.put_passkey(replace(passkey(), tenant_id=RED), b"digest")
    factors.remove(DEFAULT_TENANT, ADA, [stored.id])
    assert factors.find_passkey(DEFAULT_TENANT, b"digest") is None
    assert factors.put_passkey(passkey(BOB), b"digest")
    factors.remove_all(DEFAULT_TENANT, BOB)
    assert factors.find_passkey(DEFAULT_TENANT, b"digest") is None
    assert factors.find_passkey(RED, b"digest") is not None


def challenge(digest: bytes, user_id: UserId = ADA, sign_in_id: UUID | None = None) -> Challenge:
    return Challenge(
        tenant_id=DEFAULT_TENANT, digest=digest, purpose="sign_in", user_id=user_id,
        sign_in_id=sign_in_id,
    )  # fmt: skip


def test_of_concurrent_uses_of_a_challenge_one_succeeds(challenges: SqlPasskeyChallenges) -> None:
    """R-IDN-18: for its purpose, user and sign-in, until it expires."""
    sign_in, soon = uuid4(), AT + timedelta(minutes=5)
    mine, anonymous = challenge(b"one", sign_in_id=sign_in), challenge(b"two", UserId(""))
    for each in (mine, anonymous):
        challenges.issue(each, AT, soon)
    for other in (
        replace(mine, user_id=BOB),
        replace(mine, sign_in_id=uuid4()),
        replace(mine, sign_in_id=None),
        replace(mine, purpose="enrolment"),
        replace(mine, tenant_id=RED),
        replace(anonymous, sign_in_id=sign_in),
    ):
        assert not challenges.redeem(other, AT)
    assert not challenges.redeem(mine, soon)
    used = at_once(6, lambda _: challenges.redeem(mine, AT))
    assert sorted(used) == [*[False] * 5, True]
    challenges.issue(challenge(b"three"), soon, soon + timedelta(minutes=5))
    assert not challenges.redeem(anonymous, AT)  # expired ones are deleted


def test_a_confirmation_belongs_to_one_sign_in(factors: SqlSecondFactors) -> None:
    """R-IDN-18."""
    sign_in = uuid4()
    assert factors.confirmed_at(DEFAULT_TENANT, sign_in) is None
    factors.confirm(DEFAULT_TENANT, ADA, sign_in, AT)
    later = AT + timedelta(minutes=5)
    factors.confirm(DEFAULT_TENANT, ADA, sign_in, later)
    assert factors.confirmed_at(DEFAULT_TENANT, sign_in) == later
    assert factors.confirmed_at(DEFAULT_TENANT, uuid4()) is None
    assert factors.confirmed_at(RED, sign_in) is None


def test_removing_everything_of_a_user_leaves_others(factors: SqlSecondFactors) -> None:
    """C-24"""
    sign_in, other = uuid4(), uuid4()
    for user_id, begun in ((ADA, sign_in), (BOB, other)):
        factors.put(factor(user_id))
        factors.replace_codes(DEFAULT_TENANT, user_id, [b"one"])
        factors.confirm(DEFAULT_TENANT, user_id, begun, AT)
    factors.remove_all(DEFAULT_TENANT, ADA)
    assert factors.list_all(DEFAULT_TENANT, ADA) == []
    assert factors.count_codes(DEFAULT_TENANT, ADA) == 0
    assert factors.confirmed_at(DEFAULT_TENANT, sign_in) is None
    assert factors.list_all(DEFAULT_TENANT, BOB) == [factor(BOB)]
    assert factors.count_codes(DEFAULT_TENANT, BOB) == 1
    assert factors.confirmed_at(DEFAULT_TENANT, other) == AT
