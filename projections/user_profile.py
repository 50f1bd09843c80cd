"""User profile read model: a user's preferences, one row each."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.coaching.preferences import CuePreferences
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.users import events
from domain.users.identities import Units
from domain.users.preferences import Display
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class UserProfile:
    """A registered user: IANA time zone, language tag, and when they registered.

    `cue_preferences`: how they want to be coached. `units`: units of figures on their pages.
    `display`: how their pages look. Their name is in the log only, encrypted with their key.
    """

    id: UserId
    time_zone: str
    locale: str
    registered_at: datetime
    cue_preferences: CuePreferences
    units: Units = "metric"
    display: Display = field(default_factory=Display)


def zone_of(profile: UserProfile | None) -> ZoneInfo:
    """Return the time zone of a user; UTC for one without a profile."""
    return ZoneInfo("UTC" if profile is None else profile.time_zone)


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by user."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.UserEvent) else ()


def evolve(row: UserProfile | None, recorded: Recorded[Any]) -> UserProfile | None:
    """Apply one event to the profile."""
    match recorded.event, row:
        case events.UserCreated(time_zone=zone, locale=tag, at=at), _:
            return UserProfile(UserId(stream_id(recorded)), zone, tag, at, CuePreferences())
        case events.ProfileChanged(time_zone=zone, locale=tag), UserProfile():
            return fast_replace(row, time_zone=zone, locale=tag)
        case events.DetailsChanged(units=units), UserProfile():
            return fast_replace(row, units=units)
        case events.DisplayChanged(display=shown), UserProfile():
            return fast_replace(row, display=shown)
        case events.CuePreferencesChanged(preferences=wanted), UserProfile():
            return fast_replace(row, cue_preferences=wanted)
        case events.UserErased(), _:
            return None
        case _:
            return row


USER_PROFILE = Projection(
    name="user_profile", version=5, row=UserProfile, keys=keys, evolve=evolve, kind="profile"
)
