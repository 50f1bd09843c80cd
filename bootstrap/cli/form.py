"""`kinelog form`: evaluate the analysis of form on labeled films."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from application.analysis.form_evaluation import (
    FilmForm,
    FormFigures,
    LabelledFilm,
    evaluate,
    judge,
)
from application.analysis.landmark_cache import LandmarkCache, read_landmarks
from bootstrap.cli.output import JsonOption, err, out, print_json, print_table, table
from bootstrap.cli.output import progress as progress_bar
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from bootstrap.wiring.pose import build_pose_estimator
from bootstrap.wiring.video import build_decoder
from domain.kernel import Rejected
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk

app = typer.Typer(help="Evaluate the analysis of form.", no_args_is_help=True)

CORRECT = "correct"
WRONG = "wrong"


class LabelsInvalid(Rejected):
    """Labels must be a CSV file of films, their exercises, and their faults."""

    code = "form.labels_invalid"
    kind = "invalid"


@app.callback()
def _group() -> None:
    """Make the application a group although it has only one command so far."""


@app.command("evaluate")
def evaluate_(
    folder: Annotated[Path, typer.Argument(help="The films, or their landmarks as .npz files.")],
    *,
    labels: Annotated[
        Path,
        typer.Option(
            help="A CSV file with the columns file and label: correct, wrong, or names of faults "
            "separated by spaces; optionally exercise and source.",
        ),
    ],
    exercise: Annotated[str, typer.Option(help="The exercise of films whose row names none.")] = "",
    cache: Annotated[
        Path | None,
        typer.Option(help="Keep the landmarks of films in this folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare what is told of films with their labels: precision, recall, AUC and calibration.

    An interrupted run continues where it stopped. Exits with 1 if a film could not be analyzed.
    """
    films = list(read_labels(labels, exercise))
    if not films:
        raise LabelsInvalid(f"{labels} has no film.")
    settings = Settings()
    store = LandmarkCache(
        folder=cache or settings.cache / "landmarks",
        decoder=build_decoder(settings),
        estimator=build_pose_estimator(settings),
    )
    judged: list[FilmForm] = []
    refused: dict[str, str] = {}
    with progress_bar("Evaluating") as progress:
        for number, film in enumerate(films):
            progress(number / len(films))
            try:
                chunk = _landmarks(folder / film.file, store)
                judged.append(judge(film, [chunk]))
            except Rejected as refusal:
                refused[film.file] = refusal.code
                err.print(f"{film.file}: {refusal.detail}", markup=False)
        progress(1.0)
    figures = evaluate(judged)
    if as_json:
        print_json({"figures": figures, "films": judged, "refused": refused})
    else:
        _show(figures)
    if refused:
        raise typer.Exit(FAILED)


def read_labels(path: Path, exercise: str) -> Iterator[LabelledFilm]:
    """Read the labels; `exercise` is that of rows without one.

    Raises LabelsInvalid with the number of the line, or UnknownExercise.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield _film(row, exercise, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError, csv.Error) as unreadable:
        raise LabelsInvalid(f"{path} cannot be read as CSV: {unreadable}.") from unreadable


def _film(row: dict[str, str | None], exercise: str, position: str) -> LabelledFilm:
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
    return LabelledFilm(
        file=file,
        exercise=definition.id,
        source=row.get("source") or file,
        wrong=label != [CORRECT],
        faults=faults,
    )


def _landmarks(path: Path, store: LandmarkCache) -> PoseChunk:
    if path.suffix == ".npz":
        return read_landmarks(path)
    return store.landmarks(path)


def _show(figures: list[FormFigures]) -> None:
    numbers = ("films", "judged", "with it", "precision", "recall", "false alarms", "AUC", "95 %")
    result = table(None, "exercise", "fault", "sources", *numbers, right=("sources", *numbers))
    for each in figures:
        interval = each.auc_interval
        result.add_row(
            each.exercise,
            each.fault or "any",
            *(str(count) for count in (each.sources, each.films, each.judged, each.faulty)),
            *map(_number, (each.precision, each.recall, each.false_alarms, each.auc)),
            "" if interval is None else f"{interval[0]:.2f}-{interval[1]:.2f}",
        )
    print_table(result)
    for each in figures:
        out.print(f"{each.exercise}, {each.fault or 'any'}: films with it, by score")
        for part in each.calibration:
            out.print(f"  {part.low:.1f}-{part.high:.1f}: {part.faulty} of {part.films}")


def _number(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"
