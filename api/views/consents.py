"""Consents of the signed-in user: their views, and the command that records one."""

from datetime import datetime
from typing import Self
from uuid import UUID

from api.views.base import Body, write
from application.caller import Caller
from application.privacy.consents import TEXTS, ConsentStatus
from application.users.errors import SignInRequired
from application.users.tokens import AccessClaims
from domain.users.identities import ConsentPurpose, ConsentSource


class ConsentBody(Body):
    """A consent and its current text. `version` is the current version of `text`."""

    purpose: ConsentPurpose
    given: bool
    given_version: str | None
    at: datetime | None
    source: ConsentSource | None
    version: str
    text: str

    @classmethod
    def of(cls, consent: ConsentStatus) -> Self:
        """Return a consent with the current text of its purpose."""
        text = TEXTS[consent.purpose]
        return cls(
            purpose=consent.purpose,
            given=consent.given,
            given_version=consent.version,
            at=consent.at,
            source=consent.source,
            version=text.version,
            text=text.words,
        )


class ConsentsBody(Body):
    """Consents for all purposes."""

    items: list[ConsentBody]


class ConsentInput(Body):
    """Decision on a purpose; to agree, send the version of the text that was read."""

    purpose: ConsentPurpose
    given: bool
    version: str = ""


def get_consents(caller: Caller) -> ConsentsBody:
    """Return the caller's consent for each purpose, with its text."""
    claims = _claims(caller)
    consents = caller.platform.privacy().consents.of(claims.tenant_id, claims.user_id)
    return ConsentsBody(items=[ConsentBody.of(each) for each in consents])


@write
def record_consent(
    caller: Caller, body: ConsentInput, command_id: UUID, source: ConsentSource = "graphql"
) -> ConsentsBody:
    """Give or withdraw a consent. Withdrawing a consent takes effect at once."""
    caller.platform.privacy().consents.record(
        _claims(caller).user_id,
        body.purpose,
        body.version if body.given else None,
        source=source,
        origin=caller.origin(),
        command_id=command_id,
    )
    return get_consents(caller)


def _claims(caller: Caller) -> AccessClaims:
    if caller.claims is None:
        raise SignInRequired
    return caller.claims
