"""Knowledge passages: the exercise catalogue, split into passages that each answer one question."""

from collections.abc import Iterable, Iterator

from application.knowledge.search import Passage
from domain.motion.exercises.definition import ExerciseDefinition, Fault

HERE = "Kinelog's definition of the exercise"


def passages_of(exercises: Iterable[ExerciseDefinition]) -> tuple[Passage, ...]:
    """Cut definitions into passages: range of motion, tempo, energy, and each fault."""
    return tuple(passage for each in exercises for passage in _passages(each))


def _passages(exercise: ExerciseDefinition) -> Iterator[Passage]:
    name, reach, tempo = exercise.name, exercise.range_of_motion, exercise.tempo
    yield Passage(
        f"{exercise.id}/range_of_motion",
        f"How deep and how far a {name.lower()} goes: depth, range of motion",
        f"A full {name.lower()} moves the {_words(reach.measure)} through"
        f" {reach.target_deg:.0f} degrees.",
        reach.source,
    )
    yield Passage(
        f"{exercise.id}/tempo",
        f"How fast or slow a {name.lower()} is done: tempo",
        f"Take at least {tempo.eccentric_least_s:g} seconds for the lowering and"
        f" {tempo.concentric_least_s:g} seconds for the lifting phase of a {name.lower()}.",
        tempo.source,
    )
    yield Passage(
        f"{exercise.id}/energy",
        f"How many calories a {name.lower()} burns: energy",
        f"A {name.lower()} costs {exercise.energy.met:g} MET: kilocalories for each kilogram of"
        " body mass and hour.",
        exercise.energy.source,
    )
    yield Passage(
        f"{exercise.id}/camera",
        f"Where to put the camera for a {name.lower()}: view",
        f"A {name.lower()} can be judged from these views: {', '.join(exercise.views)}.",
        HERE,
    )
    for fault in exercise.faults:
        yield _fault(exercise, fault)


def _fault(exercise: ExerciseDefinition, fault: Fault) -> Passage:
    return Passage(
        f"{exercise.id}/{fault.id}",
        f"{exercise.name}: {_words(fault.id)}",
        f"{fault.cue.rstrip('.!')}. Told where the {_words(fault.measure)} is too far off, and seen"
        f" from these views: {', '.join(fault.views)}.",
        fault.source,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
