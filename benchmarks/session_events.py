"""Events per second recorded in a session of 1,000 events, compared with a plain insert.

Three alternatives take turns on one disk, each with its own session of 1,000 events, and each
recording one repetition after the other: `snapshot`, the detection recorder of the workers and of
the embedded composition, which caches the session; `reload`, the same recorder without its cache,
which loads and folds the whole session each time; `raw`, the plain insert of `benchmarks.eventlog`.
A ratio is that of the times in a round; the median counts.

Run `python -m benchmarks.session_events [--percent 100] [--json]`; percent of the usual rounds.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from adapters.clock import new_id, utc_now
from adapters.event_log.sqlite import SqliteEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from application.live.chunk import SessionKey
from application.live.detections import DetectionRecorder
from application.live.tracker import Detection, TrackedSet
from benchmarks._report import WARM_UP, Row, part, print_report, seconds
from benchmarks.eventlog import ORIGIN, TENANT, ByHand, facts, repetition
from domain.ids import ExerciseId, SessionId, UserId
from domain.motion import facts as motion
from domain.motion.exercises import library
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo

EVENTS: Final = 1000
"""Events in each session before the first round."""
ROUNDS: Final = 300
MODEL: Final = "pose_landmarker_lite"
TEMPO: Final = Tempo(0.9, 0.1, 0.7, 0.1)

Enter = Callable[[int], object]
"""Records the repetition with this number."""


def recorder_of(log: EventLog, session: str, *, remembers: bool) -> Enter:
    """Start a session of 1,000 events, and return the function that records the next ones."""
    handler = CommandHandler(log, settled=lambda _: None)
    counted_by = CountedBy("server", MODEL, 1)
    start = [
        commands.StartSession(athlete_id=UserId("ada"), at=utc_now()),
        commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=counted_by),
    ]
    counts = [
        commands.CountRepetition(
            source="server",
            set=1,
            number=number,
            span=Span(number * 2000, number * 2000 + 1800),
            tempo=TEMPO,
            range_of_motion_deg=95.25,
            symmetry=0.97,
            form=0.86,
            confidence=0.93,
            faults=("knees_in",),
            unjudged=(),
        )
        for number in range(1, EVENTS - 1)
    ]
    request = Request(SESSION, session, [*start, *counts])
    handler.execute(request, origin=ORIGIN, command_id=new_id())
    key = SessionKey(TENANT, SessionId(session))
    tracked = TrackedSet(1, "squat", library.get_exercise("squat").version, MODEL)
    recorder = DetectionRecorder(handler)

    def enter(number: int) -> None:
        used = recorder if remembers else DetectionRecorder(handler)
        detection = Detection(tracked, number, number + 1, counted(EVENTS - 1 + number))
        used.record(key, detection.id(key), detection, ORIGIN)

    enter(0)  # the first one reads the whole session even with a cache
    return enter


def counted(number: int) -> motion.RepetitionCounted:
    """Return a repetition as the tracker detects it."""
    return motion.RepetitionCounted(
        number=number,
        started_s=2.0 * number,
        ended_s=2.0 * number + 1.8,
        tempo=TEMPO,
        range_of_motion_deg=95.25,
        symmetry=0.97,
        form=0.86,
        confidence=0.93,
        faults=("knees_in",),
    )


def by_hand(path: Path) -> Enter:
    """Write the same events by plain SQL, and return the function that inserts the next ones."""
    raw = ByHand(path)
    raw.append("session-raw", 0, facts(EVENTS))
    raw.append("session-raw", EVENTS, [repetition(EVENTS)])
    return lambda number: raw.append("session-raw", EVENTS + number, [repetition(EVENTS + number)])


def run(percent: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per alternative."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = SqliteEventLog(Path(folder, "log.sqlite"), clock=utc_now, new_id=new_id)
        ways: dict[str, Enter] = {
            "snapshot": recorder_of(log, "remembered", remembers=True),
            "reload": recorder_of(log, "reloaded", remembers=False),
            "raw": by_hand(Path(folder, "raw.sqlite")),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(1, 1 + WARM_UP + part(ROUNDS, percent)):
            for name, enter in ways.items():
                times[name].append(seconds(lambda enter=enter: enter(number)))  # type: ignore[misc]
        log.close()
    return [_row(name, taken[WARM_UP:], times["raw"][WARM_UP:]) for name, taken in times.items()]


def _row(name: str, taken: list[float], raw: list[float]) -> Row:
    ratios = [ours / theirs for ours, theirs in zip(taken, raw, strict=True)]
    return {
        "way": name,
        "events": EVENTS,
        "us": round(1e6 * median(taken), 1),
        "a_second": round(1 / median(taken)),
        "to_raw": round(median(ratios), 2),
    }


if __name__ == "__main__":
    print_report(__doc__, run, percent=100)
