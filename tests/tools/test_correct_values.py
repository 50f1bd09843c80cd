"""What correct repetitions look like through noise is measured, and decides what is judged."""

import json

import pytest

from domain.motion.exercises.correct_values import correct_values
from domain.motion.exercises.definition import Fault
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.form.faults import degree_of, is_shown, slight_bound
from domain.values import View
from tools.form import correct_values as generator


def test_noise_bends_the_arms_of_correct_repetitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-POS-05: the same each time; a bias and a spread for each view of a fault."""
    monkeypatch.setattr(generator, "ATHLETES", generator.ATHLETES[:1])
    monkeypatch.setattr(generator, "DRAWS", 2)
    monkeypatch.setattr(generator, "CAMERAS", {"side": (90.0,)})
    found = generator.plain(["bench_press"])
    assert found == generator.plain(["bench_press"])
    arms = found["bench_press no_lockout side"]
    assert arms["repetitions"] == 8
    assert arms["least"] < arms["measured"] < arms["exact"]
    assert arms["spread"] > 1.0


def test_the_shipped_values_are_written_as_the_generator_writes() -> None:
    """R-POS-05: no edit by hand; each entry belongs to a fault and one of its views."""
    text = generator.SHIPPED.read_text(encoding="utf-8")
    plain = json.loads(text)
    assert text == json.dumps(plain, indent=1) + "\n"
    assert list(plain) == sorted(plain)
    for (exercise, fault, view), each in correct_values().items():
        assert view in get_exercise(exercise).fault(fault).views
        assert each.least <= each.measured <= each.most


def every_fault() -> list[tuple[Fault, View]]:
    exercises = all_exercises().values()
    return [(fault, view) for each in exercises for fault in each.faults for view in fault.views]


def test_no_correct_repetition_has_a_judged_fault_or_a_slight_one() -> None:
    """R-POS-05: at its limit, a correct repetition has no fault, from no view that judges it."""
    judged = [(fault, view) for fault, view in every_fault() if is_shown(fault, view)]
    assert len(judged) > 100
    for fault, view in judged:
        precision = fault.precision(view)
        if precision.correct is None or precision.limit is None or fault.slight is not None:
            continue
        bound = slight_bound(fault, view)
        assert (bound is None) == (not fault.slight_judged)
        if bound is None:
            assert degree_of(fault, fault.bound, view) == "none"
            continue
        assert degree_of(fault, precision.limit, view) == "none"
        beyond = bound + 0.99 * (fault.bound - bound)
        assert degree_of(fault, beyond, view) in {"slight", "none"}
        assert fault.excess(bound, fault.bound) <= 0.0


def test_what_noise_makes_of_correct_repetitions_is_not_judged() -> None:
    """R-POS-05: from the front, noise bends the arms on a bench beyond the bound."""
    bench_press = get_exercise("bench_press").fault("no_lockout")
    assert [view for view in bench_press.views if is_shown(bench_press, view)] == ["oblique"]
    squat = get_exercise("squat").fault("knees_caving_in")
    assert is_shown(squat, "front")
