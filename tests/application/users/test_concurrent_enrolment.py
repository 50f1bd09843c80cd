"""Enrolments of second factors at the same time, as in two tabs."""

from dataclasses import fields, replace
from uuid import uuid4

from application.users.email_requests import EmailRequests
from domain.users.commands import RequestEmail
from domain.users.identities import EmailKind, Provider
from tests.application.users.factor_requests import claims, code_at, confirms
from tests.application.users.users_fixture import UsersFixture


def test_another_enrolment_keeps_an_app_that_is_being_confirmed(users: UsersFixture) -> None:
    """R-IDN-18: a second tab begins while the first one confirms; the account is not locked."""
    theirs = claims(users, users.member())
    app = users.second_factors.begin_app(theirs)
    emails = users.second_factors.emails

    class SecondTab(EmailRequests):
        """Begins another enrolment after the code was accepted, before the event is stored."""

        def command(self, kind: EmailKind, provider: Provider | None = None) -> RequestEmail:
            users.second_factors.begin_app(theirs)
            return emails.command(kind, provider)

    meanwhile = SecondTab(**{each.name: getattr(emails, each.name) for each in fields(emails)})
    added = replace(users.second_factors, emails=meanwhile).confirm_app(
        theirs, app.id, code_at(app.secret, users.now), origin=users.origin, command_id=uuid4()
    )
    assert [each.id for each in users.second_factors.list_factors(theirs)] == [app.id]
    users.later(60)
    assert added.recovery_codes
    confirms(users, users.signs_in(), code_at(app.secret, users.now))
