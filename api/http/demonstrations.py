"""Demonstrations of exercises, as an animated figure."""

import math
from typing import Final

from fastapi import APIRouter, Request, Response

from api.config import ApiConfig
from api.problem_details import problem_responses
from api.views.base import Body
from domain.kernel import Rejected
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk

CACHE_CONTROL: Final = "public, max-age=86400"
"""Cacheable for a day: it changes with releases only and holds no personal data."""

DECIMALS: Final = 4
"""A ten-thousandth of the picture is below what is visible."""

router = APIRouter(prefix="/v1/exercises", tags=["exercises"])


class DemonstrationNotFound(Rejected):
    """This exercise has no demonstration."""

    code = "exercise.not_shown"
    kind = "not_found"


class Demonstration(Body):
    """One repetition, or some seconds of a hold, to be shown in a loop.

    `times_ms` are those of the frames. A frame has the 33 BlazePose landmarks in order, each as x
    and y relative to the picture from its upper left corner; `aspect_ratio` is width by height.
    """

    exercise: str
    aspect_ratio: float
    times_ms: list[int]
    frames: list[list[tuple[float, float] | None]]

    @classmethod
    def of(cls, name: str, chunk: PoseChunk) -> "Demonstration":
        """Return the view of a chunk; landmarks that are not visible are null."""
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
    summary="Get a demonstration of an exercise",
    responses=problem_responses(404),
)
def demonstration(exercise_id: str, request: Request, response: Response) -> Demonstration:
    """Return the figure, frame by frame. Raises Rejected if unknown or without demonstration."""
    config: ApiConfig = request.app.state.config
    definition = get_exercise(exercise_id)
    chunk = None if config.demonstration is None else config.demonstration(definition.id)
    if chunk is None:
        raise DemonstrationNotFound
    response.headers["Cache-Control"] = CACHE_CONTROL
    return Demonstration.of(definition.id, chunk)
