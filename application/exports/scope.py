"""Scope of an export of sessions: whose, of which days, and who reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from application.kernel.read_models import Between
from domain.ids import UserId
from domain.kernel import Rejected
from domain.values import within_calendar

ONE_DAY: Final = timedelta(days=1)


class ExportRangeInvalid(Rejected):
    """The first day of an export is not after its last, and an archive has no range of days."""

    code = "export.range_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class ExportScope:
    """The completed sessions of an athlete from the day `since` to `until`, both included.

    None is no limit. Days are those of the athlete's time zone at the time (C-52). `reader_id` is
    who requested the export: the athlete, or a trainer.
    """

    athlete_id: UserId
    reader_id: UserId
    since: date | None = None
    until: date | None = None

    @classmethod
    def own(cls, user_id: UserId) -> "ExportScope":
        """Return the scope of all sessions of the reader."""
        return cls(user_id, user_id)

    @property
    def end(self) -> date | None:
        """The day after the last one."""
        return None if self.until is None else self.until + ONE_DAY

    def days(self) -> Mapping[str, Between]:
        """Return the condition on the days of sessions."""
        if self.since is None and self.until is None:
            return {}
        return {"day": Between(self.since, self.end)}

    def statement(self) -> dict[str, str | None]:
        """Return athlete and days, as a manifest states them."""
        return {
            "athlete": self.athlete_id,
            "since": None if self.since is None else self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
        }


def require_range(since: date | None, until: date | None) -> None:
    """Raise ExportRangeInvalid or InvalidValue unless these are the ends of a range of days."""
    for day in (since, until):
        if day is not None:
            within_calendar(day)
    if since is not None and until is not None and since > until:
        raise ExportRangeInvalid(f"The export begins on {since}, after its last day {until}.")
