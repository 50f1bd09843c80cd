"""`kinelog landmarks`: count repetitions in landmark arrays, without a video."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import numpy.typing as npt
import typer
from numpy.lib.npyio import NpzFile

from application.analysis.landmark_arrays import (
    DAMAGED_ARRAY,
    ClipCount,
    LandmarksInvalid,
    count_repetitions,
)
from bootstrap.cli.output import out, plain, print_json
from bootstrap.cli.output import progress as progress_bar
from domain.motion.counting.count_confidence import DOUBTFUL
from domain.motion.exercises.library import get_exercise
from domain.motion.signals.skeletons import BLAZEPOSE_33, SKELETONS
from domain.motion.signals.skeletons import get_skeleton as find_skeleton

app = typer.Typer(help="Count repetitions in landmark arrays.", no_args_is_help=True)


@dataclass(frozen=True)
class Clip:
    """One row of the manifest."""

    name: str
    exercise: str
    fps: float


@app.callback()
def _group() -> None:
    """Make the application a group although it has only one command so far."""


@app.command("count")
def count_(
    landmarks: Annotated[
        Path,
        typer.Argument(
            help="An .npz file, one array per clip: (frames, 33, 3 or 4) for x, y, z, visibility; "
            "for another skeleton (frames, points, 2 or 3) for x, y, score."
        ),
    ],
    *,
    manifest: Annotated[
        Path,
        typer.Option(help="A CSV file with the columns clip and exercise, and optionally fps."),
    ],
    fps: Annotated[
        float,
        typer.Option(min=1, max=1000, help="Frames per second of clips whose row has no fps."),
    ] = 30.0,
    skeleton: Annotated[
        str, typer.Option(help=f"The skeleton of the landmarks: {', '.join(SKELETONS)}.")
    ] = BLAZEPOSE_33.name,
    aspect_ratio: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=10,
            help="Width of the image divided by its height, if x and y are normalized.",
        ),
    ] = 1.0,
    as_json: Annotated[
        bool, typer.Option("--jsonl", "--json", help="Print one JSON object per line.")
    ] = False,
) -> None:
    """Count the repetitions in each clip of the manifest."""
    source = find_skeleton(skeleton)
    clips = list(read_manifest(manifest, fps))
    if not clips:
        raise LandmarksInvalid(f"{manifest} has no clip.")
    with open_landmarks(landmarks) as arrays, progress_bar("Counting") as progress:
        for number, clip in enumerate(clips, start=1):
            array = read_array(arrays, clip.name, landmarks)
            counted = count_repetitions(
                array, get_exercise(clip.exercise), clip.fps, source, aspect_ratio
            )
            if as_json:
                print_json({"clip": clip.name, **plain(counted)})
            else:
                out.print(describe(clip.name, counted))
            progress(number / len(clips))


def describe(clip: str, counted: ClipCount) -> str:
    """Describe the count of a clip, and say so if it is uncertain."""
    confidence = counted.confidence
    if confidence is None or confidence >= DOUBTFUL:
        return f"{clip}: {counted.repetitions}"
    return f"{clip}: {counted.repetitions}, uncertain (within one: {confidence:.0%})"


def read_manifest(path: Path, default_fps: float) -> Iterator[Clip]:
    """Read the manifest. Raises LandmarksInvalid with the number of the invalid line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield _clip(row, default_fps, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError, csv.Error) as unreadable:
        raise LandmarksInvalid(f"{path} cannot be read as CSV: {unreadable}.") from unreadable


def _clip(row: dict[str, str | None], default_fps: float, position: str) -> Clip:
    name, exercise_name = row.get("clip"), row.get("exercise")
    if not name or not exercise_name:
        raise LandmarksInvalid(f"{position}: the columns clip and exercise are required.")
    try:
        fps = float(row.get("fps") or default_fps)
    except ValueError:
        fps = float("nan")
    if not 1 <= fps <= 1000:
        raise LandmarksInvalid(
            f"{position}: fps is {row.get('fps')!r}, not a number from 1 to 1000."
        )
    return Clip(name, exercise_name, fps)


def open_landmarks(path: Path) -> "NpzFile[Any]":
    """Open an .npz file of plain arrays. Raises LandmarksInvalid."""
    try:
        opened: NpzFile[Any] | npt.NDArray[Any] = np.load(path, allow_pickle=False)
    except DAMAGED_ARRAY as unreadable:
        raise LandmarksInvalid(f"{path} is not an .npz file of arrays.") from unreadable
    if not isinstance(opened, NpzFile):
        raise LandmarksInvalid(f"{path} holds one array; use an .npz file with one array per clip.")
    return opened


def read_array(arrays: "NpzFile[Any]", name: str, path: Path) -> "npt.NDArray[Any]":
    """Read the landmarks of a clip. Raises LandmarksInvalid."""
    unreadable = LandmarksInvalid(f"The clip {name!r} of {path} cannot be read.")
    try:
        array = cast("npt.NDArray[Any] | bytes", arrays[name])
    except KeyError as missing:
        raise LandmarksInvalid(f"{path} has no clip {name!r}.") from missing
    except DAMAGED_ARRAY as damaged:
        raise unreadable from damaged
    if isinstance(array, bytes):  # they do not begin as an array
        raise unreadable
    return array
