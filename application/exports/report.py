"""Report on an athlete's training, typeset for printing, in the language of its reader."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO, Final, Protocol

from application.custom_exercises.lookup import ExerciseLookup
from application.exercise_names import exercise_name
from application.exports import texts
from application.exports.exported_sessions import exported_sessions
from application.exports.scope import ExportScope
from application.kernel.catalogues import language_of, shown_date, texts_of
from application.kernel.ports import Clock
from application.kernel.read_models import ReadModels, Total
from application.privacy.data_archive import Archive
from application.sessions.session_export import Exported
from application.users.accounts import Accounts
from domain.ids import TenantId
from domain.personal import text_of
from domain.users.user import Registered
from projections.user_profile import USER_PROFILE, zone_of

WEEKS: Final = 26
"""Most weeks in the charts, with the last one of the report."""

NEWEST: Final = 25
"""Sessions in the list."""

MS_PER_HOUR: Final = 3_600_000
MS_PER_MINUTE: Final = 60_000
MS_PER_SECOND: Final = 1000


@dataclass(frozen=True)
class WeekBar:
    """A week of the charts. `form` is 0 to 100, None where no form was measured."""

    label: str
    repetitions: int
    form: int | None


@dataclass(frozen=True)
class ExerciseLine:
    """All sets of an exercise. `held` is a text, of sets that were held, without repetitions."""

    name: str
    sets: int
    repetitions: int
    held: str | None = None


@dataclass(frozen=True)
class SessionLine:
    """A session of the list, with texts as in the language of the report; `held` as above."""

    day: str
    name: str
    sets: int
    repetitions: int
    minutes: int
    form: int | None
    held: str | None = None


@dataclass(frozen=True)
class ReportPage:
    """Texts and figures of a report. `words` are the labels of the page."""

    language: str
    words: Mapping[str, str]
    athlete: str
    weeks: Sequence[WeekBar]
    exercises: Sequence[ExerciseLine]
    sessions: Sequence[SessionLine]

    def content(self) -> dict[str, Any]:
        """Return texts and figures for the page's template."""
        return asdict(self)


class ReportPrinter(Protocol):
    """Prints reports. The same page gives the same bytes."""

    def print_pdf(self, page: ReportPage) -> bytes:
        """Return the page as a PDF file."""
        ...


@dataclass(frozen=True)
class TrainingReport:
    """Writes reports. Sessions are read page by page, and the newest are listed.

    Days are those of the athlete. A trainer sees the name of an athlete, and no e-mail address.
    `require_current` raises ReadModelsStale unless `read` has every event.
    """

    read: ReadModels
    exercises: ExerciseLookup
    accounts: Accounts
    printer: ReportPrinter
    require_current: Callable[[], None]
    clock: Clock

    def write_into(self, tenant_id: TenantId, scope: ExportScope, output: BinaryIO) -> Archive:
        """Write a report into an empty file. Raises ReadModelsStale and StorageUnavailable."""
        self.require_current()
        output.write(self.printer.print_pdf(self.page(tenant_id, scope)))
        return Archive(1, output.seek(0, os.SEEK_END))

    def page(self, tenant_id: TenantId, scope: ExportScope) -> ReportPage:
        """Return the report on an athlete as of now. Raises StorageUnavailable."""
        athlete, reader = (
            self.read.get(USER_PROFILE, tenant_id, each)
            for each in (scope.athlete_id, scope.reader_id)
        )
        locale = "en" if reader is None else reader.locale
        today = self.clock().astimezone(zone_of(athlete)).date()
        language = language_of(texts.__name__, locale)
        newest: list[Exported] = []
        sets: Counter[str] = Counter()
        repetitions: Counter[str] = Counter()
        held_ms: Counter[str] = Counter()
        for page in exported_sessions(self.read, self.exercises, tenant_id, scope):
            newest = [*newest, *page][-NEWEST:]
            for each in (each for session in page for each in session.sets):
                sets[each.exercise_id] += 1
                repetitions[each.exercise_id] += each.repetitions
                held_ms[each.exercise_id] += each.hold_ms
        custom: Mapping[str, str] = newest[-1].custom_names if newest else {}
        whole = self.read.totals(
            tenant_id, scope.athlete_id, "all", start=scope.since, end=scope.end
        )
        latest = newest[-1].row.day if newest else today
        # On a journey to the east, it may be tomorrow's day already.
        last_day = max(today, min(latest, today + timedelta(days=1)))
        weeks = self._weeks(tenant_id, scope, last_day, locale)
        return ReportPage(
            language=language,
            words=_words(locale, today, whole, scope, len(weeks)),
            athlete=self._name(tenant_id, scope),
            weeks=weeks,
            exercises=[
                ExerciseLine(
                    name=custom.get(each, exercise_name(each, language)),
                    sets=number,
                    repetitions=repetitions[each],
                    held=_held(repetitions[each], held_ms[each], locale),
                )
                for each, number in sorted(sets.items(), key=lambda item: (-item[1], item[0]))
            ],
            sessions=[_line(each, locale, language) for each in reversed(newest)],
        )

    def _name(self, tenant_id: TenantId, scope: ExportScope) -> str:
        user = self.accounts.user(tenant_id, scope.athlete_id)
        if not isinstance(user, Registered):
            return ""
        is_own = scope.reader_id == scope.athlete_id
        named = user.username or (user.email if is_own else None)
        return "" if named is None else text_of(named)

    def _weeks(
        self, tenant_id: TenantId, scope: ExportScope, last_day: date, locale: str
    ) -> list[WeekBar]:
        last = _monday(min(last_day, scope.until or last_day))
        first = last - timedelta(weeks=WEEKS - 1)
        if scope.since is not None:
            first = min(max(first, _monday(scope.since)), last)
        start = first if scope.since is None else max(first, scope.since)
        end = min(last + timedelta(weeks=1), scope.end or date.max)
        totals = self.read.totals(tenant_id, scope.athlete_id, "week", start=start, end=end)
        by_week = {each.start: each for each in totals}
        bars: list[WeekBar] = []
        count = (last - first).days // 7 + 1
        for number in range(count):
            start = first + timedelta(weeks=number)
            total = by_week.get(start)
            label = _shown_day(start, locale) if number in {0, count - 1} else ""
            bars.append(
                WeekBar(
                    label,
                    0 if total is None else total.repetitions,
                    None if total is None else _percent(total.accuracy),
                )
            )
        return bars


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _words(
    locale: str, today: date, whole: Iterable[Total], scope: ExportScope, weeks: int
) -> dict[str, str]:
    totals = list(whole)
    since, until = scope.since, scope.until
    values = {
        "date": shown_date(today),
        "range": _range_name(scope),
        "since": "" if since is None else shown_date(since),
        "until": "" if until is None else shown_date(until),
        "sessions": sum(each.sessions for each in totals),
        "sets": sum(each.sets for each in totals),
        "repetitions": sum(each.repetitions for each in totals),
        "hours": round(sum(each.duration_ms for each in totals) / MS_PER_HOUR, 1),
        "listed": NEWEST,
        "weeks": weeks,
    }
    labels = texts_of(texts.__name__, "labels", locale, {})
    return labels | texts_of(texts.__name__, "figures", locale, values)


def _range_name(scope: ExportScope) -> str:
    if scope.since is None:
        return "all" if scope.until is None else "until"
    return "since" if scope.until is None else "both"


def _line(exported: Exported, locale: str, language: str) -> SessionLine:
    row = exported.row
    return SessionLine(
        day=_shown_day(row.day, locale),
        name=_session_name(exported, locale, language),
        sets=len(exported.sets),
        repetitions=row.repetitions,
        minutes=round(row.duration_ms / MS_PER_MINUTE),
        form=_percent(row.accuracy),
        held=_held(row.repetitions, sum(each.hold_ms for each in exported.sets), locale),
    )


def _session_name(exported: Exported, locale: str, language: str) -> str:
    """Return the name of a session; without one, its first exercise, and how many others it has."""
    exercise_id = exported.row.exercise_id or ""
    if exported.name != exported.exercise_name(exercise_id):
        return exported.name
    exercise = exported.custom_names.get(exercise_id, exercise_name(exercise_id, language))
    others = len(exported.row.exercises) - 1
    if others < 1:
        return exercise
    values = {"exercise": exercise, "count": others}
    return texts_of(texts.__name__, "several", locale, values)[""]


def _held(repetitions: int, held_ms: int, locale: str) -> str | None:
    """Return the time held, as minutes and seconds; None if there are repetitions."""
    if repetitions or not held_ms:
        return None
    minutes, seconds = divmod(round(held_ms / MS_PER_SECOND), 60)
    return texts_of(texts.__name__, "held", locale, {"time": f"{minutes}:{seconds:02}"})[""]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _shown_day(day: date, locale: str) -> str:
    return texts_of(texts.__name__, "day", locale, {"date": shown_date(day)})[""]
