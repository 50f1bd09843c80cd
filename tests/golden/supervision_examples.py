"""Examples of the events of supervision, of comments, and of workouts that trainers assign."""

from datetime import date
from typing import Any

from domain.assignments import events as assignment
from domain.capacities import events as capacity
from domain.comments import events as comments
from domain.ids import (
    AssignmentId,
    AthleteInvitationId,
    ContentId,
    EnrollmentId,
    ExerciseId,
    SessionId,
    UserId,
)
from domain.personal import Personal
from domain.supervision import events as supervision
from domain.values import Tempo
from domain.workouts.events import LessonPart, PrescribedExercise
from tests.golden.health_examples import ADA, AT, LATER

TRAINER = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6074")
INVITATION = AthleteInvitationId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f607a")
ASSIGNMENT = AssignmentId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f607c")
SESSION = SessionId("assigned.0197b2c4-5d6e-7f80-9a1b-2c3d4e5f607d")
LINES = (
    PrescribedExercise(ExerciseId("squat"), sets=3, target_repetitions=8, rest_s=90, load_kg=62.5),
    PrescribedExercise(ExerciseId("plank"), sets=2, target_hold_s=30),
    PrescribedExercise(
        ExerciseId("lunge"),
        sets=1,
        target_repetitions=8,
        tempo=Tempo(2.0, 0.5, 1.0, 0.5),
        range_of_motion_deg=81.5,
        lesson=LessonPart(ContentId("squats"), 1, 2),
        target_rpe=7.5,
    ),
)

EXAMPLES: list[Any] = [
    supervision.SupervisionAllowed(
        athlete_id=ADA, trainer_id=TRAINER, video=True, assign=True, version="2",
        invitation_id=INVITATION,
        enrollment_id=EnrollmentId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6079"), at=AT,
    ),
    supervision.SupervisionWithdrawn(trainer_id=TRAINER, at=LATER),
    capacity.PlacesCounted(user_id=TRAINER, places=(ADA,), at=AT),
    capacity.PlaceTaken(user_id=TRAINER, place=ADA, freed=(), at=AT),
    supervision.AthleteInvitationCreated(trainer_id=TRAINER, expires_at=LATER, at=AT),
    supervision.AthleteInvitationAccepted(athlete_id=ADA, at=LATER),
    supervision.AthleteInvitationWithdrawn(at=LATER),
    comments.CommentWritten(
        comment_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f607b", athlete_id=ADA, trainer_id=TRAINER,
        place=comments.Place(set=1, repetition=3, at_ms=4200), at=AT,
        text=Personal(ADA, "Go deeper, your heels stay down."),
    ),
    comments.CommentDeleted(comment_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f607b", at=LATER),
    assignment.WorkoutAssigned(
        assignment_id=ASSIGNMENT, athlete_id=ADA, trainer_id=TRAINER, name=Personal(ADA, "Legs"),
        note=Personal(ADA, "Stop if the knee hurts."), exercises=LINES,
        notes=Personal(ADA, ("Stop above the bad knee.", "", "Slowly.")),
        due_on=date(2030, 1, 2), at=AT,
    ),
    assignment.AssignmentAdjusted(
        assignment_id=ASSIGNMENT, name=Personal(ADA, "Legs and core"), note=Personal(ADA, ""),
        exercises=LINES, notes=None, due_on=date(2030, 1, 3), at=LATER,
    ),
    assignment.AssignmentBegun(assignment_id=ASSIGNMENT, session_id=SESSION, at=LATER),
    assignment.AssignmentReopened(assignment_id=ASSIGNMENT, at=LATER),
    assignment.AssignmentDone(assignment_id=ASSIGNMENT, at=LATER),
    assignment.AssignmentDeclined(assignment_id=ASSIGNMENT, at=LATER),
    assignment.AssignmentWithdrawn(assignment_id=ASSIGNMENT, at=LATER),
]  # fmt: skip
