"""Consents of the signed-in user in GraphQL."""

import enum
from datetime import datetime
from typing import Annotated

import strawberry

from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import field, mutation
from api.graphql.mutations import MutationInput, command_id_of
from application.privacy.consents import TEXTS, ConsentStatus
from application.users.errors import SignInRequired
from application.users.tokens import AccessClaims


@strawberry.enum
class ConsentPurpose(enum.Enum):
    """A purpose that users can consent to."""

    CAMERA_PROCESSING = "camera_processing"
    IMAGES_LEAVE_DEVICE = "images_leave_device"
    RESEARCH = "research"
    HEALTH_DATA = "health_data"
    LEADERBOARDS = "leaderboards"
    POPULATION_INSIGHTS = "population_insights"
    MARKETING = "marketing"


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
    def of(cls, consent: ConsentStatus) -> "Consent":
        """Return a consent with the current text of its purpose."""
        text = TEXTS[consent.purpose]
        return cls(
            purpose=ConsentPurpose(consent.purpose),
            given=consent.given,
            given_version=consent.version,
            at=consent.at,
            source=consent.source,
            version=text.version,
            text=text.words,
        )


@strawberry.type
class ConsentQueries:
    """Queries of consents."""

    @field("List your consents for all purposes.")
    def consents(self, info: Info) -> list[Consent]:
        """Return the caller's consents."""
        return _consents(info.context)


@strawberry.input
class RecordConsentInput(MutationInput):
    """To consent, send the version of the text that was read."""

    purpose: ConsentPurpose
    given: bool
    version: str = ""


@strawberry.input
class SayConsentInput(RecordConsentInput):
    """Old name of `RecordConsentInput`."""


@strawberry.type
class ConsentsPayload:
    """All consents after the change."""

    consents: list[Consent]


ConsentsResult = Annotated[ConsentsPayload | Problem, strawberry.union("ConsentsResult")]


@strawberry.type
class ConsentMutations:
    """Mutations of consents."""

    @mutation("Give or withdraw a consent.")
    def record_consent(self, info: Info, input: RecordConsentInput) -> ConsentsResult:
        """Record the decision."""
        return attempt(info.context, input.client_mutation_id, lambda: _record(info.context, input))

    @mutation("Give or withdraw a consent.", instead="recordConsent")
    def say_consent(self, info: Info, input: SayConsentInput) -> ConsentsResult:
        """Record the decision."""
        return attempt(info.context, input.client_mutation_id, lambda: _record(info.context, input))


def _record(context: Context, input: RecordConsentInput) -> ConsentsPayload:
    context.platform.privacy().consents.record(
        _claims(context).user_id,
        input.purpose.value,
        input.version if input.given else None,
        source="graphql",
        origin=context.caller.origin(),
        command_id=command_id_of(context, input),
    )
    return ConsentsPayload(consents=_consents(context))


def _consents(context: Context) -> list[Consent]:
    claims = _claims(context)
    consent = context.platform.privacy().consents.of(claims.tenant_id, claims.user_id)
    return [Consent.of(each) for each in consent]


def _claims(context: Context) -> AccessClaims:
    if context.caller.claims is None:
        raise SignInRequired
    return context.caller.claims
