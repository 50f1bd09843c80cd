"""Rules of the motion fold."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sample_athlete.athlete import landmarks as performed
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import (
    FaultSeen,
    MotionFact,
    PoseFound,
    PoseLost,
    PraiseEarned,
    RepetitionCounted,
    RepetitionRejected,
)
from domain.motion.fold import WrongDefinitionError, advance, begin, finish, fold
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import confirmed_repetitions
from domain.motion.state import MotionState
from tests.domain.motion.figure import (
    ABSENT,
    Pace,
    chunk_of,
    curling,
    cut,
    efforts,
    landmarks,
    part,
    squats,
)

SQUAT = get_exercise("squat")
CURL = get_exercise("biceps_curl")


def facts_of(chunk: PoseChunk) -> tuple[MotionFact, ...]:
    return fold(SQUAT, [chunk]).facts


def counted(facts: tuple[MotionFact, ...]) -> list[RepetitionCounted]:
    return [fact for fact in facts if isinstance(fact, RepetitionCounted)]


def rejected(facts: tuple[MotionFact, ...]) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, RepetitionRejected)]


def test_each_squat_is_counted_once_and_in_order() -> None:
    """R-POS-02, R-POS-05."""
    assert [r.number for r in counted(facts_of(squats(5)))] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("fps", [10, 15, 24, 30, 60])
def test_the_count_does_not_depend_on_the_frame_rate(fps: int) -> None:
    """C-30: landmarks arrive at 10 to 30 Hz, and faster cameras exist."""
    assert len(counted(facts_of(squats(4, fps=fps)))) == 4


def test_the_count_does_not_depend_on_a_steady_frame_rate() -> None:
    chunk = squats(4, fps=60)
    kept = np.flatnonzero(np.random.default_rng(7).random(len(chunk)) < 0.3)
    assert chunk.world is not None
    uneven = PoseChunk(chunk.times_s[kept], chunk.image[kept], chunk.world[kept], 16 / 9)
    assert len(counted(facts_of(uneven))) == 4


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=40), max_size=60))
def test_facts_do_not_depend_on_how_frames_are_cut(lengths: list[int]) -> None:
    """R-LIV-10: frames that are buffered and sent later count the same."""
    chunk = squats(3, Pace(0.7, 0.2, 0.6, 0.3))
    chunk.image[80:95] = np.nan
    assert fold(SQUAT, cut(chunk, lengths)) == fold(SQUAT, [chunk])


@given(st.integers(min_value=0, max_value=240))
@settings(max_examples=20, deadline=None)
def test_a_state_restored_from_json_continues_unchanged(at: int) -> None:
    chunk = squats(3)
    halves = part(chunk, 0, at), part(chunk, at, len(chunk))
    before = advance(SQUAT, begin(SQUAT), halves[0])
    stored = msgspec.json.decode(msgspec.json.encode(before.state), type=MotionState)
    assert stored == before.state
    after = advance(SQUAT, stored, halves[1])
    assert after == advance(SQUAT, before.state, halves[1])
    assert finish(SQUAT, after.state).state.repetitions == 3


def test_frames_seen_twice_count_once() -> None:
    """R-LIV-10: delivered later without loss or double counting."""
    chunk = squats(3)
    state = advance(SQUAT, begin(SQUAT), chunk).state
    again = advance(SQUAT, state, chunk)
    assert again.state == state
    assert again.facts == ()


def test_a_repetition_is_announced_soon_after_its_end() -> None:
    """A coach accepts a delay of 0.4 s."""
    chunk, state, delays = squats(4), begin(SQUAT), []
    for frame in cut(chunk, [1] * len(chunk)):
        state, facts, _ = advance(SQUAT, state, frame)
        delays += [float(frame.times_s[0]) - r.ended_s for r in counted(facts)]
    assert len(delays) == 4
    assert max(delays) <= 0.4


def test_start_end_tempo_and_range_are_measured() -> None:
    """R-POS-02: repetitions, tempo and range of motion."""
    pace = Pace(out=1.5, stay=0.6, back=1.0, rest=0.8)
    for number, repetition in enumerate(counted(facts_of(squats(3, pace)))):
        started = 1.0 + number * pace.seconds
        assert repetition.started_s == pytest.approx(started, abs=0.1)
        assert repetition.ended_s == pytest.approx(started + 3.1, abs=0.1)
        assert repetition.tempo is not None
        assert repetition.tempo.eccentric_s == pytest.approx(1.5, abs=0.15)
        assert repetition.tempo.bottom_pause_s == pytest.approx(0.6, abs=0.15)
        assert repetition.tempo.concentric_s == pytest.approx(1.0, abs=0.15)
        assert repetition.tempo.top_pause_s == pytest.approx(0.8 if number else 0.0, abs=0.15)
        assert repetition.range_of_motion_deg == pytest.approx(95, abs=8)


@pytest.mark.parametrize("paused_s", [60.0, 5000.0])
def test_a_rest_counts_at_most_an_hour(paused_s: float) -> None:
    """A set that is paused longer goes on: a phase of a tempo lasts at most an hour."""
    chunk = squats(2)
    later = replace(chunk, times_s=chunk.times_s + chunk.times_s[-1] + paused_s)
    *_, first, _ = counted(fold(SQUAT, [chunk, later]).facts)
    assert first.tempo is not None
    assert first.tempo.top_pause_s == pytest.approx(min(paused_s, 3600.0), abs=3.0)


def test_repetitions_follow_each_other_and_lie_within_what_was_seen() -> None:
    chunk = squats(5, Pace(0.6, 0.0, 0.6, 0.0))
    begun = part(chunk, 25, len(chunk) - 35)
    moments = [float(begun.times_s[0])]
    for repetition in counted(facts_of(begun)):
        moments += [repetition.started_s, repetition.ended_s]
    assert len(moments) == 11
    assert moments == sorted(moments)
    assert moments[-1] <= float(begun.times_s[-1])


def test_without_metric_landmarks_there_is_no_range_of_motion() -> None:
    chunk = squats(2)
    flat = PoseChunk(chunk.times_s, chunk.image, None, chunk.aspect_ratio)
    assert [r.range_of_motion_deg for r in counted(facts_of(flat))] == [None, None]


def test_a_set_that_begins_at_the_bottom_counts_its_first_return() -> None:
    chunk = squats(3)
    begun = 1.0 + 1.15
    start = int(np.searchsorted(chunk.times_s, begun))
    assert len(counted(facts_of(part(chunk, start, len(chunk))))) == 3


@pytest.mark.parametrize(("begun", "repetitions"), [(0.5, 4), (0.77, 3)])
def test_a_set_that_begins_half_way_back_does_not_count_that_return(
    begun: float, repetitions: int
) -> None:
    """Its range was not seen; `begun` is the share of the first repetition that was missed."""
    definition = get_exercise("push_up")
    chunk = performed(Performance(exercise="push_up", repetitions=4))
    first = confirmed_repetitions(fold(definition, [chunk]).facts)[0]
    begun_s = first.started_s + begun * (first.ended_s - first.started_s)
    start = int(np.searchsorted(chunk.times_s, begun_s))
    seen = fold(definition, [part(chunk, start, len(chunk))])
    assert len(confirmed_repetitions(seen.facts)) == repetitions


def test_an_effort_that_does_not_return_is_rejected_as_incomplete() -> None:
    chunk = squats(3)
    end = int(np.searchsorted(chunk.times_s, 1.0 + 2 * Pace().seconds + 1.1))
    facts = facts_of(part(chunk, 0, end))
    assert len(counted(facts)) == 2
    assert rejected(facts) == ["incomplete"]


def test_a_shallow_movement_among_full_ones_is_rejected_as_too_shallow() -> None:
    deep, shallow = squats(2), squats(1, depth_deg=60)
    later = shallow.times_s + deep.times_s[-1] + 1 / 30
    assert deep.world is not None
    assert shallow.world is not None
    chunk = PoseChunk(
        np.concatenate([deep.times_s, later]),
        np.concatenate([deep.image, shallow.image]),
        np.concatenate([deep.world, shallow.world]),
        deep.aspect_ratio,
    )
    facts = facts_of(chunk)
    assert len(counted(facts)) == 2
    assert rejected(facts) == ["too_shallow"]


def test_a_movement_faster_than_a_person_is_rejected_as_too_fast() -> None:
    quick = replace(SQUAT, counting=replace(SQUAT.counting, least_s=1.5))
    facts = fold(quick, [squats(1, Pace(0.5, 0.0, 0.5, 1.0))]).facts
    assert rejected(facts) == ["too_fast"]


def test_a_movement_slower_than_the_exercise_allows_is_rejected_as_too_slow() -> None:
    facts = facts_of(squats(1, Pace(3.0, 11.0, 3.0, 1.0)))
    assert rejected(facts) == ["too_slow"]


def test_a_few_frames_without_a_pose_lose_no_repetition() -> None:
    chunk = squats(3)
    chunk.image[70:80] = np.nan
    facts = facts_of(chunk)
    assert len(counted(facts)) == 3
    assert not [fact for fact in facts if isinstance(fact, PoseLost)]


@pytest.mark.parametrize("nothing", [np.nan, 0.0], ids=["absent", "all zero"])
def test_an_athlete_out_of_sight_is_reported_and_found_again(nothing: float) -> None:
    chunk = squats(3)
    chunk.image[0:20] = nothing
    chunk.image[55:115] = nothing
    lost = [fact for fact in facts_of(chunk) if isinstance(fact, PoseLost | PoseFound)]
    assert lost == [
        PoseFound(at_s=chunk.times_s[20]),
        PoseLost(at_s=chunk.times_s[54]),
        PoseFound(at_s=chunk.times_s[115]),
    ]


def test_a_repetition_mostly_out_of_sight_is_rejected() -> None:
    chunk = squats(1, Pace(1.5, 2.0, 1.5, 1.0))
    chunk.image[60:130] = np.nan
    assert rejected(facts_of(chunk)) == ["pose_lost"]


def test_nothing_is_counted_without_an_athlete_in_view() -> None:
    nobody = chunk_of([0.0, 0.1, 0.2], [ABSENT] * 3)
    assert fold(SQUAT, [nobody]).facts == ()


def test_standing_still_counts_nothing() -> None:
    assert facts_of(squats(0)) == (PoseFound(at_s=0.0),)


def test_alternating_curls_count_for_each_arm() -> None:
    effort = efforts(6, Pace(0.6, 0.1, 0.6, 0.2))
    times = [index / 30 for index in range(12 * 30)]
    poses = []
    for time_s in times:
        left = int((time_s - 1.0) // 1.5) % 2 == 0
        now = effort(time_s)
        poses.append(landmarks(curling(now if left else 0.0, 0.0 if left else now), yaw_deg=30))
    assert fold(CURL, [chunk_of(times, poses)]).state.repetitions == 6


def test_knees_caving_in_are_seen_from_the_front_and_not_from_the_side() -> None:
    """R-POS-06: a short sentence corrects it."""
    front = facts_of(squats(1, yaw_deg=0, knee_share=0.5))
    cues = [fact.cue for fact in front if isinstance(fact, FaultSeen)]
    assert cues == ["Keep knees aligned"]
    side = facts_of(squats(1, yaw_deg=90, knee_share=0.5))
    assert not [fact for fact in side if isinstance(fact, FaultSeen)]


def test_a_repetition_without_fault_is_praised() -> None:
    """R-POS-06."""
    praise = [fact.cue for fact in facts_of(squats(1)) if isinstance(fact, PraiseEarned)]
    assert praise == ["Great depth"]


def test_a_shallow_squat_scores_less_than_a_deep_one() -> None:
    """R-POS-07, C-16."""
    (deep,), (shallow,) = counted(facts_of(squats(1))), counted(facts_of(squats(1, depth_deg=65)))
    assert shallow.faults == ("shallow",)
    assert shallow.form is not None
    assert deep.form is not None
    assert shallow.form < deep.form <= 1.0


def test_the_curve_names_the_phases_in_their_order() -> None:
    trace = fold(SQUAT, [squats(1, Pace(1.0, 0.8, 1.0, 1.0))]).trace
    phases = [sample.phase for sample in trace]
    changes = [b for a, b in zip(["", *phases], phases, strict=False) if a != b]
    assert changes == ["rest", "eccentric", "effort", "concentric", "rest"]


def test_ending_twice_changes_nothing() -> None:
    state, _, _ = fold(SQUAT, [squats(1)])
    assert finish(SQUAT, state) == (state, (), ())
    assert advance(SQUAT, state, squats(1)) == (state, (), ())


def test_a_state_continues_only_with_its_own_definition() -> None:
    with pytest.raises(WrongDefinitionError):
        advance(CURL, begin(SQUAT), squats(1))
