"""Values that the request of a revision leaves out: they stay, so older clients remove nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from domain.ids import ExerciseId
from domain.kernel import value
from domain.workouts.events import PrescribedExercise


@value
class Omitted:
    """Numbers of the exercises, from 0, of which a revision leaves out a value."""

    notes: frozenset[int] = frozenset()
    target_rpe: frozenset[int] = frozenset()


NOTHING: Final = Omitted()


@value
class Lines:
    """Exercises of a workout, with one note for each, or none at all."""

    exercises: tuple[PrescribedExercise, ...]
    notes: tuple[str, ...]

    def with_kept(self, omitted: Omitted, before: "Lines") -> "Lines":
        """Return these lines with the values before the revision of what it leaves out.

        The second line of an exercise keeps those of its second line, wherever it is.
        """
        if omitted == NOTHING:
            return self
        earlier = dict(zip(_places(before), before.pairs(), strict=True))
        exercises, notes = list(self.exercises), [note for _, note in self.pairs()]
        for number, place in enumerate(_places(self)):
            exercise, note = earlier.get(place, (None, ""))
            if number in omitted.notes:
                notes[number] = note
            if number in omitted.target_rpe and exercise is not None:
                exercises[number] = replace(exercises[number], target_rpe=exercise.target_rpe)
        return Lines(tuple(exercises), tuple(notes))

    def pairs(self) -> Iterable[tuple[PrescribedExercise, str]]:
        """Return each exercise with its note, "" for none."""
        notes = self.notes or ("",) * len(self.exercises)
        return zip(self.exercises, notes, strict=True)


def _places(lines: Lines) -> list[tuple[ExerciseId, int]]:
    return places(each.exercise_id for each in lines.exercises)


def places(exercises: Iterable[ExerciseId]) -> list[tuple[ExerciseId, int]]:
    """Return each exercise with how many lines of it are above."""
    above = Counter[ExerciseId]()
    found: list[tuple[ExerciseId, int]] = []
    for each in exercises:
        found.append((each, above[each]))
        above[each] += 1
    return found
