"""Consents of the signed-in user in GraphQL."""

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.views.consents import ConsentBody, ConsentsBody, get_consents


@derived(ConsentBody)
class Consent:
    """A consent and its current text."""

    source: str | None


@strawberry.type
class ConsentQueries:
    """Queries of consents."""

    @field("List your consents for all purposes.")
    def consents(self, info: Info) -> list[Consent]:
        """Return the caller's consents."""
        return [convert(Consent, each) for each in get_consents(info.context.caller).items]


@strawberry.type
class ConsentsPayload:
    """All consents after the change."""

    consents: list[Consent]

    @classmethod
    def of(cls, _: Context, recorded: ConsentsBody) -> "ConsentsPayload":
        """Return the payload of a command."""
        return cls(consents=[convert(Consent, each) for each in recorded.items])
