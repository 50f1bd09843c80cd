"""Rules of when a coach gives which cue."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.cues import (
    CoachedFact,
    FramingChecked,
    Observation,
    SetEnded,
    add_cues,
    add_framing_cues,
    choose_cue,
)
from domain.coaching.phrasebook import CueLanguageUnknown, get_rules
from domain.coaching.preferences import CuePreferences, Verbosity
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import (
    FaultSeen,
    HoldStarted,
    Phase,
    PoseFound,
    PoseLost,
    PraiseEarned,
    RepetitionCounted,
    RepetitionRejected,
)
from domain.motion.signals.camera_framing import Advice
from domain.motion.signals.columns import measure_for
from domain.values import FaultJudgement, Tempo, View
from tests.domain.motion.figure import ABSENT, chunk_of, squats

SQUAT, PLANK = get_exercise("squat"), get_exercise("plank")
USUAL = CuePreferences()
STEADY = Tempo(1.5, 0.2, 1.2, 0.3)
AVOID = Advice("turn", degrees=30, side="right")


def repetition(
    number: int, *faults: str, every_s: float = 3.0, tempo: Tempo | None = STEADY
) -> tuple[Observation, ...]:
    """Return the observations of a repetition: the count, then its faults or praise."""
    at_s = number * every_s
    counted = RepetitionCounted(
        number=number,
        started_s=at_s - 2.5,
        ended_s=at_s,
        tempo=tempo,
        range_of_motion_deg=95.0,
        symmetry=None,
        form=1.0,
        confidence=0.9,
        faults=faults,
    )
    if not faults:
        return counted, PraiseEarned("Great depth", at_s, number)
    return counted, *(FaultSeen(fault, SQUAT.fault(fault).cue, at_s, number) for fault in faults)


def listen(*observations: Observation, preferences: CuePreferences = USUAL) -> list[Cue]:
    coach, said = CueMemory(), []
    for observation in observations:
        coach, cue = choose_cue(SQUAT, coach, observation, preferences)
        said += [] if cue is None else [cue]
    return said


def set_of(*repetitions: tuple[Observation, ...]) -> list[Observation]:
    return [fact for facts in repetitions for fact in facts]


def test_a_fault_is_corrected_in_a_caption_and_in_speech() -> None:
    """R-POS-03, R-POS-06, C-48: the sentence, its time and its repetition."""
    assert listen(*repetition(1, "knees_caving_in")) == [
        Cue(
            cue="knees_caving_in",
            category="safety",
            text="Keep knees aligned",
            say="Push your knees out, over your toes.",
            language="en",
            fault="knees_caving_in",
            repetition=1,
            at_s=3.0,
        )
    ]


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (("shallow", "knees_caving_in", "trunk_lean"), "knees_caving_in"),
        (("shallow", "trunk_lean"), "trunk_lean"),
        (("shallow",), "shallow"),
        ((), "clean"),
    ],
)
def test_only_the_most_important_cue_is_given(faults: tuple[str, ...], said: str) -> None:
    """R-POS-03: one at a time; safety before form before range before praise."""
    assert [cue.cue for cue in listen(*repetition(1, *faults))] == [said]


def test_tempo_is_spoken_of_before_range_and_after_form() -> None:
    hurried = Tempo(0.4, 0.0, 1.0, 0.3)
    assert [cue.cue for cue in listen(*repetition(1, "shallow", tempo=hurried))] == ["hurried"]
    assert [cue.cue for cue in listen(*repetition(1, "trunk_lean", tempo=hurried))] == [
        "trunk_lean"
    ]


def test_a_hurried_repetition_is_not_praised() -> None:
    hurried = repetition(1, tempo=Tempo(0.4, 0.0, 1.0, 0.3))
    assert [cue.cue for cue in listen(*hurried)] == ["hurried"]
    often = CuePreferences(frequency="often", muted=("hurried",))
    assert listen(*hurried, preferences=often) == []


def test_a_repetition_that_began_before_the_first_frame_is_not_corrected() -> None:
    """R-POS-06: its depth and tempo are not known."""
    counted, *_ = repetition(1, "shallow")
    assert isinstance(counted, RepetitionCounted)
    for since_s, said in ((counted.started_s, None), (counted.started_s - 1.0, "shallow")):
        _, cue = choose_cue(SQUAT, CueMemory(seen_from_s=since_s), counted, USUAL)
        assert (cue and cue.cue) == said


def test_a_first_movement_that_may_be_no_repetition_is_not_corrected() -> None:
    """R-POS-06: bending to a bar is counted while the set runs, and withdrawn at its end."""
    counted, *_ = repetition(1, "trunk_lean", "shallow")
    assert isinstance(counted, RepetitionCounted)
    for number, travel_deg, said in (
        (1, 20.0, None),
        (1, 60.0, "trunk_lean"),
        (1, None, "trunk_lean"),
        (2, 20.0, "trunk_lean"),
    ):
        seen = replace(counted, number=number, range_of_motion_deg=travel_deg)
        _, cue = choose_cue(SQUAT, CueMemory(), seen, USUAL)
        assert (cue and cue.cue) == said


def test_a_cue_that_was_too_often_wrong_from_a_view_is_silent() -> None:
    """R-POS-06: a cue has a precision of 0.9 on people, or is not given."""
    exercise, cue, view = min(get_rules().silent)
    definition = get_exercise(exercise)
    counted, *_ = repetition(2, tempo=Tempo(0.2, 0.0, 1.0, 0.3))
    assert isinstance(counted, RepetitionCounted)
    faults = () if cue == "hurried" else (cue,)
    seen = replace(counted, faults=faults, view=view)
    assert choose_cue(definition, CueMemory(), seen, USUAL)[1] is None


def seen_at_the_side(fault: str, probability: float = 0.95) -> list[Observation]:
    """Return three repetitions, of which the first and the last have the fault."""
    found = FaultJudgement(fault, "clear", probability, 1.0, 0.0)
    counted = [repetition(number, every_s=15.0)[0] for number in (2, 3, 4)]
    shown: list[Observation] = []
    for each, faults in zip(counted, ((fault,), (), (fault,)), strict=True):
        assert isinstance(each, RepetitionCounted)
        shown.append(replace(each, view="side", faults=faults, judgements=(found,) * len(faults)))
    return shown


@pytest.mark.parametrize(
    ("exercise", "fault", "probability", "corrected"),
    [
        ("squat", "trunk_lean", 0.95, [4]),
        ("squat", "trunk_lean", 0.89, []),
        ("push_up", "hips_sagging", 0.6, [2, 4]),
        ("shoulder_press", "leaning_back", 0.6, [2, 4]),
    ],
)
def test_a_fault_is_corrected_when_it_was_seen_twice_unless_it_proved_right_on_people(
    exercise: str, fault: str, probability: float, corrected: list[int]
) -> None:
    """R-POS-06: a risk of injury, and what proved right, is corrected at once."""
    coach, said = CueMemory(), []
    for counted in seen_at_the_side(fault, probability):
        coach, cue = choose_cue(get_exercise(exercise), coach, counted, USUAL)
        said += [] if cue is None else [cue.repetition]
    assert said == corrected


def test_a_fault_that_was_not_seen_lately_is_not_confirmed() -> None:
    """R-POS-06: two repetitions without it lie between."""
    first, clean, last = seen_at_the_side("trunk_lean")
    coach, cues = CueMemory(), []
    for counted in (first, clean, clean, last):
        coach, cue = choose_cue(SQUAT, coach, counted, USUAL)
        cues.append(cue)
    assert cues == [None] * 4


def test_silent_and_proven_cues_name_faults_of_their_exercise() -> None:
    """R-POS-06: no cue is both."""
    rules = get_rules()
    assert not rules.silent & rules.proven
    for exercise, cue, view in rules.silent | rules.proven:
        named = {fault.id for fault in get_exercise(exercise).faults} | {"hurried"}
        assert cue in named
        assert view in get_args(View)


def test_a_lost_pose_alone_does_not_call_the_athlete_back() -> None:
    """R-POS-06: joints may be hidden, or the model may have failed for a moment."""
    lost = PoseLost(4.0)
    assert add_cues(SQUAT, CueMemory(), [lost], USUAL).facts == (lost,)


def test_an_athlete_who_is_gone_for_a_second_is_called_back_in_the_middle_of_a_set() -> None:
    """R-POS-06"""
    coach = CueMemory(repetitions=3)
    facts: list[CoachedFact] = []
    for at_s in (9.0, 9.5, 10.0):
        gone = chunk_of([at_s], [ABSENT])
        coach, added = add_framing_cues(coach, measure_for(SQUAT, gone), "eccentric", USUAL)
        facts += added
    assert [(cue.cue, cue.at_s) for cue in facts if isinstance(cue, Cue)] == [
        ("framing_step_in", 10.0)
    ]
    far = squats(0)
    far.image[:, :, :2] = 0.5 + (far.image[:, :, :2] - 0.5) / 4
    measured = measure_for(SQUAT, far)
    assert add_framing_cues(CueMemory(repetitions=3), measured, "rest", USUAL).facts == ()


def test_cues_do_not_overlap() -> None:
    said = listen(*set_of(*(repetition(n, "trunk_lean", every_s=2.0) for n in range(1, 12))))
    assert [cue.at_s for cue in said] == [2.0, 14.0]


def test_the_next_most_important_cue_is_given_while_the_first_rests() -> None:
    every = [repetition(n, "trunk_lean", "shallow") for n in range(1, 5)]
    assert [(cue.cue, cue.at_s) for cue in listen(*set_of(*every))] == [
        ("trunk_lean", 3.0),
        ("shallow", 9.0),
    ]


def test_among_equals_the_coach_stays_with_the_fault_being_corrected() -> None:
    later = repetition(6, "trunk_lean", "heels_rising")
    assert [cue.cue for cue in listen(*repetition(1, "heels_rising"), *later)] == [
        "heels_rising", "heels_rising",
    ]  # fmt: skip


def test_a_correction_that_was_followed_is_praised_as_such() -> None:
    said = listen(*set_of(repetition(1, "shallow"), repetition(2, "shallow"), repetition(3)))
    assert [cue.cue for cue in said] == ["shallow", "corrected"]
    assert (said[1].fault, said[1].repetition, said[1].category) == (None, 3, "praise")


def test_safety_cues_are_given_within_a_repetition_and_form_cues_are_not() -> None:
    """R-POS-03: only safety cues are given within a repetition."""
    for fault, said in (("knees_caving_in", ["knees_caving_in"]), ("trunk_lean", [])):
        within = FaultSeen(fault, SQUAT.fault(fault).cue, 1.2, 1)
        assert [cue.cue for cue in listen(within)] == said


def test_a_cue_given_within_a_repetition_is_not_repeated_at_its_end() -> None:
    within = FaultSeen("knees_caving_in", "Keep knees aligned", 1.2, 1)
    assert len(listen(within, *repetition(1, "knees_caving_in"))) == 1


def test_a_fault_of_a_hold_is_cued_during_the_hold() -> None:
    _, cue = choose_cue(PLANK, CueMemory(), FaultSeen("hips_sagging", "", 4.0, 0), USUAL)
    assert cue is not None
    assert (cue.text, cue.repetition) == ("Lift your hips, brace your core", None)


def test_a_clean_set_is_praised_at_its_end() -> None:
    clean = set_of(*(repetition(n) for n in range(1, 4)))
    assert [cue.cue for cue in listen(*clean, SetEnded(15.0))] == ["clean", "clean_set"]
    flawed = set_of(repetition(1, "shallow"), repetition(2), repetition(3))
    assert "clean_set" not in {cue.cue for cue in listen(*flawed, SetEnded(30.0))}
    assert listen(SetEnded(30.0)) == []


def test_a_repetition_found_only_at_the_end_is_not_judged() -> None:
    unfinished, _ = repetition(1, tempo=None)
    assert listen(unfinished, SetEnded(20.0)) == []


def test_framing_is_advised_once_it_stays_wrong() -> None:
    """The advice says in words what to change, and by how much."""

    def seen(at_s: float, phase: Phase = "rest", advice: Advice | None = AVOID) -> FramingChecked:
        return FramingChecked(advice, at_s, phase)

    (said,) = listen(seen(0.5), seen(1.0), seen(1.5), seen(2.0))
    assert (said.text, said.at_s) == ("Turn 30° to your right", 1.5)
    assert said.say == "Turn about 30 degrees to your right."
    assert (said.fault, said.repetition, said.category) == (None, None, "framing")
    assert listen(seen(0.5), seen(1.0, advice=None), seen(1.5), seen(2.0)) == []
    assert listen(seen(0.5), seen(1.0), seen(1.5, "eccentric"), seen(2.0, "concentric")) == []


def test_an_athlete_out_of_view_is_called_back() -> None:
    assert [cue.text for cue in listen(PoseLost(4.0))] == ["Step into the picture"]


def test_unimportant_facts_get_no_cue() -> None:
    assert listen(PoseFound(0.0), HoldStarted(1.0), RepetitionRejected("too_fast", 0.0, 0.3)) == []


@pytest.mark.parametrize(
    ("preferences", "times_s"),
    [
        (CuePreferences(frequency="often"), [3.0, 9.0, 15.0, 21.0]),
        (CuePreferences(), [3.0, 15.0]),
        (CuePreferences(frequency="seldom"), [3.0]),
        (CuePreferences(muted=("trunk_lean",)), []),
    ],
    ids=["often", "usual", "seldom", "muted"],
)
def test_preferences_set_the_frequency_and_topics_of_cues(
    preferences: CuePreferences, times_s: list[float]
) -> None:
    """R-POS-03: configurable per athlete."""
    leaning = set_of(*(repetition(n, "trunk_lean") for n in range(1, 9)))
    assert [cue.at_s for cue in listen(*leaning, preferences=preferences)] == times_s


def test_praise_can_be_switched_off() -> None:
    silent = CuePreferences(praise=False)
    clean = set_of(*(repetition(n) for n in range(1, 9)))
    assert listen(*clean, SetEnded(30.0), preferences=silent) == []


@pytest.mark.parametrize(
    ("verbosity", "say"),
    [("captions", ""), ("short", "Keep your chest up"), ("full", "Chest up, eyes forward.")],
)
def test_the_amount_of_speech_can_be_set(verbosity: Verbosity, say: str) -> None:
    wanted = CuePreferences(verbosity=verbosity)
    assert [cue.say for cue in listen(*repetition(1, "trunk_lean"), preferences=wanted)] == [say]


def test_safety_cues_ignore_preferences() -> None:
    """A safety fault is always spoken, even if it is muted or cues are rare."""
    deaf = CuePreferences("seldom", praise=False, verbosity="captions", muted=("knees_caving_in",))
    caving = set_of(*(repetition(n, "knees_caving_in", every_s=4.0) for n in range(1, 5)))
    said = listen(*caving, preferences=deaf)
    assert [cue.at_s for cue in said] == [4.0, 8.0, 12.0, 16.0]
    assert {cue.say for cue in said} == {"Push your knees out, over your toes."}


def test_a_language_without_phrases_is_refused() -> None:
    with pytest.raises(CueLanguageUnknown, match="en"):
        CuePreferences(language="tlh")


FAULTS = st.lists(st.sampled_from([fault.id for fault in SQUAT.faults]), max_size=3, unique=True)


@given(
    st.lists(st.tuples(FAULTS, st.floats(0.3, 3.0)), max_size=40),
    st.sampled_from([0.8, 2.0, 3.5]),
    st.builds(CuePreferences, frequency=st.sampled_from(["seldom", "usual", "often"])),
)
def test_cues_keep_their_spacing_and_limit_in_any_set(
    performed: list[tuple[list[str], float]], every_s: float, preferences: CuePreferences
) -> None:
    repetitions = [
        repetition(number, *faults, every_s=every_s, tempo=replace(STEADY, eccentric_s=seconds))
        for number, (faults, seconds) in enumerate(performed, start=1)
    ]
    said = listen(*set_of(*repetitions), SetEnded(200.0), preferences=preferences)
    others = [cue for cue in said if cue.category != "safety"]
    gap_s = preferences.patience * get_rules().gap_s
    for before, after in pairwise(said):
        assert after.category == "safety" or after.at_s - before.at_s >= gap_s
    for cue in others:
        assert sum(other.cue == cue.cue for other in others) <= get_rules().of(cue.cue).per_set
    for cue in said:
        assert 0 < len(cue.text) <= 42
        faults, _ = performed[(cue.repetition or 0) - 1]
        assert cue.fault in {None, "hurried", *faults}
