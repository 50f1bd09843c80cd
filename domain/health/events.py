"""Events of health data: integrations, batches of records, and each person's choices.

Which metrics a person shares and every value are encrypted under their key: that somebody records
a menstruation is as sensitive as the record.
"""

from datetime import datetime
from typing import Literal

from domain.ids import UserId
from domain.kernel import event, value
from domain.personal import Personal

Source = Literal[
    "apple_health",
    "health_connect",
    "google_health",
    "strava",
    "withings",
    "polar",
    "oura",
    "garmin",
]
"""Sources of records: health stores on the athlete's device, which sends them, and clouds."""

CloudSource = Literal["google_health", "strava", "withings", "polar", "oura", "garmin"]
"""Sources that are linked by OAuth, and from which records are fetched."""

ConsentLoss = Literal["withdrawn", "refused"]
"""Why a cloud gives no more records: the person withdrew the consent, or its token is refused."""


@event("health_integration.connected")
class IntegrationConnected:
    """The person consents to the storage of these metrics from a source, and may do so again.

    `version` is that of the text that was agreed to.
    """

    user_id: UserId
    source: Source
    metrics: Personal[tuple[str, ...]]
    version: str
    at: datetime


@event("health_integration.synced")
class IntegrationSynced:
    """A batch was taken. `anchor` is where the device continues; None keeps the one before."""

    user_id: UserId
    anchor: Personal[str] | None
    accepted: int
    at: datetime


@event("health_integration.disconnected")
class IntegrationDisconnected:
    """The person withdraws the consent. Records that were stored stay until they are deleted."""

    user_id: UserId
    at: datetime


@event("health_integration.token_issued", version=2)
class UploadTokenIssued:
    """The device has a new token for uploads, which replaces the one before.

    `digest` is the SHA-256 of its random secret, in hexadecimal. The token ends with the sign-in
    `sign_in_id`, which began when a signed-in person asked for the first token, and which renewed
    tokens keep. Version 1 had none.
    """

    user_id: UserId
    digest: str
    expires_at: datetime
    at: datetime
    sign_in_id: str | None


@event("health_integration.linked")
class IntegrationLinked:
    """The person lets us fetch records from a cloud, and may do so again.

    `scopes` are those that the cloud granted. Its tokens are in no event.
    """

    user_id: UserId
    source: CloudSource
    scopes: Personal[tuple[str, ...]]
    at: datetime


@event("health_integration.consent_lost")
class IntegrationConsentLost:
    """The cloud gives no more records until the person links it again."""

    user_id: UserId
    reason: ConsentLoss
    at: datetime


IntegrationEvent = (
    IntegrationConnected
    | IntegrationSynced
    | IntegrationDisconnected
    | UploadTokenIssued
    | IntegrationLinked
    | IntegrationConsentLost
)


@value
class Record:
    """A measured value, in the unit of its metric.

    `id` is unique within the source. An instant starts and ends at the same time. `device` names
    what measured it, such as an app or a watch; "" if unknown. `time_zone` is the athlete's.
    """

    id: str
    metric: str
    value: float
    start: datetime
    end: datetime
    device: str
    time_zone: str


@value
class Records:
    """Content of a batch: records and ids of deleted ones, each in order of id.

    A record whose id is known corrects the earlier one.
    """

    records: tuple[Record, ...]
    deleted: tuple[str, ...]


@event("health_metric.synced")
class MetricsSynced:
    """A batch of records from a source, which is all events of its stream.

    `accepted`, `unchanged`, `rejected` and `deleted` count its records; only accepted ones and ids
    of deleted ones are in `records`.
    """

    user_id: UserId
    source: Source
    records: Personal[Records]
    accepted: int
    unchanged: int
    rejected: int
    deleted: int
    at: datetime


BatchEvent = MetricsSynced


@value
class SourceOrder:
    """The sources of a metric, the preferred one first."""

    metric: str
    sources: tuple[Source, ...]


@value
class Goal:
    """A target for the daily figure of a metric: at least, or at most, so much in its unit."""

    metric: str
    target: float
    direction: Literal["at_least", "at_most"]


@event("health.sources_ordered")
class SourcesOrdered:
    """The person prefers sources of one metric in this order, for all days."""

    order: Personal[SourceOrder]
    at: datetime


@event("health.goal_set")
class GoalSet:
    """The person wants to reach this. It replaces the goal for the same metric."""

    goal: Personal[Goal]
    at: datetime


@event("health.goal_removed")
class GoalRemoved:
    metric: Personal[str]
    at: datetime


@event("health.profile_deleted")
class ProfileDeleted:
    """The person deleted their health profile, after the sessions that depend on it.

    It is there again with the next session or batch of records.
    """

    user_id: UserId
    at: datetime


HealthEvent = SourcesOrdered | GoalSet | GoalRemoved | ProfileDeleted

AnyHealthEvent = IntegrationEvent | BatchEvent | HealthEvent
"""Events of all streams of health data."""
