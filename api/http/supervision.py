"""Trainers who see an athlete's training, and the athletes of a trainer, over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import supervision as views
from api.views.base import Body, PageInfo
from api.views.supervision import Athlete, AthleteInvitation, OwnTrainer
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.supervision.commands import AthleteNotFound

own_trainers = APIRouter(
    prefix="/v1/me/trainers", tags=["plans"], responses=problem_responses(403, 404, 422, 503)
)
athletes = APIRouter(
    prefix="/v1/athletes", tags=["plans"], responses=problem_responses(403, 404, 422, 503)
)
invitations = APIRouter(
    prefix="/v1/athlete-invitations",
    tags=["plans"],
    responses=problem_responses(403, 404, 422, 503),
)


class OwnTrainers(Body):
    """The trainers who see your training."""

    items: list[OwnTrainer]


class SupervisionWritten(Body):
    """Result of a command: the log has it up to `position`."""

    trainer_id: str
    position: int
    repeated: bool


class AthletePage(Body):
    """A page of athletes."""

    items: list[Athlete]
    page_info: PageInfo


class AthleteInvitationPage(Body):
    """A page of invitations."""

    items: list[AthleteInvitation]
    page_info: PageInfo


class AthleteInvitationWritten(Body):
    """Result of a command: the log has it up to `position`."""

    invitation_id: str
    position: int
    repeated: bool


@own_trainers.get("", operation_id="listOwnTrainers", summary="List who sees your training")
def list_own_trainers(caller: ReadingCaller) -> OwnTrainers:
    """Return the trainers whom you let see your training."""
    return OwnTrainers(items=views.own_trainers(caller))


@own_trainers.put(
    "/{trainer_id}",
    operation_id="allowTrainer",
    summary="Let a trainer see your training",
    responses=problem_responses(409),
)
def allow(
    trainer_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.AllowTrainer
) -> SupervisionWritten:
    """Let a trainer see your sessions, form, replays and live poses, until you withdraw it."""
    written = views.allow_trainer(caller, trainer_id, body, command_id)
    return SupervisionWritten.model_validate(written)


@own_trainers.delete(
    "/{trainer_id}", operation_id="disallowTrainer", summary="Withdraw a trainer's access"
)
def disallow(trainer_id: Id, caller: CurrentCaller, command_id: CommandId) -> SupervisionWritten:
    """Withdraw a trainer's access to your training. It ends at once, also on open pages."""
    written = views.disallow_trainer(caller, trainer_id, command_id)
    return SupervisionWritten.model_validate(written)


@athletes.get("", operation_id="listAthletes", summary="List your athletes, newest first")
def list_athletes(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> AthletePage:
    """Return a page of the athletes who let you see their training."""
    page = views.athlete_page(caller, window(first, after))
    found = views.to_athletes(caller, (edge.row for edge in page.edges))
    info = page_info(response, page, "/v1/athletes", first=first)
    return AthletePage(items=list(found.values()), page_info=info)


@athletes.get("/{athlete_id}", operation_id="getAthlete", summary="Get an athlete of yours")
def get_athlete(athlete_id: Id, caller: ReadingCaller) -> Athlete:
    """Return an athlete who lets you see their training."""
    found = views.find_athletes(caller, [athlete_id]).get(athlete_id)
    if found is None:
        raise AthleteNotFound
    return found


@invitations.get(
    "", operation_id="listAthleteInvitations", summary="List your invitations, newest first"
)
def list_invitations(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> AthleteInvitationPage:
    """Return a page of the invitations that you have made."""
    page = views.invitation_page(caller, window(first, after))
    items = [views.invitation_of(caller, edge.row) for edge in page.edges]
    info = page_info(response, page, "/v1/athlete-invitations", first=first)
    return AthleteInvitationPage(items=items, page_info=info)


@invitations.get(
    "/{invitation_id}", operation_id="getAthleteInvitation", summary="Get an invitation"
)
def get_invitation(invitation_id: Id, caller: CurrentCaller) -> AthleteInvitation:
    """Return an invitation, to anyone who has the link with its id."""
    return views.get_invitation(caller, invitation_id)


@invitations.post(
    "",
    operation_id="createAthleteInvitation",
    summary="Invite an athlete",
    status_code=201,
)
def create_invitation(
    caller: CurrentCaller, command_id: CommandId, response: Response
) -> AthleteInvitationWritten:
    """Invite an athlete to let you see their training."""
    written = views.create_athlete_invitation(caller, command_id)
    response.headers["Location"] = f"/v1/athlete-invitations/{written.invitation_id}"
    return AthleteInvitationWritten.model_validate(written)


@invitations.delete(
    "/{invitation_id}",
    operation_id="withdrawAthleteInvitation",
    summary="Withdraw an invitation",
)
def withdraw_invitation(
    invitation_id: Id, caller: CurrentCaller, command_id: CommandId
) -> AthleteInvitationWritten:
    """Withdraw an invitation that nobody has accepted. Athletes who accepted one stay."""
    written = views.withdraw_athlete_invitation(caller, invitation_id, command_id)
    return AthleteInvitationWritten.model_validate(written)
