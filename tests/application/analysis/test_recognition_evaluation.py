"""Evaluation of exercise recognition."""

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.recognition_evaluation import (
    RecognizedVideo,
    evaluate_recognition,
    recognize_video,
)


def test_asking_is_neither_right_nor_wrong() -> None:
    """R-POS-02"""
    figures = evaluate_recognition(
        [
            RecognizedVideo("a", "squat", "squat", "squat", 1.0, offered=True),
            RecognizedVideo("b", "squat", "lunge", "lunge", 0.9, offered=False),
            RecognizedVideo("c", "squat", None, "squat", 0.7, offered=True),
            RecognizedVideo("d", "squat", None, "plank", 0.1, offered=False),
        ]
    )
    assert (figures.videos, figures.right, figures.wrong) == (4, 1, 1)
    assert (figures.undecided, figures.offered) == (2, 1)
    assert [(each.videos, each.right) for each in figures.calibration] == [
        (1, 0), (0, 0), (0, 0), (1, 1), (2, 1),
    ]  # fmt: skip


def test_a_video_is_recognized_by_its_landmarks() -> None:
    """R-POS-02"""
    video = recognize_video("a", "squat", landmarks(Performance(exercise="squat", fps=15)))
    assert (video.recognized, video.best, video.offered) == ("squat", "squat", True)
