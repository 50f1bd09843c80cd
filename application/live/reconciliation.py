"""Reconciliation of two counts of a set: by the device's landmarks, and by the server's (C-02).

The device's landmarks count at once. The server's, from the images, are folded beside them, and
both are compared when the set ends. The server's count is accepted if there were enough images to
count by; a few images show a fault, but not a repetition. An image in which the server does not
find the person whom the device sees does not count as seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise
from typing import Final

import numpy as np

from domain.coaching.cues import CoachedFact
from domain.kernel import value
from domain.motion import facts as motion
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.fold import LOST_AFTER_S, advance, begin, finish
from domain.motion.landmarks import PoseChunk
from domain.motion.state import MotionState
from domain.values import Look, PoseSource, is_same_movement

MIN_PICTURE_RATE_HZ: Final = 10.0
"""Rate of images from which the server counts as reliably as the device: of 152 recorded sets, 59 %
were counted right within one at 10 to 15 Hz, 40 % at 4 Hz and 26 % at 2 Hz (C-30)."""


@dataclass(frozen=True, eq=False)
class Opinion:
    """The server's landmarks of the images of a chunk, found by `model`.

    `beside`: the device found landmarks in some of these frames, too.
    """

    model: str
    chunk: PoseChunk
    beside: bool


@value
class TrackTally:
    """Totals of one track: frames, confirmed repetitions, faults of holds.

    `highest` is the highest number of a repetition, `latest_s` the time of the newest frame,
    `gap_s` the longest time without one.
    """

    latest_s: float
    frames: int = 0
    gap_s: float = 0.0
    highest: int = 0
    repetitions: tuple[motion.RepetitionCounted, ...] = ()
    held_badly: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults, each once, in order of their names."""
        seen = {fault for each in self.repetitions for fault in each.faults}
        return tuple(sorted(seen | {*self.held_badly}))


@value
class ServerTrack:
    """Two tracks of a set that began at `started_s`; `motion` is the state of the server's."""

    started_s: float
    model: str
    motion: MotionState
    device: TrackTally
    server: TrackTally


@value
class SetReconciled:
    """Comparison of both tracks at the end of a set. `stands` is the source of the accepted one.

    If that is the server, `withdrawn` are the numbers of the device's repetitions that were none,
    and `added` those that it missed, numbered on from its last.
    """

    device: Look
    server: Look
    stands: PoseSource
    withdrawn: tuple[int, ...]
    added: tuple[motion.RepetitionCounted, ...]

    @property
    def differs(self) -> bool:
        """Whether the two tracks have different results."""
        ours, theirs = self.server, self.device
        return (ours.repetitions, ours.faults) != (theirs.repetitions, theirs.faults)

    @property
    def repetitions(self) -> int:
        """The accepted count."""
        return self.server.repetitions if self.stands == "server" else self.device.repetitions


def begin_server_track(definition: ExerciseDefinition, model: str, started_s: float) -> ServerTrack:
    """Begin the server's track, with a server model, of a set without counted repetitions."""
    nothing = TrackTally(started_s)
    return ServerTrack(started_s, model, begin(definition), device=nothing, server=nothing)


def update_tracks(
    definition: ExerciseDefinition,
    second: ServerTrack,
    chunk: PoseChunk,
    facts: Iterable[CoachedFact],
    opinion: Opinion | None,
) -> ServerTrack:
    """Update both tracks with a chunk: the device's facts, and the server's landmarks."""
    second = replace(second, device=_add_to_tally(second.device, chunk.times_s.tolist(), facts))
    if opinion is None:
        return second
    moved = advance(definition, second.motion, opinion.chunk)
    server = _add_to_tally(second.server, _seen_times(opinion.chunk, chunk), moved.facts)
    return replace(second, motion=moved.state, server=server)


def _seen_times(ours: PoseChunk, theirs: PoseChunk) -> list[float]:
    """Return the times of the images in which the server saw the athlete, or the device did not."""
    missed = ~ours.has_pose & theirs.has_pose[np.isin(theirs.times_s, ours.times_s)]
    times: list[float] = ours.times_s[~missed].tolist()
    return times


def review(
    definition: ExerciseDefinition,
    second: ServerTrack,
    last: Iterable[CoachedFact],
    ended_s: float,
    device_model: str,
) -> SetReconciled:
    """Compare the tracks of a finished set; `last` are the device's final facts."""
    device = _with_facts(second.device, last)
    server = _with_facts(second.server, finish(definition, second.motion).facts)
    stands: PoseSource = "server" if _is_dense(server, second.started_s, ended_s) else "device"
    withdrawn, added = _corrections(device, server) if stands == "server" else ((), ())
    return SetReconciled(
        device=_look("device", device_model, device),
        server=_look("server", second.model, server),
        stands=stands,
        withdrawn=withdrawn,
        added=added,
    )


def _look(poses: PoseSource, model: str, tally: TrackTally) -> Look:
    return Look(poses, model, tally.frames, len(tally.repetitions), tally.faults)


def _is_dense(tally: TrackTally, started_s: float, ended_s: float) -> bool:
    """Whether a track has enough frames to count by, all through the set."""
    gap_s = max(tally.gap_s, ended_s - tally.latest_s)
    return tally.frames >= MIN_PICTURE_RATE_HZ * (ended_s - started_s) and gap_s <= LOST_AFTER_S


def _corrections(
    device: TrackTally, server: TrackTally
) -> tuple[tuple[int, ...], tuple[motion.RepetitionCounted, ...]]:
    """Return the device's wrong repetitions and the missed ones; none if the counts agree."""
    if len(device.repetitions) == len(server.repetitions):
        return (), ()
    theirs = [*device.repetitions]
    missed: list[motion.RepetitionCounted] = []
    for ours in server.repetitions:
        same = next((each for each in theirs if _is_same(each, ours)), None)
        if same is None:
            missed.append(ours)
        else:
            theirs.remove(same)
    numbered = zip(count(device.highest + 1), missed, strict=False)
    added = tuple(replace(each, number=number) for number, each in numbered)
    return tuple(each.number for each in theirs), added


def _is_same(one: motion.RepetitionCounted, other: motion.RepetitionCounted) -> bool:
    return is_same_movement((one.started_s, one.ended_s), (other.started_s, other.ended_s))


def _add_to_tally(
    tally: TrackTally, times: Sequence[float], facts: Iterable[CoachedFact]
) -> TrackTally:
    gaps = (later - earlier for earlier, later in pairwise((tally.latest_s, *times)))
    counted = replace(
        tally,
        latest_s=times[-1] if times else tally.latest_s,
        frames=tally.frames + len(times),
        gap_s=max((tally.gap_s, *gaps)),
    )
    return _with_facts(counted, facts)


def _with_facts(tally: TrackTally, facts: Iterable[CoachedFact]) -> TrackTally:
    for fact in facts:
        match fact:
            case motion.RepetitionCounted():
                standing = (*tally.repetitions, fact)
                highest = max(tally.highest, fact.number)
                tally = replace(tally, repetitions=standing, highest=highest)
            case motion.RepetitionsReconciled(withdrawn=withdrawn):
                kept = (each for each in tally.repetitions if each.number not in withdrawn)
                tally = replace(tally, repetitions=tuple(kept))
            case motion.HoldMeasured(faults=faults):
                tally = replace(tally, held_badly=(*tally.held_badly, *faults))
            case _:  # the others are neither repetitions nor of a hold
                pass
    return tally
