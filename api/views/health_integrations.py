"""Health clouds of the caller: what can be linked, what is, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from api.views.base import Body, write
from api.views.health_commands import HealthWritten
from api.views.supervision import own_id
from application.caller import ANONYMOUS, Caller
from application.health.links import HealthLink
from application.health.providers import HealthProvider
from application.health.record_counts import count_records
from application.health.writes import HealthWrite, Left, WriteState
from application.users.resource_access import require_consent
from domain.health.choices import find_cloud
from domain.health.events import CloudSource
from domain.ids import UserId
from projections.health_integration import HealthIntegration as Row

LinkState = Literal["not_linked", "linked", "needs_consent", "failed"]

SHOWN: Final = 50
"""Workouts of all clouds that are shown."""


class HealthScope(Body):
    """A permission that a cloud asks you for."""

    scope: str = Field(description="Its name at the cloud.")
    meaning: str = Field(description="What it allows, in words.")
    metrics: list[str]
    granted: bool


class WorkoutWrite(Body):
    """A completed workout of yours at a cloud."""

    session_id: str
    state: WriteState = Field(
        description="`processing`: the cloud has not accepted it yet. `retrying`: it is written"
        " again after a pause. `refused`: it is not written again."
    )
    reason: str | None = Field(
        description="Code of the obstacle; `duplicate` where the cloud had the workout already."
    )
    left: list[Left] = Field(
        description="What the cloud cannot hold. `sets_as_data`: its sets are a text there."
    )
    at: datetime


class HealthIntegration(Body):
    """A health cloud that can be linked, and your link to it."""

    source: CloudSource
    state: LinkState = Field(
        description="`needs_consent`: the cloud gives no more records until you link it again."
        " `failed`: no sync has succeeded for days; linking it again tries at once."
    )
    scopes: list[HealthScope]
    linked_at: datetime | None
    last_sync_at: datetime | None
    syncs: int
    records: int = Field(description="Records that are stored, without deleted ones.")
    forbidden: list[str] = Field(
        description="Metrics that the cloud did not list at the last sync: your account there does"
        " not share them."
    )
    refused: int = Field(
        description="Records of the last sync that could not be read or were impossible."
    )
    workouts: list[WorkoutWrite] = Field(
        description="Workouts that were written to the cloud, the newest first, of your last 50."
    )


def health_integrations(caller: Caller) -> list[HealthIntegration]:
    """Return the clouds that are set up, linked or not, in order of name."""
    user = own_id(caller)
    caller.require("read", "health", user)
    platform = caller.platform
    if not platform.health_clouds:
        return []
    links = platform.health_links.of_person(caller.tenant_id, user)
    by_source = {link.source: link for link in links}
    rows = {row.source: row for row in platform.health.integrations(caller.tenant_id, user)}
    stored = count_records(platform.read, caller.tenant_id, user)
    written = platform.health_writes.latest(caller.tenant_id, user, SHOWN)
    return [
        _integration(
            source,
            provider,
            rows.get(source),
            by_source.get(source),
            [each for each in written if each.source == source],
            stored.get(source, 0),
        )
        for source, provider in sorted(platform.health_clouds.items())
    ]


def _integration(
    source: CloudSource,
    provider: HealthProvider,
    row: Row | None,
    link: HealthLink | None,
    written: Sequence[HealthWrite],
    stored: int,
) -> HealthIntegration:
    granted = () if row is None else row.scopes
    is_linked = row is not None and row.active
    is_lost = row is not None and row.needs_consent
    state: LinkState = "failed" if link is not None and link.state == "failed" else "linked"
    if not is_linked:
        state = "needs_consent" if is_lost else "not_linked"
    return HealthIntegration(
        source=source,
        state=state,
        scopes=[
            HealthScope(
                scope=each.name,
                meaning=each.meaning,
                metrics=list(each.metrics),
                granted=each.name in granted,
            )
            for each in provider.scopes
        ],
        linked_at=None if row is None else row.connected_at,
        last_sync_at=None if row is None else row.last_sync_at,
        syncs=0 if row is None else row.syncs,
        records=stored,
        forbidden=[] if link is None else list(link.forbidden),
        refused=0 if link is None else link.refused,
        workouts=[WorkoutWrite.model_validate(each) for each in written],
    )


@dataclass(frozen=True, slots=True)
class HealthLinkBegun:
    """The page of the cloud, and the signed state that the browser keeps."""

    location: str
    signed: str


def begin_health_link(caller: Caller, source: str) -> HealthLinkBegun:
    """Begin to link a cloud. Raises SourceUnknown and ConsentMissing."""
    user = _writer(caller)
    require_consent(caller, user, "health_data")
    linking = caller.platform.health_linking
    return HealthLinkBegun(*linking.begin(find_cloud(source), caller.tenant_id, caller.claims))


@write
def unlink_health_cloud(caller: Caller, source: str, command_id: UUID) -> HealthWritten:
    """Withdraw your consent, and revoke our access at the cloud. Stored records stay."""
    return HealthWritten.of(
        caller.platform.health_linking.disconnect(
            _writer(caller),
            find_cloud(source),
            origin=caller.origin(ANONYMOUS),
            command_id=command_id,
        )
    )


def _writer(caller: Caller) -> UserId:
    user = own_id(caller)
    caller.require("write", "health", user)
    return user
