"""A set is coached alike live and in the analysis of its video."""

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.live.chunk import FrameChunk
from application.live.tracker import Detection, track
from application.sessions.fact_mapping import session_commands
from domain.coaching.cue_memory import Cue
from domain.coaching.cues import cue_finished_set
from domain.coaching.preferences import CuePreferences
from domain.motion.exercises.library import get_exercise
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.sessions import commands
from domain.values import CountedBy

LEANING = Performance(exercise="squat", repetitions=6, faults=("trunk_lean",), azimuth_deg=60)
COUNTED_BY = CountedBy("file", "mannequin", 1)


def halves(performance: Performance) -> list[PoseChunk]:
    """Return the landmarks in chunks of half a second."""
    whole = landmarks(performance)
    assert whole.world is not None
    return [
        PoseChunk(
            whole.times_s[at : at + 15],
            whole.image[at : at + 15],
            whole.world[at : at + 15],
            whole.aspect_ratio,
        )
        for at in range(0, len(whole), 15)
    ]


def live(performance: Performance, preferences: CuePreferences | None = None) -> list[Detection]:
    detections: list[Detection] = []
    session = None
    chunks = halves(performance)
    for sequence, chunk in enumerate(chunks, start=1):
        message = FrameChunk(
            set=1,
            sequence=sequence,
            exercise=performance.exercise,
            model="mannequin",
            last=sequence == len(chunks),
            chunk=chunk,
            preferences=preferences or CuePreferences(),
        )
        session, new = track(session, sequence, message)
        detections += new
    return detections


def cues(detections: list[Detection]) -> list[Cue]:
    return [one.fact for one in detections if isinstance(one.fact, Cue)]


def test_a_video_is_coached_with_the_preferences_of_its_session() -> None:
    """R-POS-03."""
    chunks = halves(LEANING)
    facts = fold(get_exercise("squat"), chunks).facts
    afterwards = cue_finished_set(
        get_exercise("squat"),
        facts,
        float(chunks[0].times_s[0]),
        float(chunks[-1].times_s[-1]),
    )
    said = cues(live(LEANING))
    assert said == [fact for fact in afterwards if isinstance(fact, Cue)]
    assert {cue.cue for cue in said} == {"trunk_lean"}
    assert 1 < len(said) < 6


def test_the_session_keeps_what_the_coach_said_and_every_fault() -> None:
    """C-48: one cue at a time; the repetitions still name all their faults."""
    detections = [one.fact for one in live(LEANING)][:-1]
    entered = list(session_commands(detections, set_number=1, counted_by=COUNTED_BY))  # type: ignore[arg-type]  # all but the last are no SetWatched
    notes = [each for each in entered if isinstance(each, commands.NoteFault)]
    counted = [each for each in entered if isinstance(each, commands.CountRepetition)]
    assert [note.cue for note in notes] == ["Keep your chest up"] * len(notes)
    assert 1 < len(notes) < len(counted) == 6
    assert all("trunk_lean" in each.faults for each in counted)


def test_praise_becomes_a_note_and_framing_does_not() -> None:
    sideways = Performance(exercise="jumping_jack", repetitions=3, idle_before_s=3, azimuth_deg=90)
    said = cues(live(sideways))
    assert said[0].text == "Turn 40° to your left"
    assert list(session_commands(said[:1], set_number=1, counted_by=COUNTED_BY)) == []
    praised = [cue for cue in cues(live(Performance(repetitions=2))) if cue.category == "praise"]
    (note, *_) = session_commands(praised, set_number=1, counted_by=COUNTED_BY)
    assert isinstance(note, commands.NotePraise)
    assert (note.cue, note.repetition) == ("Great depth", 1)


def test_no_framing_cue_is_given_during_a_set() -> None:
    sideways = Performance(exercise="jumping_jack", repetitions=9, idle_before_s=0, azimuth_deg=90)
    assert "framing" not in {cue.category for cue in cues(live(sideways))}


def test_preferences_reach_the_live_session() -> None:
    """R-POS-03: configurable per athlete."""
    assert cues(live(LEANING, CuePreferences(muted=("trunk_lean",)))) == []
