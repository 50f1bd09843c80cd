"""Consents in GraphQL: what whoever has signed in agreed to."""

import enum
from datetime import datetime
from typing import Annotated

import strawberry

from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import field, mutation
from api.graphql.mutations import Mutation, identify
from application.privacy.consents import TEXTS, ConsentStatus
from application.users.errors import SignInRequired
from application.users.tokens import AccessClaims


@strawberry.enum
class ConsentPurpose(enum.Enum):
    """What somebody may agree to."""

    CAMERA_PROCESSING = "camera_processing"
    IMAGES_LEAVE_DEVICE = "images_leave_device"
    RESEARCH = "research"
    HEALTH_DATA = "health_data"
    LEADERBOARDS = "leaderboards"
    POPULATION_INSIGHTS = "population_insights"
    MARKETING = "marketing"


@strawberry.type(description="How somebody stands to a purpose, and the present text of it.")
class Consent:
    """`given_version` is what was agreed to; `version` is what can be agreed to."""

    purpose: ConsentPurpose
    given: bool
    given_version: str | None
    at: datetime | None
    source: str | None
    version: str
    text: str

    @classmethod
    def of(cls, known: ConsentStatus) -> "Consent":
        """Tell it together with the words."""
        text = TEXTS[known.purpose]
        return cls(
            purpose=ConsentPurpose(known.purpose),
            given=known.given,
            given_version=known.version,
            at=known.at,
            source=known.source,
            version=text.version,
            text=text.words,
        )


@strawberry.type
class ConsentQueries:
    """Questions about consents."""

    @field("Every purpose, and how whoever asks stands to it.")
    def consents(self, info: Info) -> list[Consent]:
        """List them."""
        return _consents(info.context)


@strawberry.input
class SayConsentInput(Mutation):
    """Whoever agrees names the version of the text they read."""

    purpose: ConsentPurpose
    given: bool
    version: str = ""


@strawberry.type
class ConsentsPayload:
    """Every purpose after the change."""

    consents: list[Consent]


ConsentsResult = Annotated[ConsentsPayload | Problem, strawberry.union("ConsentsResult")]


@strawberry.type
class ConsentMutations:
    """What may be said to a purpose."""

    @mutation("Agree to a purpose, or take it back.")
    def say_consent(self, info: Info, input: SayConsentInput) -> ConsentsResult:  # noqa: A002
        """Say it."""
        return attempt(info.context, input.client_mutation_id, lambda: _say(info.context, input))


def _say(context: Context, asked: SayConsentInput) -> ConsentsPayload:
    context.platform.privacy().consents.say(
        _claims(context).user_id,
        asked.purpose.value,
        asked.version if asked.given else None,
        source="graphql",
        origin=context.caller.origin(),
        command_id=identify(context, asked),
    )
    return ConsentsPayload(consents=_consents(context))


def _consents(context: Context) -> list[Consent]:
    claims = _claims(context)
    known = context.platform.privacy().consents.of(claims.tenant_id, claims.user_id)
    return [Consent.of(each) for each in known]


def _claims(context: Context) -> AccessClaims:
    if context.caller.claims is None:
        raise SignInRequired
    return context.caller.claims
