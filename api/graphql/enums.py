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
    MOVEMENT_RECORDING = "movement_recording"
    IMAGES_LEAVE_DEVICE = "images_leave_device"
    RESEARCH = "research"
    HEALTH_DATA = "health_data"
    LEADERBOARDS = "leaderboards"
    POPULATION_INSIGHTS = "population_insights"
    MARKETING = "marketing"


@strawberry.enum
class HealthSourceName(enum.Enum):
    """A source of health data."""

    APPLE_HEALTH = "apple_health"
    HEALTH_CONNECT = "health_connect"
    GOOGLE_HEALTH = "google_health"
    STRAVA = "strava"
    WITHINGS = "withings"
    POLAR = "polar"
    OURA = "oura"
    GARMIN = "garmin"


@strawberry.enum
class HealthCloud(enum.Enum):
    """A source of health data that is linked by OAuth."""

    GOOGLE_HEALTH = "google_health"
    STRAVA = "strava"
    WITHINGS = "withings"
    POLAR = "polar"
    OURA = "oura"
    GARMIN = "garmin"


@strawberry.enum
class HealthLinkState(enum.Enum):
    """State of the link to a health cloud."""

    NOT_LINKED = "not_linked"
    LINKED = "linked"
    NEEDS_CONSENT = "needs_consent"


@strawberry.enum
class DailyFigure(enum.Enum):
    """How the values of a day become one figure."""

    SUM = "sum"
    MEAN = "mean"
    LATEST = "latest"


@strawberry.enum
class GoalDirection(enum.Enum):
    """Whether a goal is a least or a greatest daily figure."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@strawberry.enum
class Level(enum.Enum):
    """Level of the athletes that a plan is for."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


@strawberry.enum
class PlanOrder(enum.Enum):
    """Order of a list of plans: newest first, by title, or shortest first."""

    PUBLISHED = "published"
    TITLE = "title"
    WEEKS = "weeks"


@strawberry.enum
class MissedDay(enum.Enum):
    """Rule for a missed workout: all others move, it is left out, or it takes the next day."""

    SHIFT = "shift"
    SKIP = "skip"
    REPEAT = "repeat"


@strawberry.enum
class Region(enum.Enum):
    """Region with prices and payment gateways of its own."""

    US = "US"
    EU = "EU"
    RUSSIA = "Russia"
    OTHER = "other"


@strawberry.enum
class Currency(enum.Enum):
    """Currency of ISO 4217."""

    CHF = "CHF"
    EUR = "EUR"
    GBP = "GBP"
    JPY = "JPY"
    RUB = "RUB"
    USD = "USD"


@strawberry.enum
class EnrollmentStatus(enum.Enum):
    """Status of an enrollment."""

    PENDING_PAYMENT = "pending_payment"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@strawberry.enum
class DeliveryState(enum.Enum):
    """State of a webhook that a gateway has delivered."""

    PENDING = "pending"
    PROCESSED = "processed"
    IGNORED = "ignored"
    FAILED = "failed"


@strawberry.enum
class ExportFormat(enum.Enum):
    """ARCHIVE: all data. PDF: a report to print. Others: completed sessions, signed."""

    ARCHIVE = "archive"
    CSV = "csv"
    JSON = "json"
    PDF = "pdf"
    FIT = "fit"
    TCX = "tcx"
    FHIR = "fhir"
    OPEN_MHEALTH = "open_mhealth"


@strawberry.enum
class ProgramRuleKind(enum.Enum):
    """Kind of a progression rule."""

    NONE = "none"
    LINEAR = "linear"
    DOUBLE_PROGRESSION = "double_progression"
    PERCENTAGE = "percentage"
    EFFORT = "effort"


@strawberry.enum
class ProgramGoal(enum.Enum):
    """Goal of a program."""

    STRENGTH = "strength"
    MUSCLE = "muscle"
    ENDURANCE = "endurance"
    WEIGHT = "weight"
    SKILL = "skill"
    RETURN_FROM_INJURY = "return_from_injury"


ENUMS: Final[tuple[type[enum.Enum], ...]] = (
    SessionStatus, CountSource, Skipped, HealthKitStatus, HealthKitOutcome, HealthKitReason,
    CueFrequency, CueVerbosity, Units, FirstDay, DateOrder, Theme, Contrast, ConsentPurpose,
    JoinKind, Level, PlanOrder, MissedDay, Region, Currency, EnrollmentStatus,
    DeliveryState, HealthSourceName, HealthCloud, HealthLinkState, DailyFigure, GoalDirection,
    ExportFormat,
    ProgramRuleKind, ProgramGoal,
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
