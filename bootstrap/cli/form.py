"""`kinelog form`: evaluate the analysis of form on labeled videos."""

from pathlib import Path
from typing import Annotated

import typer

from application.analysis.cue_evaluation import (
    CueEvaluation,
    VideoCues,
    evaluate_cues,
    play,
)
from application.analysis.form_cross_validation import (
    CrossValidated,
    CrossValidatedForm,
    MeasuredVideo,
    cross_validate,
    cross_validate_form,
    measure_video,
)
from application.analysis.form_evaluation import FormFigures, VideoForm, evaluate, judge
from application.analysis.recognition_evaluation import (
    RecognitionFigures,
    RecognizedVideo,
    evaluate_recognition,
    recognize_video,
)
from application.analysis.reviewed_sets import Skipped, reviewed_sets
from bootstrap.cli.form_videos import VideoFolder, write_reviewed_sets
from bootstrap.cli.output import (
    JsonOption,
    TenantOption,
    out,
    print_json,
    print_table,
    quantity,
    table,
)
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.exit_codes import FAILED
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId

app = typer.Typer(help="Evaluate the analysis of form.", no_args_is_help=True)

FolderArgument = Annotated[
    Path, typer.Argument(help="The videos, or their landmarks as .npz files.")
]
ExerciseOption = Annotated[str, typer.Option(help="The exercise of videos whose row names none.")]
CacheOption = Annotated[
    Path | None, typer.Option(help="Keep the landmarks of videos in this folder.")
]


@app.command("evaluate")
def evaluate_(
    folder: FolderArgument,
    *,
    labels: Annotated[
        Path,
        typer.Option(
            help="A CSV file with the columns file and label: correct, wrong, or names of faults "
            "separated by spaces; optionally exercise and source.",
        ),
    ],
    exercise: ExerciseOption = "",
    cache: CacheOption = None,
    folds: Annotated[
        bool,
        typer.Option(
            "--cross-validate",
            help="Also judge each video by bounds from the correct videos of other sources.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare reported faults of videos with their labels: precision, recall, AUC and calibration.

    An interrupted run continues where it stopped. Exits with 1 if a video could not be analyzed.
    """
    videos = VideoFolder.open(folder, labels, exercise, cache)
    judged: list[VideoForm] = []
    measured: list[MeasuredVideo] = []
    for video, chunk in videos.landmarks():
        judged.append(judge(video.label, [chunk]))
        one = measure_video(video.label, [chunk]) if folds else None
        measured += [] if one is None else [one]
    figures = evaluate(judged)
    unseen, unseen_form = cross_validate(measured), cross_validate_form(measured)
    if as_json:
        report = {"figures": figures, "videos": judged, "refused": videos.refused}
        validated = {"cross_validated": unseen, "cross_validated_form": unseen_form}
        print_json({**report, **validated} if folds else report)
    else:
        _show(figures)
        if folds:
            _show_cross_validated(unseen)
            _show_cross_validated_form(unseen_form)
    if videos.refused:
        raise typer.Exit(FAILED)


@app.command("feedback")
def feedback(
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")],
    *,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Write recorded sets whose faults their athlete contradicted, as videos with labels.

    The folder gets landmarks and a labels.csv for `evaluate`. It names nobody, but landmarks show
    how a person moves: keep it like other training data. Sets of athletes with an account who do
    not consent to research are left out.
    """
    skipped, settings = Skipped(), Settings()
    with open_platform(settings) as platform:
        require_tenant(settings, TenantId(tenant))
        sets = reviewed_sets(platform, TenantId(tenant), skipped)
        written = write_reviewed_sets(folder, sets)
    if as_json:
        print_json({"sets": written, "skipped": skipped})
        return
    out.print(
        f"{written} sets written to {folder}; left out: {skipped.unrecorded} without landmarks, "
        f"{skipped.unconsented} without consent to research.",
    )


@app.command("cues")
def cues(
    folder: FolderArgument,
    *,
    labels: Annotated[
        Path,
        typer.Option(
            help="A CSV file as for evaluate; optionally with a column cues: other cues that are "
            "right for the video, separated by spaces.",
        ),
    ],
    exercise: ExerciseOption = "",
    cache: CacheOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play videos as a live camera would, and list every cue with its time, view and verdict.

    Prints the precision of each cue and view, and the number of wrong cues in 100 repetitions of
    correct videos. Praise is left out. Exits with 1 if a video could not be analyzed.
    """
    videos = VideoFolder.open(folder, labels, exercise, cache)
    played = [play(video, chunk) for video, chunk in videos.landmarks()]
    result = evaluate_cues(played)
    if as_json:
        print_json({"result": result, "videos": played, "refused": videos.refused})
    else:
        _show_cues(played, result)
    if videos.refused:
        raise typer.Exit(FAILED)


@app.command("recognize")
def recognize(
    folder: FolderArgument,
    *,
    labels: Annotated[Path, typer.Option(help="A CSV file as for evaluate.")],
    exercise: ExerciseOption = "",
    cache: CacheOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recognize the exercise of videos, and print how often it was right, wrong, or in doubt.

    Exits with 1 if a video could not be analyzed.
    """
    videos = VideoFolder.open(folder, labels, exercise, cache)
    recognized = [
        recognize_video(each.label.file, each.label.exercise, chunk)
        for each, chunk in videos.landmarks()
    ]
    figures = evaluate_recognition(recognized)
    if as_json:
        print_json({"figures": figures, "videos": recognized, "refused": videos.refused})
    else:
        _show_recognition(recognized, figures)
    if videos.refused:
        raise typer.Exit(FAILED)


def _show_recognition(videos: list[RecognizedVideo], figures: RecognitionFigures) -> None:
    others = table(None, "video", "exercise", "recognized", "best", "confidence")
    for video in videos:
        if video.recognized != video.exercise:
            named = video.recognized or "asks", video.best or ""
            others.add_row(video.file, video.exercise, *named, f"{video.confidence:.2f}")
    print_table(others)
    out.print(
        f"{figures.videos} videos: {figures.right} right, {figures.wrong} wrong, "
        f"{figures.undecided} asked about; the exercise is offered for {figures.offered} of these."
    )
    for part in figures.calibration:
        out.print(f"  confidence {part.low:.2f}-{part.high:.2f}: {part.right} of {part.videos}")


def _show_cues(played: list[VideoCues], result: CueEvaluation) -> None:
    verdicts = {True: "right", False: "wrong", None: "unknown"}
    every = table(None, "video", "s", "rep", "view", "cue", "verdict", right=("s", "rep"))
    for video in played:
        for each in video.cues:
            every.add_row(
                video.label.file,
                f"{each.at_s:.1f}",
                str(each.repetition or ""),
                each.view or "",
                each.text,
                verdicts[each.right],
            )
    print_table(every)
    counts = ("videos", "given", "right", "wrong", "precision")
    figures = table(None, "exercise", "cue", "view", *counts, right=counts)
    for one in result.figures:
        figures.add_row(
            one.exercise,
            one.cue,
            one.view or "",
            *(str(count) for count in (one.videos, one.given, one.right, one.wrong)),
            _number(one.precision),
        )
    print_table(figures)
    rate = "" if result.per_hundred is None else f", {result.per_hundred:.1f} in 100 repetitions"
    out.print(
        f"{quantity(result.wrong_cues, 'wrong cue')} in "
        f"{quantity(result.correct_repetitions, 'repetition')} of "
        f"{quantity(result.correct_videos, 'correct video')}{rate}."
    )


def _show(figures: list[FormFigures]) -> None:
    numbers = ("videos", "judged", "with it", "precision", "recall", "false alarms", "AUC", "95 %")
    result = table(None, "exercise", "fault", "sources", *numbers, right=("sources", *numbers))
    for each in figures:
        interval = each.auc_interval
        result.add_row(
            each.exercise,
            each.fault or "any",
            *(str(count) for count in (each.sources, each.videos, each.judged, each.faulty)),
            *map(_number, (each.precision, each.recall, each.false_alarms, each.auc)),
            "" if interval is None else f"{interval[0]:.2f}-{interval[1]:.2f}",
        )
    print_table(result)
    for each in figures:
        out.print(f"{each.exercise}, {each.fault or 'any'}: videos with it, by score")
        for part in each.calibration:
            out.print(f"  {part.low:.1f}-{part.high:.1f}: {part.faulty} of {part.videos}")


def _show_cross_validated(figures: list[CrossValidated]) -> None:
    numbers = ("sources", "videos", "wrong", "recall", "false alarms", "AUC")
    result = table("cross-validated by source", "exercise", "method", *numbers, right=numbers)
    for each in figures:
        result.add_row(
            each.exercise,
            each.method,
            *(str(count) for count in (each.sources, each.videos, each.faulty)),
            *map(_number, (each.recall, each.false_alarms, each.auc)),
        )
    if figures:
        print_table(result)
    else:
        out.print("Cross-validation needs correct and wrong videos of at least five sources.")


def _show_cross_validated_form(figures: list[CrossValidatedForm]) -> None:
    numbers = ("videos with form", "wrong", "AUC")
    result = table("form, cross-validated by source", "exercise", "form", *numbers, right=numbers)
    for each in figures:
        counts = str(each.videos), str(each.faulty)
        result.add_row(each.exercise, each.form, *counts, _number(each.auc))
    if figures:
        print_table(result)


def _number(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"
