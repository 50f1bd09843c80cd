"""Form faults in videos of sample athletes through the real pose model.

Slower than `tests/domain/motion/test_form.py`: about three seconds a video on an idle machine.
"""

import pytest

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.sample_athlete.performance import Performance
from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.cues import add_cues
from domain.coaching.preferences import CuePreferences
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import fold
from domain.values import Tempo
from tests.adapters.pose.pose_tracking import FPS, landmarks, shown

CALM = Tempo(1.2, 0.2, 1.0, 0.2)


@pytest.mark.parametrize(
    ("name", "view_deg", "fault"),
    [
        ("squat", 45.0, "shallow"),
        pytest.param("push_up", 75.0, "partial_range", marks=pytest.mark.slow),
        pytest.param("lunge", 90.0, "knee_over_toe", marks=pytest.mark.slow),
    ],
)
def test_a_fault_in_a_video_is_reported_for_its_repetition(
    estimator: IsolatedPoseEstimator, name: str, view_deg: float, fault: str
) -> None:
    """R-POS-05: a partial repetition is counted, and the front knee is judged."""
    performance = Performance(
        exercise=name,
        repetitions=3,
        tempo=CALM,
        faults=(fault,),
        faulty_repetitions=(2,),
        azimuth_deg=view_deg,
        fps=FPS,
        image_noise=3.0,
    )
    facts = fold(get_exercise(name), [landmarks(estimator, shown(performance))]).facts
    counted = [fact.faults for fact in facts if isinstance(fact, RepetitionCounted)]
    assert counted == [(), (fault,), ()]


@pytest.mark.slow
@pytest.mark.parametrize("depth", [1.0, 1.1])
@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0, 90.0, 180.0])
def test_full_curls_in_a_video_are_not_called_partial(
    estimator: IsolatedPoseEstimator, azimuth_deg: float, depth: float
) -> None:
    """R-POS-06: the hands come up to the shoulders; the front and the rear hide it."""
    performance = Performance(
        exercise="biceps_curl",
        repetitions=3,
        tempo=CALM,
        depth=depth,
        azimuth_deg=azimuth_deg,
        fps=FPS,
        image_noise=3.0,
    )
    curl = get_exercise("biceps_curl")
    facts = fold(curl, [landmarks(estimator, shown(performance))]).facts
    counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
    assert ["partial_range" in fact.faults for fact in counted] == [False] * 3
    coached = add_cues(curl, CueMemory(), facts, CuePreferences()).facts
    assert "partial_range" not in [fact.cue for fact in coached if isinstance(fact, Cue)]
