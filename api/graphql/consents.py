"""Consents of the signed-in user in GraphQL."""

from datetime import datetime

import strawberry

from api.graphql.context import Context, Info
from api.graphql.enums import ConsentPurpose
from api.graphql.fields import field
from api.views.consents import ConsentBody, ConsentsBody, get_consents


@strawberry.type(description="A consent and its current text.")
class Consent:
    """`given_version` was consented to; `version` is the current version of `text`."""

    purpose: ConsentPurpose
    given: bool
    given_version: str | None
    at: datetime | None
    source: str | None
    version: str
    text: str

    @classmethod
    def of(cls, consent: ConsentBody) -> "Consent":
        """Convert a consent."""
        return cls(
            purpose=ConsentPurpose(consent.purpose),
            given=consent.given,
            given_version=consent.given_version,
            at=consent.at,
            source=consent.source,
            version=consent.version,
            text=consent.text,
        )


@strawberry.type
class ConsentQueries:
    """Queries of consents."""

    @field("List your consents for all purposes.")
    def consents(self, info: Info) -> list[Consent]:
        """Return the caller's consents."""
        return [Consent.of(each) for each in get_consents(info.context.caller).items]


@strawberry.type
class ConsentsPayload:
    """All consents after the change."""

    consents: list[Consent]

    @classmethod
    def of(cls, _: Context, recorded: ConsentsBody) -> "ConsentsPayload":
        """Return the payload of a command."""
        return cls(consents=[Consent.of(each) for each in recorded.items])
