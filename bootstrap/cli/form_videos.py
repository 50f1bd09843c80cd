"""Labeled videos of `kinelog form`: read the labels and find the landmarks, or write both."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from application.analysis.cue_evaluation import CueVideo
from application.analysis.form_evaluation import LabeledVideo
from application.analysis.landmark_cache import (
    LandmarkCache,
    read_landmarks,
    write_landmarks,
)
from application.analysis.reviewed_sets import ReviewedSet
from bootstrap.cli.output import err
from bootstrap.cli.output import progress as progress_bar
from bootstrap.cli.output_file import named_failures
from bootstrap.settings import Settings
from bootstrap.wiring.pose import build_pose_estimator
from bootstrap.wiring.video import build_decoder
from domain.kernel import Rejected
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk

CORRECT = "correct"
WRONG = "wrong"


class LabelsInvalid(Rejected):
    """Labels must be a CSV file of videos, their exercises, and their faults."""

    code = "form.labels_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class VideoFolder:
    """Videos of a folder with their labels, and where their landmarks are kept.

    `refused`: code of the error for each video that could not be analyzed, filled by `landmarks`.
    """

    folder: Path
    videos: list[CueVideo]
    cache: Path | None
    refused: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def open(cls, folder: Path, labels: Path, exercise: str, cache: Path | None) -> "VideoFolder":
        """Read the labels. Raises LabelsInvalid, also if there is no video, or UnknownExercise."""
        videos = list(read_labels(labels, exercise))
        if not videos:
            raise LabelsInvalid(f"{labels} has no video.")
        return cls(folder, videos, cache)

    def landmarks(self) -> Iterator[tuple[CueVideo, PoseChunk]]:
        """Yield each video with its landmarks, and show the progress.

        A video that cannot be analyzed is named on standard error, and left out.
        """
        settings = Settings()
        with build_pose_estimator(settings) as estimator, progress_bar("Evaluating") as progress:
            store = LandmarkCache(
                folder=self.cache or settings.cache / "landmarks",
                decoder=build_decoder(settings),
                estimator=estimator,
            )
            for number, video in enumerate(self.videos):
                progress(number / len(self.videos))
                try:
                    chunk = _landmarks(self.folder / video.label.file, store)
                except Rejected as refusal:
                    self.refused[video.label.file] = refusal.code
                    err.print(f"{video.label.file}: {refusal.detail}")
                else:
                    yield video, chunk
            progress(1.0)


class FolderNotEmpty(Rejected):
    """The folder has files already. Choose a new or an empty one."""

    code = "form.folder_not_empty"
    kind = "conflict"


def write_reviewed_sets(folder: Path, sets: Iterable[ReviewedSet]) -> int:
    """Write landmarks and labels of sets; return how many.

    Raises FolderNotEmpty and OutputUnwritable.
    """
    with named_failures(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderNotEmpty
    rows = [("file", "label", "exercise", "source")]
    for number, each in enumerate(sets, start=1):
        path = folder / f"{number:05}.npz"
        with named_failures(path):
            write_landmarks(path, [each.poses])
        label = " ".join(each.faults) or CORRECT
        rows.append((path.name, label, each.exercise, f"athlete {each.athlete}"))
    path = folder / "labels.csv"
    with named_failures(path), path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return len(rows) - 1


def read_labels(path: Path, exercise: str) -> Iterator[CueVideo]:
    """Read the labels; `exercise` is that of rows without one.

    Raises LabelsInvalid with the number of the line, or UnknownExercise.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield _video(row, exercise, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError, csv.Error) as unreadable:
        raise LabelsInvalid(f"{path} cannot be read as CSV: {unreadable}.") from unreadable


def _video(row: dict[str, str | None], exercise: str, position: str) -> CueVideo:
    file, label = row.get("file"), (row.get("label") or "").split()
    if not file or not label:
        raise LabelsInvalid(f"{position}: the columns file and label are required.")
    definition = get_exercise(row.get("exercise") or exercise)
    faults = frozenset(label) - {CORRECT, WRONG}
    unknown = faults - {fault.id for fault in definition.faults}
    if unknown or (CORRECT in label and len(label) > 1):
        raise LabelsInvalid(
            f"{position}: {row.get('label')!r} is neither {CORRECT}, {WRONG} "
            f"nor faults of {definition.id}."
        )
    labeled = LabeledVideo(
        file=file,
        exercise=definition.id,
        source=row.get("source") or file,
        wrong=label != [CORRECT],
        faults=faults,
    )
    return CueVideo(labeled, frozenset((row.get("cues") or "").split()))


def _landmarks(path: Path, store: LandmarkCache) -> PoseChunk:
    if path.suffix == ".npz":
        return read_landmarks(path)
    return store.landmarks(path)
