"""Statements about an athlete's own training, each with the facts that it states and their sources.

A fact names the sessions that it follows from, as `session-{id}`, or the passage of knowledge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Final, Literal

from application.exercise_names import exercise_name
from application.pose_coach.feedback_facts import Fact
from domain.coaching.cue_ranking import render
from domain.coaching.phrasebook import get_phrases
from domain.guidance.features import AHEAD, RECENT_DAYS, Features
from domain.guidance.reasons import LESS_SLEEP, NEGLECTED_SETS
from domain.intents.vocabulary import exercise_names
from domain.motion.exercises.library import all_exercises
from domain.sessions.session import SESSION
from projections.cue import Cue
from projections.exercise_performance import ExercisePerformance

WEEK: Final = timedelta(days=7)

COMPARED: Final = 5
"""Sessions of an exercise whose form is compared with that of as many before them."""

FEWEST_COMPARED: Final = 2

RECENT_EXERCISES: Final = 8
"""Exercises whose statements come before those about exercises of longer ago."""

POUNDS_PER_KG: Final = 2.2046226

Topic = Literal["week", "form", "load", "repetitions", "last", "balance", "sleep"]


@dataclass(frozen=True)
class Statement:
    """A statement: the name of its text, its facts, and values that are no facts.

    `topic` and `exercise` say what it is about. `notable` orders statements for those who ask
    nothing: the greatest first. Not `is_recent`: about an exercise of longer ago.
    """

    text: str
    topic: Topic
    facts: tuple[Fact, ...]
    notable: float
    exercise: str | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    is_recent: bool = True


@dataclass(frozen=True)
class Training:
    """What statements are made of: performances of visible sessions, newest first.

    `is_complete`: whether there are no older ones. `cues` are those of the newest sessions.
    `custom_names` are those of the athlete's custom exercises.
    """

    performances: Sequence[ExercisePerformance]
    is_complete: bool
    cues: Sequence[Cue]
    features: Features
    now: datetime
    is_imperial: bool
    custom_names: Mapping[str, str] = field(default_factory=dict[str, str])


def statements_of(training: Training, language: str) -> list[Statement]:
    """Return all statements about an athlete's training: the recent, and most notable, first."""
    return sorted(
        _statements(training, language),
        key=lambda each: (not each.is_recent, -each.notable, each.text, each.exercise or ""),
    )


def _statements(training: Training, language: str) -> Iterator[Statement]:
    if not training.performances:
        return
    yield _week(training)
    by_exercise: dict[str, list[ExercisePerformance]] = defaultdict(list)
    for each in training.performances:
        by_exercise[each.exercise_id].append(each)
    for place, (exercise, performances) in enumerate(by_exercise.items()):
        is_recent = place < RECENT_EXERCISES
        for statement in _of_exercise(exercise, performances, training, language):
            yield replace(statement, is_recent=is_recent)
    yield from _neglected(training, language)
    sleep = training.features.health_metrics.get("sleep_change")
    if sleep is not None and sleep <= LESS_SLEEP:
        fact = Fact("less_sleep_percent", round(-sleep), ("health_metric:sleep",))
        yield Statement("less_sleep", "sleep", (fact,), 5.0)


def _of_exercise(
    exercise: str, performances: Sequence[ExercisePerformance], training: Training, language: str
) -> Iterator[Statement]:
    custom = training.custom_names
    name = {"exercise": custom.get(exercise, exercise_name(exercise, language))}
    yield _last(exercise, _latest(performances, training.now), training.now, name)
    yield from _form(exercise, performances, name)
    yield from _fault(exercise, performances, training.cues, language)
    if training.is_complete:
        yield from _bests(exercise, performances, training, name)


def _week(training: Training) -> Statement:
    start, before = training.now - WEEK, training.now - 2 * WEEK
    until = training.now + AHEAD
    this = _sources(each for each in training.performances if start <= each.at < until)
    last = _sources(each for each in training.performances if before <= each.at < start)
    facts = Fact("sessions_7_days", len(this), this), Fact("sessions_before", len(last), last)
    return Statement("week", "week", facts, 2.0 if len(this) < len(last) else 1.0)


def _latest(performances: Sequence[ExercisePerformance], now: datetime) -> ExercisePerformance:
    """Return the latest performance that is not in the future, if there is one."""
    return next((each for each in performances if each.at < now + AHEAD), performances[0])


def _last(
    exercise: str, row: ExercisePerformance, now: datetime, name: Mapping[str, str]
) -> Statement:
    days = max(0, (now - row.at).days)
    source = _sources([row])
    facts = (
        Fact(f"{exercise}.days_ago", days, source),
        Fact(f"{exercise}.sets", len(row.sets), source),
    )
    return Statement("last", "last", facts, 0.2, exercise, name)


def _form(
    exercise: str, performances: Sequence[ExercisePerformance], name: Mapping[str, str]
) -> Iterator[Statement]:
    measured = [(each, form) for each in performances if (form := _mean_form(each)) is not None]
    latest, earlier = measured[:COMPARED], measured[COMPARED : 2 * COMPARED]
    if len(latest) < FEWEST_COMPARED or len(earlier) < FEWEST_COMPARED:
        if latest:
            fact = _form_fact(f"{exercise}.form", latest)
            yield Statement("form", "form", (fact,), 0.3, exercise, name)
        return
    now = _form_fact(f"{exercise}.form", latest)
    before = _form_fact(f"{exercise}.form_before", earlier)
    change = float(now.value) - float(before.value)
    text = "form_rose" if change > 0 else "form_fell" if change < 0 else "form_same"
    notable = 4.0 if change < -2 else 3.0 if change > 2 else 0.4
    yield Statement(text, "form", (now, before), notable, exercise, name)


def _form_fact(name: str, measured: Sequence[tuple[ExercisePerformance, float]]) -> Fact:
    mean = fmean(form for _, form in measured)
    return Fact(name, round(100 * mean), _sources(row for row, _ in measured))


def _mean_form(row: ExercisePerformance) -> float | None:
    forms = [each.form for each in row.sets if each.form is not None]
    return fmean(forms) if forms else None


def _fault(
    exercise: str,
    performances: Sequence[ExercisePerformance],
    cues: Sequence[Cue],
    language: str,
) -> Iterator[Statement]:
    """Yield the fault of an exercise that most of the newest sessions have, with what to do."""
    sets = {(each.session_id, done.set) for each in performances for done in each.sets}
    sessions = {
        (each.fault, each.session_id)
        for each in cues
        if each.fault is not None and (each.session_id, each.set) in sets
    }
    times = Counter(fault for fault, _ in sessions)
    definition = all_exercises().get(exercise)
    if not times or definition is None:
        return
    faults = {each.id: each for each in definition.faults}
    fault = min(times, key=lambda each: (-times[each], each))
    if fault not in faults:
        return
    text, say = render(get_phrases(language).phrase(exercise, fault), faults[fault].cue)
    sources = tuple(sorted(_stream(session) for each, session in sessions if each == fault))
    facts = (
        Fact(f"{exercise}.fault", text, sources),
        Fact(f"{exercise}.fault_sessions", times[fault], sources),
        Fact(f"{exercise}.tip", say, (f"knowledge:{exercise}/{fault}",)),
    )
    name = {"exercise": exercise_name(exercise, language)}
    yield Statement("fault", "form", facts, 3.5 if times[fault] > 1 else 2.5, exercise, name)


def _bests(
    exercise: str,
    performances: Sequence[ExercisePerformance],
    training: Training,
    name: Mapping[str, str],
) -> Iterator[Statement]:
    """Yield the bests of all sessions: the oldest of equals."""
    most = max(reversed(performances), key=lambda each: each.most_repetitions)
    if most.most_repetitions:
        fact = Fact(f"{exercise}.most_repetitions", most.most_repetitions, _sources([most]))
        yield Statement("most_repetitions", "repetitions", (fact,), 0.1, exercise, name)
    heaviest = max(reversed(performances), key=lambda each: each.heaviest_kg)
    if heaviest.heaviest_kg:
        factor, unit = (POUNDS_PER_KG, "lb") if training.is_imperial else (1.0, "kg")
        load = round(heaviest.heaviest_kg * factor, 1)
        fact = Fact(f"{exercise}.heaviest_{unit}", load, _sources([heaviest]))
        yield Statement(f"heaviest_{unit}", "load", (fact,), 0.2, exercise, name)


def _neglected(training: Training, language: str) -> Iterator[Statement]:
    """Yield the movement pattern that recent training has least of, with an exercise of it."""
    recent = training.features.recent
    if recent is None or not recent.sessions:
        return
    entries = exercise_names().entries
    preferences = training.features.preferences
    owned = None if preferences.equipment is None else set(preferences.equipment)
    usable = [
        each
        for each in all_exercises()
        if each in entries
        and ("exercise", each) not in training.features.dismissed
        and not entries[each].strains & set(preferences.spared)
        and (owned is None or not entries[each].needs - owned)
    ]
    if not usable:
        return
    exercise = min(
        usable,
        key=lambda each: (
            recent.pattern_sets.get(entries[each].pattern, 0),
            len(entries[each].needs),
            each,
        ),
    )
    pattern = entries[exercise].pattern
    sets = recent.pattern_sets.get(pattern, 0)
    if sets > NEGLECTED_SETS:
        return
    since = training.now - timedelta(days=RECENT_DAYS)
    until = training.now + AHEAD
    sources = _sources(each for each in training.performances if since <= each.at < until)
    facts = Fact("days", RECENT_DAYS, ()), Fact(f"sets_14_days.{pattern}", sets, sources)
    values = {"exercise": exercise_name(exercise, language), "pattern": pattern}
    yield Statement("neglected", "balance", facts, 2.2, None, values)


def _sources(rows: Iterable[ExercisePerformance]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_stream(each.session_id) for each in rows))


def _stream(session: str) -> str:
    return f"{SESSION.category}-{session}"
