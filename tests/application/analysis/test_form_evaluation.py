"""Figures of form analysis on labeled videos."""

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.form_evaluation import LabeledVideo, VideoForm, evaluate, judge


def video(name: str, *faults: str, wrong: bool = False, source: str = "") -> LabeledVideo:
    return LabeledVideo(name, "push_up", source or name, wrong or bool(faults), frozenset(faults))


def found(of: LabeledVideo, form: float | None, **shares: float) -> VideoForm:
    return VideoForm(of, 3, form, shares)


def test_figures_count_videos_with_and_without_the_fault() -> None:
    """R-POS-05."""
    figures = evaluate(
        [
            found(video("a", "hips_piked"), 0.5, hips_piked=0.6),
            found(video("b", "hips_piked"), 0.9, hips_piked=0.0),
            found(video("c"), 0.7, hips_piked=0.1),
            found(video("d"), 1.0, hips_piked=0.0),
        ]
    )
    either, piked = figures
    assert (either.fault, piked.fault) == (None, "hips_piked")
    for each in figures:
        assert (each.videos, each.judged, each.faulty) == (4, 4, 2)
        assert (each.precision, each.recall, each.false_alarms) == (0.5, 0.5, 0.5)
    assert either.auc == 0.75
    assert piked.auc == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert [each.videos for each in either.calibration] == [2, 1, 1, 0, 0]
    assert [each.faulty for each in either.calibration] == [1, 0, 1, 0, 0]


def test_a_video_that_cannot_be_judged_is_not_counted_as_correct() -> None:
    """R-POS-05: not judged is neither right nor wrong."""
    figures = evaluate(
        [found(video("a", "hips_piked"), None), found(video("b"), 0.9, hips_piked=0)]
    )
    assert [(each.videos, each.judged, each.faulty) for each in figures] == [(2, 1, 0), (2, 1, 0)]
    assert figures[0].recall is None
    assert figures[0].auc is None


def test_a_video_of_an_unnamed_fault_says_nothing_of_a_single_fault() -> None:
    """R-POS-05."""
    figures = evaluate(
        [
            found(video("a", wrong=True), 0.4, hips_piked=1.0),
            found(video("b", "hips_piked"), 0.4, hips_piked=1.0),
            found(video("c"), 0.9, hips_piked=0.0),
        ]
    )
    assert [(each.fault, each.videos, each.faulty) for each in figures] == [
        (None, 3, 2),
        ("hips_piked", 2, 1),
    ]


def test_the_interval_is_wider_when_videos_share_a_source() -> None:
    """R-POS-05: videos of one source are not independent."""
    forms = [0.3, 0.5, 0.6, 0.8, 0.4, 0.7, 0.9, 1.0]
    apart = [found(video(str(n), wrong=n < 4), form) for n, form in enumerate(forms)]
    shared = [
        found(video(str(n), wrong=n < 4, source=str(n % 4 // 2)), form)
        for n, form in enumerate(forms)
    ]
    first, second = evaluate(apart)[0], evaluate(shared)[0]
    assert first.auc == second.auc
    assert first.sources == 8
    assert second.sources == 2
    assert first.auc_interval is not None
    assert first.auc_interval[0] < first.auc_interval[1]


def test_a_video_is_judged_by_the_faults_of_its_repetitions() -> None:
    """R-POS-05: two of four repetitions are shallow."""
    performance = Performance(
        exercise="push_up", repetitions=4, faults=("partial_range",), faulty_repetitions=(2, 4)
    )
    judged = judge(video("a", "partial_range"), [landmarks(performance)])
    assert judged.repetitions == 4
    assert judged.shares["partial_range"] == 0.5
    assert judged.reported
    assert judged.form is not None


def test_a_hold_is_judged_as_a_whole() -> None:
    """R-POS-05."""
    chunk = landmarks(Performance(exercise="plank", repetitions=1))
    judged = judge(LabeledVideo("a", "plank", "a", wrong=False), [chunk])
    assert judged.repetitions >= 1
    assert judged.form is not None
