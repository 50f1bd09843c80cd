"""Second factors that are added at the same moment (R-IDN-18)."""

from collections.abc import Sequence
from typing import Any

import pytest

from application.users.second_factors import RECOVERY_CODES
from application.users.tokens import SignedIn
from domain.users.factor_commands import SecondFactorRequired
from tests.application.users.factor_requests import claims, confirms, enrols
from tests.application.users.passkeys import adds
from tests.application.users.users_fixture import UsersFixture
from tests.peers.authenticator import Authenticator


@pytest.fixture
def member(users: UsersFixture) -> SignedIn:
    return users.member()


def add_passkey_before(
    users: UsersFixture, member: SignedIn, monkeypatch: pytest.MonkeyPatch, method: tuple[Any, str]
) -> list[Sequence[str]]:
    """Let a sign-in add a passkey before the next call of a method; return its codes then."""
    store, name = method
    real, codes = getattr(store, name), list[Sequence[str]]()

    def add(_: object, *args: Any, **options: Any) -> Any:
        monkeypatch.undo()
        codes.append(adds(users, member, Authenticator()))
        return real(*args, **options)

    monkeypatch.setattr(type(store), name, add)
    return codes


def test_one_of_two_first_factors_has_recovery_codes(
    users: UsersFixture, member: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    method = (users.second_factors.factors, "replace_codes")
    codes = add_passkey_before(users, member, monkeypatch, method)
    codes.append(enrols(users, member)[1])
    assert sorted(len(each) for each in codes) == [0, RECOVERY_CODES]
    confirms(users, users.signs_in(), next(each[0] for each in codes if each))


def test_one_of_two_sign_ins_adds_the_first_factor(
    users: UsersFixture, member: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log decides: both have passed the check before it."""
    stranger = users.signs_in()
    add_passkey_before(users, member, monkeypatch, (users.accounts, "execute"))
    with pytest.raises(SecondFactorRequired):
        enrols(users, stranger)
    factors = users.second_factors.list_factors(claims(users, member))
    assert [each.kind for each in factors] == ["passkey"]
    stored = users.second_factors.factors.list_all(
        claims(users, member).tenant_id, factors[0].user_id
    )
    assert [each.id for each in stored] == [factors[0].id], "nothing of the app is kept"
