"""The choice of the pose model: by a known name, or by a file."""

from pathlib import Path
from typing import Final

from adapters.pose.model_file import BLAZEPOSE, PoseModelSource, Recipe
from adapters.pose.movenet_model import MOVENET

MODELS: Final[dict[str, Recipe]] = {"blazepose": BLAZEPOSE, "movenet": MOVENET}

MOVENET_SUFFIX: Final = ".onnx"


def find_model(cache: Path, chosen: Path | None) -> PoseModelSource:
    """Return where the chosen model comes from: BlazePose by default.

    `chosen` is a known name, or a file: MoveNet if it ends with .onnx, otherwise a MediaPipe model.
    """
    if chosen is None:
        return PoseModelSource(cache)
    if (named := MODELS.get(str(chosen))) is not None:
        return PoseModelSource(cache, recipe=named)
    given = MOVENET if chosen.suffix == MOVENET_SUFFIX else BLAZEPOSE
    return PoseModelSource(cache, chosen, given)


def find_model_of_pages(cache: Path, chosen: Path | None) -> PoseModelSource:
    """Return where the model of browsers comes from: they only run BlazePose, by MediaPipe."""
    source = find_model(cache, chosen)
    return source if source.recipe is BLAZEPOSE else PoseModelSource(cache)
