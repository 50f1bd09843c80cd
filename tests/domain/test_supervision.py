"""Supervision and its invitations, by given, when and then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.ids import AthleteInvitationId, EnrollmentId, UserId
from domain.supervision import commands, events
from domain.supervision.invitation import ATHLETE_INVITATION
from domain.supervision.supervision import SUPERVISION
from domain.values import InvalidValue
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
LATER = AT + timedelta(days=1)
ADA, EVE, COACH, RIVAL = map(UserId, ("ada", "eve", "coach", "rival"))
INVITATION = AthleteInvitationId("i1")
given = specification(SUPERVISION)
invited = specification(ATHLETE_INVITATION)


def allow(
    *,
    video: bool = False,
    assign: bool = False,
    trainer: UserId = COACH,
    enrollment: str | None = "e1",
) -> commands.AllowTrainer:
    return commands.AllowTrainer(
        athlete_id=ADA,
        trainer_id=trainer,
        video=video,
        assign=assign,
        enrollment_id=None if enrollment is None else EnrollmentId(enrollment),
        version="1",
        at=AT,
    )


def allowed(
    *,
    video: bool = False,
    assign: bool = False,
    trainer: UserId = COACH,
    enrollment: str | None = "e1",
) -> events.SupervisionAllowed:
    return events.SupervisionAllowed(
        athlete_id=ADA,
        trainer_id=trainer,
        video=video,
        assign=assign,
        enrollment_id=None if enrollment is None else EnrollmentId(enrollment),
        invitation_id=None,
        version="1",
        at=AT,
    )


WITHDRAW = commands.DisallowTrainer(trainer_id=COACH, at=LATER)
WITHDRAWN = events.SupervisionWithdrawn(trainer_id=COACH, at=LATER)


def test_an_athlete_lets_a_trainer_see_their_training_and_withdraws_it() -> None:
    given().when(allow()).then(allowed())
    given(allowed()).when(allow()).then_nothing()
    given(allowed()).when(WITHDRAW).then(WITHDRAWN)
    given(allowed(), WITHDRAWN).when(WITHDRAW).then_rejected(commands.TrainerNotAllowed)
    given(allowed(), WITHDRAWN).when(allow()).then(allowed())
    given(allowed(trainer=RIVAL)).when(WITHDRAW).then_rejected(commands.TrainerNotAllowed)


def test_the_first_permission_needs_an_occasion_and_a_change_of_it_none() -> None:
    unasked = allow(enrollment=None)
    given().when(unasked).then_rejected(commands.OccasionMissing)
    given(allowed(), WITHDRAWN).when(unasked).then_rejected(commands.OccasionMissing)
    with_videos = allow(video=True, enrollment=None)
    given(allowed()).when(with_videos).then(allowed(video=True, enrollment=None))


def test_a_change_does_not_undo_a_withdrawal_of_the_same_moment() -> None:
    """R-TEN-03: also not that of the permission to assign workouts."""
    change = replace(allow(video=True), is_change=True)
    given(allowed()).when(change).then(allowed(video=True))
    given(allowed(), WITHDRAWN).when(change).then_rejected(commands.TrainerNotAllowed)
    unchanged = replace(change, assign=None)
    given(allowed(assign=True)).when(unchanged).then(allowed(video=True, assign=True))
    given(allowed(assign=True), allowed()).when(unchanged).then(allowed(video=True))
    assigning = replace(change, video=None, assign=True)
    given(allowed(video=True), allowed()).when(assigning).then(allowed(assign=True))
    given(allowed(video=True)).when(assigning).then(allowed(video=True, assign=True))


def test_assigning_workouts_is_a_permission_of_its_own() -> None:
    """R-CAT-06: given and withdrawn apart from videos."""
    with_it = allow(assign=True, enrollment=None)
    given().when(with_it).then_rejected(commands.OccasionMissing)
    given(allowed()).when(with_it).then(allowed(assign=True, enrollment=None))
    given(allowed(assign=True)).when(with_it).then_nothing()
    without = allow(enrollment=None)
    given(allowed(assign=True)).when(without).then(allowed(enrollment=None))
    permission = given(allowed(assign=True), allowed()).state.find(COACH)
    assert permission is not None
    assert not permission.assign


def test_the_number_of_trainers_is_limited() -> None:
    many = [allowed(trainer=UserId(f"coach-{each}")) for each in range(commands.MAX_TRAINERS)]
    given(*many).when(allow()).then_rejected(commands.TooManyTrainers)
    again = allow(trainer=UserId("coach-1"), video=True)
    given(*many).when(again).then(allowed(trainer=UserId("coach-1"), video=True))


def test_nobody_supervises_themselves() -> None:
    with pytest.raises(InvalidValue):
        allow(trainer=ADA)


def accept(
    athlete: UserId = ADA, trainer: UserId = COACH, at: datetime = LATER
) -> commands.AcceptAthleteInvitation:
    return commands.AcceptAthleteInvitation(trainer_id=trainer, athlete_id=athlete, at=at)


CREATED = events.AthleteInvitationCreated(
    trainer_id=COACH, expires_at=AT + commands.INVITATION_LIFETIME, at=AT
)
ACCEPTED = events.AthleteInvitationAccepted(athlete_id=ADA, at=LATER)
INVITATION_WITHDRAWN = events.AthleteInvitationWithdrawn(at=LATER)


def test_one_athlete_accepts_an_invitation_once() -> None:
    create = commands.CreateAthleteInvitation(trainer_id=COACH, at=AT)
    invited().when(create).then(CREATED)
    invited(CREATED).when(create).then_nothing()
    invited(CREATED).when(accept()).then(ACCEPTED)
    invited(CREATED, ACCEPTED).when(accept()).then_rejected(commands.AthleteInvitationOver)
    invited(CREATED, ACCEPTED).when(accept(EVE)).then_rejected(commands.AthleteInvitationOver)


def test_invitations_that_are_over_are_refused() -> None:
    expired = accept(at=CREATED.expires_at)
    invited(CREATED).when(expired).then_rejected(commands.AthleteInvitationOver)
    withdraw = commands.WithdrawAthleteInvitation(at=LATER)
    invited(CREATED).when(withdraw).then(INVITATION_WITHDRAWN)
    over = invited(CREATED, INVITATION_WITHDRAWN)
    over.when(accept()).then_rejected(commands.AthleteInvitationOver)
    over.when(withdraw).then_nothing()
    invited(CREATED, ACCEPTED).when(withdraw).then_nothing()
    unknown = (accept(), withdraw)
    for command in unknown:
        invited().when(command).then_rejected(commands.AthleteInvitationNotFound)
    wrong = accept(trainer=RIVAL)
    invited(CREATED).when(wrong).then_rejected(commands.AthleteInvitationNotFound)
