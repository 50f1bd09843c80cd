"""Evaluation of cues on labeled videos."""

from dataclasses import replace

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.cue_evaluation import (
    CueVideo,
    PlayedCue,
    VideoCues,
    evaluate_cues,
    play,
)
from application.analysis.form_evaluation import LabeledVideo
from domain.motion.landmarks import PoseChunk

CORRECT = LabeledVideo("good", "squat", "x", wrong=False)
WRONG = replace(CORRECT, file="bad", wrong=True)
SHALLOW = PlayedCue("shallow", "Go deeper", 3.0, "side", 2, right=False)


def test_wrong_cues_are_counted_on_videos_without_a_fault_only() -> None:
    """R-POS-06: at most one wrong cue in 100 repetitions of videos without a fault."""
    result = evaluate_cues(
        [
            VideoCues(CORRECT, 20, (SHALLOW,)),
            VideoCues(replace(CORRECT, file="other"), 30, ()),
            VideoCues(WRONG, 50, (replace(SHALLOW, right=None),)),
        ]
    )
    assert (result.correct_videos, result.correct_repetitions, result.wrong_cues) == (2, 50, 1)
    assert result.per_hundred == 2.0


def test_precision_is_by_cue_and_view() -> None:
    """R-POS-06."""
    right = replace(SHALLOW, right=True)
    unknown = replace(SHALLOW, right=None)
    result = evaluate_cues(
        [
            VideoCues(CORRECT, 3, (SHALLOW, replace(SHALLOW, view="front"))),
            VideoCues(WRONG, 9, (right, right, right, unknown)),
        ]
    )
    front, side = result.figures
    assert (front.view, front.given, front.precision) == ("front", 1, 0.0)
    assert (side.view, side.videos, side.given, side.precision) == ("side", 2, 5, 0.75)


def test_a_video_is_played_as_a_live_set() -> None:
    """R-POS-06: cues come as from a live camera, and each has a verdict."""
    performance = Performance(exercise="squat", repetitions=3, faults=("shallow",), fps=15)
    video = CueVideo(replace(WRONG, faults=frozenset({"shallow"})))
    played = play(video, landmarks(performance))
    assert played.repetitions == 3
    assert played.cues
    assert {each.cue for each in played.cues} == {"shallow"}
    assert all(each.right and each.view for each in played.cues)
    unnamed = play(CueVideo(WRONG), landmarks(performance))
    assert {each.right for each in unnamed.cues} == {None}


def test_framing_advice_is_wrong_unless_the_label_lists_it() -> None:
    """R-POS-06."""
    near = landmarks(Performance(exercise="squat", repetitions=1, fps=15))
    image = near.image.copy()
    image[:, :, :2] = 0.5 + 0.1 * (image[:, :, :2] - 0.5)
    far = PoseChunk(near.times_s, image, near.world, near.aspect_ratio)
    (wrong, *_) = play(CueVideo(CORRECT), far).cues
    (right, *_) = play(CueVideo(CORRECT, frozenset({"framing_come_closer"})), far).cues
    assert wrong.cue == right.cue == "framing_come_closer"
    assert (wrong.right, right.right) == (False, True)
