"""Evaluation of cues: play labeled videos as a live camera would, and judge every cue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from application.analysis.form_evaluation import LabeledVideo
from application.live.chunk import FrameChunk
from application.live.tracker import TrackerState, track
from domain.coaching.cue_memory import Cue
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.camera_framing import check_framing
from domain.values import View

CHUNK_S = 0.5
"""Length of the chunks that a live client sends."""


@dataclass(frozen=True)
class CueVideo:
    """A labeled video, and the cues that are right for it besides those of its faults.

    Framing advice is right only if it is listed, because a label of form does not tell how the
    camera was placed.
    """

    label: LabeledVideo
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlayedCue:
    """A correction or framing advice that was given: id, caption, seconds and camera view.

    `right` is None if the label does not tell: the video is wrong, and no fault is named.
    """

    cue: str
    text: str
    at_s: float
    view: View | None
    repetition: int | None
    right: bool | None


@dataclass(frozen=True)
class VideoCues:
    """Repetitions of a video, and the cues that the coach gave. Praise is left out."""

    label: LabeledVideo
    repetitions: int
    cues: tuple[PlayedCue, ...]


@dataclass(frozen=True)
class CueFigures:
    """Number of times a cue was given from a view, and its precision; None if no label tells."""

    exercise: str
    cue: str
    view: View | None
    videos: int
    given: int
    right: int
    wrong: int
    precision: float | None


@dataclass(frozen=True)
class CueEvaluation:
    """Figures of each cue and view, and wrong cues on videos without a fault.

    `per_hundred`: wrong cues per 100 repetitions of these videos; None without repetitions.
    """

    correct_videos: int
    correct_repetitions: int
    wrong_cues: int
    per_hundred: float | None
    figures: tuple[CueFigures, ...]


def play(video: CueVideo, chunk: PoseChunk) -> VideoCues:
    """Track the landmarks of a video as one live set of its exercise. Raises UnknownExercise."""
    definition = get_exercise(video.label.exercise)
    state: TrackerState | None = None
    repetitions: dict[int, RepetitionCounted] = {}
    cues: list[tuple[Cue, View | None]] = []
    parts = list(_parts(chunk))
    for sequence, part in enumerate(parts, start=1):
        message = FrameChunk(
            set=1,
            sequence=sequence,
            exercise=definition.id,
            model="landmarks of a video",
            last=sequence == len(parts),
            chunk=part,
        )
        state, detections = track(state, sequence, message)
        view = check_framing(definition, part).view
        for fact in (each.fact for each in detections):
            if isinstance(fact, RepetitionCounted):
                repetitions[fact.number] = fact
            elif isinstance(fact, Cue) and fact.category != "praise":
                about = repetitions.get(fact.repetition or 0)
                cues.append((fact, view if about is None else about.view))
    counted = 0 if state is None else state.feedback.repetitions
    return VideoCues(video.label, counted, tuple(_played(video, *each) for each in cues))


def evaluate_cues(videos: Iterable[VideoCues]) -> CueEvaluation:
    """Return the precision of each cue and view, and the wrong cues on videos without a fault."""
    played = list(videos)
    correct = [video for video in played if not video.label.wrong]
    wrong = sum(cue.right is False for video in correct for cue in video.cues)
    repetitions = sum(video.repetitions for video in correct)
    tallies: dict[tuple[str, str, View | None], _Tally] = {}
    for video in played:
        for cue in video.cues:
            key = video.label.exercise, cue.cue, cue.view
            tallies.setdefault(key, _Tally()).add(video.label.file, cue)
    keys = sorted(tallies, key=lambda key: (key[0], key[1], key[2] or ""))
    return CueEvaluation(
        correct_videos=len(correct),
        correct_repetitions=repetitions,
        wrong_cues=wrong,
        per_hundred=100.0 * wrong / repetitions if repetitions else None,
        figures=tuple(tallies[key].figures(*key) for key in keys),
    )


@dataclass
class _Tally:
    videos: set[str] = field(default_factory=set[str])
    given: int = 0
    right: int = 0
    wrong: int = 0

    def add(self, video: str, cue: PlayedCue) -> None:
        self.videos.add(video)
        self.given += 1
        self.right += cue.right is True
        self.wrong += cue.right is False

    def figures(self, exercise: str, cue: str, view: View | None) -> CueFigures:
        judged = self.right + self.wrong
        return CueFigures(
            exercise=exercise,
            cue=cue,
            view=view,
            videos=len(self.videos),
            given=self.given,
            right=self.right,
            wrong=self.wrong,
            precision=self.right / judged if judged else None,
        )


def _played(video: CueVideo, cue: Cue, view: View | None) -> PlayedCue:
    unnamed = video.label.wrong and not video.label.faults
    right = cue.cue in video.right or cue.cue in video.label.faults
    return PlayedCue(
        cue=cue.cue,
        text=cue.text,
        at_s=cue.at_s,
        view=view,
        repetition=cue.repetition,
        right=True if right else None if unnamed else False,
    )


def _parts(chunk: PoseChunk) -> Iterator[PoseChunk]:
    """Yield the frames in chunks as a live client sends them."""
    slots: list[int] = np.floor(chunk.times_s / CHUNK_S).astype(int).tolist()
    bounds = [0, *(n for n in range(1, len(slots)) if slots[n] != slots[n - 1]), len(slots)]
    for start, end in pairwise(bounds):
        world = None if chunk.world is None else chunk.world[start:end]
        yield PoseChunk(chunk.times_s[start:end], chunk.image[start:end], world, chunk.aspect_ratio)
