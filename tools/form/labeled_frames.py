"""Frames of people training, each labeled by a coach as correct or as a fault.

A folder has CSV files; every row is one pose: `label`, then `<landmark>_x`, `_y`, `_z` and `_v` of
as many landmarks as the file has, in MediaPipe's format. A manifest maps the labels to faults, in
the columns file, exercise, label, fault (empty for correct). The manifest in this folder is for the
folder `core` of `NgoQuocBao1010/Exercise-Correction` on GitHub (MIT).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from domain.motion.exercises.definition import Fault
from domain.motion.form.faults import is_beyond
from domain.motion.landmarks import LANDMARK_COUNT, Landmark, PoseChunk
from domain.motion.signals.body import Body, body_of, facing
from domain.motion.signals.measures import measure

MANIFEST: Final = Path(__file__).with_name("labeled_frames.csv")

ASPECT_RATIO: Final = 16 / 9
"""Assumed aspect ratio of the frames, which was not recorded: most videos have this one."""


@dataclass(frozen=True)
class Frame:
    """Pose and its fault, None if correct, of the faults `labeled` in its file."""

    exercise: str
    fault: str | None
    labeled: frozenset[str]
    body: Body

    @property
    def facing(self) -> float:
        """Return the direction of the trunk: 1 to the camera, 0 sideways, -1 away."""
        return float(facing(self.body)[0])

    def found(self, fault: Fault) -> bool | None:
        """Return whether the pose shows a fault; None if the file lacks the landmarks to tell."""
        value = self.value(fault)
        return None if value is None else is_beyond(fault, value)

    def value(self, fault: Fault) -> float | None:
        """Return the fault's measure of the pose; None if the file lacks the landmarks for it."""
        value = float(measure(self.body, fault.measure, fault.sides)[0])
        return None if np.isnan(value) else value


def labeled_frames(folder: Path, manifest: Path) -> Iterator[Frame]:
    """Return every frame whose label is in the manifest."""
    with manifest.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for name in dict.fromkeys(row["file"] for row in rows):
        meanings = {row["label"]: row["fault"] or None for row in rows if row["file"] == name}
        exercise = next(row["exercise"] for row in rows if row["file"] == name)
        faults = frozenset(fault for fault in meanings.values() if fault is not None)
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["label"] in meanings:
                    yield Frame(exercise, meanings[row["label"]], faults, body_of(_pose(row)))


def _pose(row: dict[str, str]) -> PoseChunk:
    image = np.full((1, LANDMARK_COUNT, 4), np.nan, np.float32)
    for landmark in Landmark:
        for axis, letter in enumerate("xyzv"):
            cell = row.get(f"{landmark.name.lower()}_{letter}")
            if cell:
                image[0, landmark, axis] = float(cell)
    # Angles need no meters, only axes of one scale; z has that of x, whose unit is the width.
    world = image[:, :, :3] * np.array([ASPECT_RATIO, 1.0, ASPECT_RATIO], np.float32)
    return PoseChunk(np.zeros(1), image, world, ASPECT_RATIO)
