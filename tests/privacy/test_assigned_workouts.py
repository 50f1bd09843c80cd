"""Export and erasure of workouts that trainers assign to athletes."""

from typing import Any
from uuid import uuid4

from application.assignments.service import Content
from application.assignments.texts import without_texts_of_erased
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.personal import Erased, Personal
from domain.workouts.events import PrescribedExercise
from tests.privacy.erasing import erase
from tests.privacy.exported import exported
from tests.privacy.person import settle
from tests.privacy.supervised import COACH, grant_trainer

ADA = UserId("ada")
SQUATS = PrescribedExercise(ExerciseId("squat"), sets=3, target_repetitions=8, load_kg=60.0)


def assign(platform: Platform, athlete: UserId, trainer: UserId, note: str) -> None:
    """Let the trainer assign workouts to the athlete, and assign one."""
    by_trainer, by_athlete = (
        Origin(tenant_id=DEFAULT_TENANT, actor=actor, correlation_id=uuid4())
        for actor in (trainer, athlete)
    )
    grant_trainer(platform, trainer, by_trainer)
    invitation, _ = platform.supervision.invite(trainer, origin=by_trainer, command_id=uuid4())
    platform.supervision.allow(
        athlete,
        trainer,
        video=False,
        assign=True,
        enrollment_id=None,
        invitation_id=invitation,
        origin=by_athlete,
        command_id=uuid4(),
    )
    content = Content("Legs", note, (SQUATS,), platform.clock().date(), (f"Squats: {note}",))
    platform.assignments.assign(athlete, trainer, content, origin=by_trainer, command_id=uuid4())


def facts(platform: Platform, user_id: UserId) -> list[dict[str, Any]]:
    lines = exported(platform, user_id, "events.jsonl")
    return [each for each in lines if each["name"] == "assignment.assigned"]


def test_an_export_of_an_athlete_has_what_was_assigned_to_them(platform: Platform) -> None:
    """C-24, R-TEN-12"""
    person = settle(platform)
    assign(platform, person.id, COACH, "Mind the knee.")
    (fact,) = facts(platform, person.id)
    assert fact["event"]["note"] == "Mind the knee."
    assert fact["event"]["notes"] == ["Squats: Mind the knee."]
    assert fact["event"]["exercises"][0]["load_kg"] == 60.0


def test_an_export_of_a_trainer_has_what_they_assigned(platform: Platform) -> None:
    """C-24: and nothing that others assigned to the same athlete."""
    trainer = settle(platform)
    assign(platform, ADA, trainer.id, "Mind the knee.")
    assign(platform, ADA, COACH, "Faster.")
    (line,) = exported(platform, trainer.id, "assignments.jsonl")
    assert (line["athlete"], line["name"], line["note"]) == (ADA, "Legs", "Mind the knee.")
    assert line["notes"] == ["Squats: Mind the knee."]


def test_an_erased_athlete_has_no_assigned_workouts(platform: Platform, origin: Origin) -> None:
    """C-24: the texts disappear with the key, and nothing stays open."""
    person = settle(platform)
    assign(platform, person.id, COACH, "Mind the knee.")
    assert erase(platform, person.id, origin)
    state = platform.assignments.state(DEFAULT_TENANT, person.id)
    assert state.pending == ()
    assert [each.note.value for each in state.ended] == [Erased()]
    assert [each.notes for each in state.ended] == [Personal(person.id, Erased())]


def test_texts_of_an_erased_trainer_are_not_shown(platform: Platform, origin: Origin) -> None:
    """C-24, R-TEN-12: to the athlete, nor in their archive; others' texts stay."""
    trainer, athlete = settle(platform), UserId("eve")
    assign(platform, athlete, trainer.id, "Mind the knee.")
    assign(platform, athlete, COACH, "Faster.")
    assert erase(platform, trainer.id, origin)
    seen = platform.assignments.of_athlete(DEFAULT_TENANT, athlete)
    assert [each.note.value for each in seen] == ["Faster."]
    assert [each.notes for each in seen] == [Personal(athlete, ("Squats: Faster.",))]
    history = platform.log.load(DEFAULT_TENANT, f"assignments-{athlete}")
    kept = without_texts_of_erased(platform.log, DEFAULT_TENANT, history)
    written = [(each.event.note.value, each.event.notes) for each in kept]
    assert written == [(Erased(), None), ("Faster.", Personal(athlete, ("Squats: Faster.",)))]
