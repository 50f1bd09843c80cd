"""Evaluation of cues: play labeled films as a live camera would, and judge every cue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from application.analysis.form_evaluation import LabelledFilm
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
class CueFilm:
    """A labeled film, and the cues that are right for it besides those of its faults.

    Framing advice is right only if it is listed, because a label of form does not tell how the
    camera was placed.
    """

    film: LabelledFilm
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlayedCue:
    """A correction or framing advice that was given: id, caption, seconds and camera view.

    `right` is None if the label does not tell: the film is wrong, and no fault is named.
    """

    cue: str
    text: str
    at_s: float
    view: View | None
    repetition: int | None
    right: bool | None


@dataclass(frozen=True)
class FilmCues:
    """Repetitions of a film, and the cues that the coach gave. Praise is left out."""

    film: LabelledFilm
    repetitions: int
    cues: tuple[PlayedCue, ...]


@dataclass(frozen=True)
class CueFigures:
    """Number of times a cue was given from a view, and its precision; None if no label tells."""

    exercise: str
    cue: str
    view: View | None
    films: int
    given: int
    right: int
    wrong: int
    precision: float | None


@dataclass(frozen=True)
class CueEvaluation:
    """Figures of each cue and view, and wrong cues on films without a fault.

    `per_hundred`: wrong cues per 100 repetitions of these films; None without repetitions.
    """

    correct_films: int
    correct_repetitions: int
    wrong_cues: int
    per_hundred: float | None
    figures: tuple[CueFigures, ...]


def play(film: CueFilm, chunk: PoseChunk) -> FilmCues:
    """Track the landmarks of a film as one live set of its exercise. Raises UnknownExercise."""
    definition = get_exercise(film.film.exercise)
    state: TrackerState | None = None
    repetitions: dict[int, RepetitionCounted] = {}
    cues: list[tuple[Cue, View | None]] = []
    parts = list(_parts(chunk))
    for sequence, part in enumerate(parts, start=1):
        message = FrameChunk(
            set=1,
            sequence=sequence,
            exercise=definition.id,
            model="landmarks of a film",
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
    return FilmCues(film.film, counted, tuple(_played(film, *each) for each in cues))


def evaluate_cues(films: Iterable[FilmCues]) -> CueEvaluation:
    """Return the precision of each cue and view, and the wrong cues on films without a fault."""
    played = list(films)
    correct = [film for film in played if not film.film.wrong]
    wrong = sum(cue.right is False for film in correct for cue in film.cues)
    repetitions = sum(film.repetitions for film in correct)
    tallies: dict[tuple[str, str, View | None], _Tally] = {}
    for film in played:
        for cue in film.cues:
            key = film.film.exercise, cue.cue, cue.view
            tallies.setdefault(key, _Tally()).add(film.film.file, cue)
    keys = sorted(tallies, key=lambda key: (key[0], key[1], key[2] or ""))
    return CueEvaluation(
        correct_films=len(correct),
        correct_repetitions=repetitions,
        wrong_cues=wrong,
        per_hundred=100.0 * wrong / repetitions if repetitions else None,
        figures=tuple(tallies[key].figures(*key) for key in keys),
    )


@dataclass
class _Tally:
    films: set[str] = field(default_factory=set[str])
    given: int = 0
    right: int = 0
    wrong: int = 0

    def add(self, film: str, cue: PlayedCue) -> None:
        self.films.add(film)
        self.given += 1
        self.right += cue.right is True
        self.wrong += cue.right is False

    def figures(self, exercise: str, cue: str, view: View | None) -> CueFigures:
        judged = self.right + self.wrong
        return CueFigures(
            exercise=exercise,
            cue=cue,
            view=view,
            films=len(self.films),
            given=self.given,
            right=self.right,
            wrong=self.wrong,
            precision=self.right / judged if judged else None,
        )


def _played(film: CueFilm, cue: Cue, view: View | None) -> PlayedCue:
    unnamed = film.film.wrong and not film.film.faults
    right = cue.cue in film.right or cue.cue in film.film.faults
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
