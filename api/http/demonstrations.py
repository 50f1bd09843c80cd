"""How exercises are done, as a figure that pages and apps can draw."""

import math
from typing import Final

from fastapi import APIRouter, Request, Response

from api.config import ApiConfig
from api.problem_details import problem_responses
from api.views.base import Body
from domain.kernel import Rejected
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk

KEPT: Final = "public, max-age=86400"
"""It changes with a release at most, and says nothing of anybody."""

DECIMALS: Final = 4
"""A ten-thousandth of the picture is less than can be seen."""

router = APIRouter(prefix="/v1/exercises", tags=["exercises"])


class ExerciseNotShown(Rejected):
    """Nobody has drawn how this exercise is done."""

    code = "exercise.not_shown"
    kind = "not_found"


class Demonstration(Body):
    """One repetition, or some seconds of a hold, to be shown again and again.

    `times_ms` are those of the frames. A frame has the 33 points of BlazePose in its order, each x
    and y as shares of the picture from its upper left corner; `aspect_ratio` is its width by its
    height.
    """

    exercise: str
    aspect_ratio: float
    times_ms: list[int]
    frames: list[list[tuple[float, float] | None]]

    @classmethod
    def of(cls, name: str, chunk: PoseChunk) -> "Demonstration":
        """Tell frames; a point that was not seen is none."""
        return cls(
            exercise=name,
            aspect_ratio=chunk.aspect_ratio,
            times_ms=[round(1000 * float(time)) for time in chunk.times_s],
            frames=[[_place(x, y) for x, y, *_ in frame] for frame in chunk.image.tolist()],
        )


def _place(x: float, y: float) -> tuple[float, float] | None:
    return None if math.isnan(x) else (round(x, DECIMALS), round(y, DECIMALS))


@router.get(
    "/{exercise_id}/demonstration",
    operation_id="exerciseDemonstration",
    summary="How it is done: a figure's points, frame by frame",
    responses=problem_responses(404),
)
def demonstration(exercise_id: str, request: Request, response: Response) -> Demonstration:
    """Show an exercise. Raises Rejected for one that is not known, or was not drawn."""
    config: ApiConfig = request.app.state.config
    known = get_exercise(exercise_id)
    chunk = None if config.demonstration is None else config.demonstration(known.id)
    if chunk is None:
        raise ExerciseNotShown
    response.headers["Cache-Control"] = KEPT
    return Demonstration.of(known.id, chunk)
