"""Health integrations read model: one row per person and source that was ever connected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.health import events
from domain.health.events import Source
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import Erased, Personal
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class HealthIntegration:
    """An integration: consent to these metrics since `connected_at`, and its syncs.

    `anchor` is where the device continues. The upload token ends at `token_expires_at`, or before
    with its sign-in. `scopes` are those that a cloud granted; `needs_consent`: it gives no more
    records until it is linked again.
    """

    id: str
    user_id: UserId
    source: Source
    active: bool
    metrics: tuple[str, ...]
    version: str
    connected_at: datetime
    syncs: int = 0
    last_sync_at: datetime | None = None
    anchor: str | None = None
    token_expires_at: datetime | None = None
    token_sign_in_id: str | None = None
    needs_consent: bool = False
    scopes: tuple[str, ...] = ()


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by integration."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.IntegrationEvent) else ()


def evolve(row: HealthIntegration | None, recorded: Recorded[Any]) -> HealthIntegration | None:
    """Apply one event; an integration whose person was erased is forgotten."""
    match recorded.event, row:
        case events.IntegrationConnected(metrics=Personal(value=Erased())), _:
            return None
        case events.IntegrationConnected(metrics=Personal(value=tuple() as names)) as event, _:
            key = stream_id(recorded)
            if row is None:
                return HealthIntegration(
                    key, event.user_id, event.source, True, names, event.version, event.at
                )
            return fast_replace(
                row,
                active=True,
                needs_consent=False,
                metrics=names,
                version=event.version,
                connected_at=event.at,
            )
        case events.IntegrationSynced() as event, HealthIntegration():
            place = event.anchor.value if event.anchor is not None else None
            return fast_replace(
                row,
                syncs=row.syncs + 1,
                last_sync_at=event.at,
                anchor=place if isinstance(place, str) else row.anchor,
            )
        case events.IntegrationDisconnected(), HealthIntegration():
            return fast_replace(
                row,
                active=False,
                needs_consent=False,
                scopes=(),
                token_expires_at=None,
                token_sign_in_id=None,
            )
        case events.IntegrationLinked(scopes=Personal(value=tuple() as scopes)), (
            HealthIntegration()
        ):
            return fast_replace(row, scopes=scopes)
        case events.IntegrationConsentLost(), HealthIntegration():
            return fast_replace(row, active=False, needs_consent=True)
        case events.UploadTokenIssued() as event, HealthIntegration():
            return fast_replace(
                row, token_expires_at=event.expires_at, token_sign_in_id=event.sign_in_id
            )
        case _:
            return row


HEALTH_INTEGRATION = Projection(
    name="health_integration",
    version=4,
    row=HealthIntegration,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
    kind="health",
)
