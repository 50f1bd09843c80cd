"""Evaluation of exercise recognition."""

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.recognition_evaluation import (
    RecognizedFilm,
    evaluate_recognition,
    recognize_film,
)


def test_asking_is_neither_right_nor_wrong() -> None:
    """R-POS-02"""
    figures = evaluate_recognition(
        [
            RecognizedFilm("a", "squat", "squat", "squat", 1.0, offered=True),
            RecognizedFilm("b", "squat", "lunge", "lunge", 0.9, offered=False),
            RecognizedFilm("c", "squat", None, "squat", 0.7, offered=True),
            RecognizedFilm("d", "squat", None, "plank", 0.1, offered=False),
        ]
    )
    assert (figures.films, figures.right, figures.wrong) == (4, 1, 1)
    assert (figures.undecided, figures.offered) == (2, 1)
    assert [(each.films, each.right) for each in figures.calibration] == [
        (1, 0), (0, 0), (0, 0), (1, 1), (2, 1),
    ]  # fmt: skip


def test_a_film_is_recognized_by_its_landmarks() -> None:
    """R-POS-02"""
    film = recognize_film("a", "squat", landmarks(Performance(exercise="squat", fps=15)))
    assert (film.recognized, film.best, film.offered) == ("squat", "squat", True)
