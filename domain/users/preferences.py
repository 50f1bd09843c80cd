"""Profile, display and training preferences."""

from typing import Final, Literal

from domain.kernel import value
from domain.personal import Erased, Personal
from domain.users.identities import Units
from domain.values import within

FirstDay = Literal["monday", "saturday", "sunday"]
Dates = Literal["locale", "day_first", "month_first"]
Theme = Literal["system", "light", "dark"]
Contrast = Literal["system", "normal", "high"]

EmailTopic = Literal["assigned_workouts"]
"""Topic of e-mails that a user can unsubscribe from."""
EmailPreferenceSource = Literal["account", "link"]
"""Place of a change: the account, or the link in an e-mail."""

MIN_BODY_MASS_KG: Final = 20.0
MAX_BODY_MASS_KG: Final = 400.0


@value
class Profile:
    """Profile of a user: a name or None, units, an IANA time zone, a BCP 47 language tag."""

    username: Personal[str] | None
    units: Units
    time_zone: str
    locale: str


@value
class Display:
    """Display preferences: first day of the week, order of dates, theme and contrast.

    `locale` stands for the order of the profile's language and region, `system` for the setting
    of the device.
    """

    first_day: FirstDay = "monday"
    dates: Dates = "locale"
    theme: Theme = "system"
    contrast: Contrast = "system"


@value
class EmailPreferences:
    """E-mails that a user can unsubscribe from, by topic. All others are part of a contract.

    `assigned_workouts`: a trainer has assigned a workout.
    """

    assigned_workouts: bool = True

    def includes(self, topic: EmailTopic) -> bool:
        """Return whether the user gets e-mails about a topic."""
        match topic:
            case "assigned_workouts":
                return self.assigned_workouts

    def without(self, topic: EmailTopic) -> "EmailPreferences":
        """Return the preferences of a user who has unsubscribed from a topic."""
        match topic:
            case "assigned_workouts":
                return EmailPreferences(assigned_workouts=False)


@value
class TrainingProfile:
    """Training preferences. `body_mass_kg` is None if unknown.

    `healthkit`: the athlete's device writes completed sessions to HealthKit. Raises InvalidValue
    for a body mass out of range.
    """

    body_mass_kg: Personal[float] | None = None
    healthkit: bool = False

    def __post_init__(self) -> None:
        if self.mass_kg is not None:
            within("body_mass_kg", self.mass_kg, MIN_BODY_MASS_KG, MAX_BODY_MASS_KG)

    @property
    def mass_kg(self) -> float | None:
        """Body mass, or None if it is unknown or erased."""
        mass = self.body_mass_kg
        return None if mass is None or isinstance(mass.value, Erased) else mass.value
