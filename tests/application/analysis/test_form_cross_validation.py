"""Cross-validation of form analysis by the sources of videos."""

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.form_cross_validation import (
    METHODS,
    CrossValidated,
    MeasuredVideo,
    Method,
    cross_validate,
    cross_validate_form,
    measure_video,
)
from application.analysis.form_evaluation import LabeledVideo

SAGGING = "hips_sagging"


def video(
    name: str, worse: float | None, *, wrong: bool = False, source: str = ""
) -> MeasuredVideo:
    """A push-up whose hips sag by `worse` spreads beyond the shipped bound; None: not judged."""
    values = {} if worse is None else {SAGGING: worse}
    labeled = LabeledVideo(name, "push_up", source or name, wrong)
    return MeasuredVideo(labeled, values, dict.fromkeys(values, 0.0), dict.fromkeys(values, 1.0))


def figures(videos: list[MeasuredVideo], method: Method = "rules") -> CrossValidated:
    return next(each for each in cross_validate(videos) if each.method == method)


CORRECT = [video(f"c{number}", number / 4) for number in range(12)]
WRONG = [video(f"w{number}", 8.0 + number, wrong=True) for number in range(8)]


def test_plain_faults_of_unseen_sources_are_found() -> None:
    """R-POS-05: every method separates videos that are far apart."""
    for method in METHODS:
        found = figures(CORRECT + WRONG, method)
        assert (found.videos, found.faulty, found.sources) == (20, 8, 20)
        assert found.recall == 1.0
        assert found.auc == 1.0
    assert figures(CORRECT + WRONG).false_alarms == 0.0


def test_no_bound_comes_from_the_source_of_its_video() -> None:
    """R-POS-05: a correct video with a value of its own is reported, unless its source is split."""
    odd = video("odd", 7.0)
    alone = figures([*CORRECT, odd, *WRONG])
    assert alone.false_alarms == pytest.approx(1 / 13)
    sibling = video("sibling", 7.0, source="odd")
    assert figures([*CORRECT, odd, sibling, *WRONG]).false_alarms == pytest.approx(2 / 14)


def test_a_fault_that_other_videos_contradict_is_not_confirmed() -> None:
    """R-POS-05: correct videos have it as often as wrong ones, so no video is judged by it."""
    odd = [video(f"odd{number}", 10.0 + 9.0 * number) for number in range(6)]
    assert figures([*CORRECT, *odd, *WRONG[:2]]).false_alarms > 0.0
    confirmed = figures([*CORRECT, *odd, *WRONG[:2]], "confirmed")
    assert (confirmed.recall, confirmed.false_alarms) == (0.0, 0.0)


def test_what_could_not_be_judged_is_not_reported() -> None:
    """R-POS-05: a wrong video that shows nothing is not found."""
    assert figures([*CORRECT, *WRONG, video("x", None, wrong=True)]).recall == pytest.approx(8 / 9)


def test_too_few_sources_are_not_cross_validated() -> None:
    few = [video(str(n), float(n), wrong=n > 3, source=str(n % 4)) for n in range(8)]
    assert cross_validate(few) == []
    assert cross_validate(CORRECT) == []


def test_a_video_is_measured_by_the_median_of_its_repetitions() -> None:
    """R-POS-05: two of three repetitions are shallow."""
    shallow = Performance(
        exercise="push_up", repetitions=3, faults=("partial_range",), faulty_repetitions=(1, 3)
    )
    labeled = LabeledVideo("a", "push_up", "a", wrong=True)
    found = measure_video(labeled, [landmarks(shallow)])
    assert found is not None
    assert found.worse["partial_range"] > 0.0
    assert found.apart["partial_range"] > found.worse["partial_range"]
    assert found.spreads["partial_range"] > 0.0
    assert 0.5 < found.parts["range"] < 1.0  # shallow ones
    assert 0.0 < found.parts["tempo"] <= 1.0


def test_a_part_of_form_that_misleads_is_not_chosen() -> None:
    """R-POS-05, C-16: wrong videos have the greater range, so form without it is better.

    Videos in which little could be judged have no form.
    """
    few = [video("few", 9.0, wrong=True), video("seen", 0.0)]

    def seen(name: str, worse: float, share: float, *, wrong: bool = False) -> MeasuredVideo:
        values = {SAGGING: worse, "body_not_rigid": 0.0}
        labeled = LabeledVideo(name, "push_up", name, wrong)
        spreads = dict.fromkeys(values, 1.0)
        parts = {"range": share, "tempo": 1.0}
        return MeasuredVideo(labeled, values, dict.fromkeys(values, 0.0), spreads, parts)

    correct = [seen(f"c{number}", number / 4, 0.2) for number in range(12)]
    wrong = [seen(f"w{number}", 4.0 + number / 4, 1.0, wrong=True) for number in range(8)]
    found = {each.form: each for each in cross_validate_form([*few, *correct, *wrong])}
    assert (found["whole"].videos, found["whole"].faulty) == (20, 8)
    assert found["whole"].auc < 0.5
    assert found["without range"].auc == found["chosen"].auc == 1.0
