"""Second factors: commands that are repeated after a lost answer or a crash."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from application.users.errors import (
    CodeWrong,
    TokenRefused,
)
from application.users.second_factors import RECOVERY_CODES
from domain.ids import UserId
from tests.application.users.factor_requests import acting, claims, code_at, confirms, enrols
from tests.application.users.users_fixture import PASSWORD, UsersFixture


def test_repeating_a_confirmation_gives_recovery_codes_again(users: UsersFixture) -> None:
    """R-IDN-18: the first answer may be lost; the codes that nobody saw are void."""
    member = users.member()
    theirs = claims(users, member)
    app = users.second_factors.begin_app(theirs)
    first, other = uuid4(), uuid4()

    def confirm(command_id: UUID) -> Sequence[str]:
        code = code_at(app.secret, users.now)
        added = users.second_factors.confirm_app(
            theirs, app.id, code, origin=users.origin, command_id=command_id
        )
        return added.recovery_codes

    lost, repeated = confirm(first), confirm(first)
    assert len(repeated) == RECOVERY_CODES
    assert users.names().count("user.second_factor_added") == 1
    with pytest.raises(CodeWrong):
        confirm(other)
    users.later(90)
    later = confirm(other)
    assert len(later) == RECOVERY_CODES
    for void in (lost[0], repeated[0]):
        with pytest.raises(CodeWrong):
            confirms(users, users.signs_in(), void)
    confirms(users, users.signs_in(), later[0])


def test_repeating_a_confirmation_keeps_codes_that_were_replaced(users: UsersFixture) -> None:
    """R-IDN-18, R-API-04: they are written down."""
    theirs = claims(users, users.member())
    app, command_id = users.second_factors.begin_app(theirs), uuid4()
    code = code_at(app.secret, users.now)
    for repeat in (False, True):
        added = users.second_factors.confirm_app(
            theirs, app.id, code, origin=users.origin, command_id=command_id
        )
        assert bool(added.recovery_codes) is not repeat
        if not repeat:
            newer = users.second_factors.replace_codes(theirs, origin=users.origin)
            confirms(users, users.signs_in(), newer[0])
    confirms(users, users.signs_in(), newer[1])


def test_a_repeated_reset_does_what_the_first_one_left_undone(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: after a crash behind the event, and only to what is older than it."""
    member = users.member()
    enrols(users, member)
    user_id, command_id = UserId(member.user.id), uuid4()

    def reset() -> None:
        users.second_factors.reset(user_id, origin=acting(users, "admin"), command_id=command_id)

    with monkeypatch.context() as crashing:
        crashing.setattr(type(users.second_factors.factors), "remove_all", None)
        with pytest.raises(TypeError):
            reset()
    users.later(seconds=1)
    since = users.signs_in(password=PASSWORD)
    reset()
    assert users.second_factors.factors.list_all(users.origin.tenant_id, user_id) == []
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(member.access_token)
    users.sign_in_service.authenticate(since.access_token)
