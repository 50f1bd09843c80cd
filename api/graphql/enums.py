"""Enums that inputs and outputs share, by the values of the literals of `api.views`."""

import enum
from functools import cache
from typing import Any, Final, get_args

import strawberry


@strawberry.enum
class SessionStatus(enum.Enum):
    """Status of a session: in progress or completed."""

    UNDERWAY = "underway"
    COMPLETED = "completed"


@strawberry.enum
class CountSource(enum.Enum):
    """Source of a count: the athlete's device, our worker, a person, or the analysis of a file."""

    DEVICE = "device"
    SERVER = "server"
    MANUAL = "manual"
    FILE = "file"


@strawberry.enum
class Skipped(enum.Enum):
    """The next set, or all sets left of its exercise."""

    SET = "set"
    EXERCISE = "exercise"


@strawberry.enum
class HealthKitStatus(enum.Enum):
    """State of the HealthKit handshake with the athlete's device."""

    NOT_REQUESTED = "not_requested"
    PENDING = "pending"
    SYNCED = "synced"
    FAILED = "failed"


@strawberry.enum
class HealthKitOutcome(enum.Enum):
    """Result of writing a workout to HealthKit."""

    SYNCED = "synced"
    FAILED = "failed"


@strawberry.enum
class HealthKitReason(enum.Enum):
    """Reason of a failure, after `HKError.Code`."""

    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    NOT_DETERMINED = "not_determined"
    LOCKED = "locked"
    CANCELLED = "cancelled"
    INVALID = "invalid"
    OTHER = "other"


@strawberry.enum
class CueFrequency(enum.Enum):
    """Frequency of the coach's cues."""

    SELDOM = "seldom"
    USUAL = "usual"
    OFTEN = "often"


@strawberry.enum
class CueVerbosity(enum.Enum):
    """Captions only, the caption spoken, or the whole sentence spoken."""

    CAPTIONS = "captions"
    SHORT = "short"
    FULL = "full"


@strawberry.enum
class Units(enum.Enum):
    """Metric or imperial units."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@strawberry.enum
class JoinKind(enum.Enum):
    """Kind of join policy: nobody, invited people, also people of some domains, or everyone."""

    CLOSED = "closed"
    INVITATION = "invitation"
    DOMAIN = "domain"
    OPEN = "open"


@strawberry.enum
class FirstDay(enum.Enum):
    """First day of the week."""

    MONDAY = "monday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@strawberry.enum
class DateOrder(enum.Enum):
    """Order of day and month; default: that of the locale."""

    LOCALE = "locale"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@strawberry.enum
class Theme(enum.Enum):
    """Light or dark; default: the setting of the device."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@strawberry.enum
class Contrast(enum.Enum):
    """Normal or high; default: the setting of the device."""

    SYSTEM = "system"
    NORMAL = "normal"
    HIGH = "high"


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


ENUMS: Final[tuple[type[enum.Enum], ...]] = (
    SessionStatus, CountSource, Skipped, HealthKitStatus, HealthKitOutcome, HealthKitReason,
    CueFrequency, CueVerbosity, Units, FirstDay, DateOrder, Theme, Contrast, ConsentPurpose,
    JoinKind,
)  # fmt: skip


@cache
def enum_of(literal: Any, name: str) -> type[enum.Enum]:
    """Return the enum with the values of a literal; without one, a new enum of this name."""
    values: tuple[str, ...] = get_args(literal)
    for each in ENUMS:
        if {member.value for member in each} == set(values):
            return each
    create: Any = enum.Enum
    created: type[enum.Enum] = create(name, {value.upper(): value for value in values})
    return strawberry.enum(created)
