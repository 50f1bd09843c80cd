"""How pages are shown to whoever has signed in, over REST."""

from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import ConfigDict

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import changed, known
from api.problem_details import problem_responses
from api.views.users import DisplayBody
from domain.users.commands import ChangeDisplay, DisplayMoved
from domain.users.display import Display
from domain.users.user import Registered

router = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))


class DisplayWishes(DisplayBody):
    """How pages are to be shown; what is left out is as usual."""

    model_config = ConfigDict(extra="forbid")


@router.get(
    "/display", operation_id="display", summary="How pages are shown to you", responses=WITH_ETAG
)
def display(services: Services, claims: CurrentClaims, response: Response) -> DisplayBody:
    """Tell how pages are shown to whoever asks."""
    return _answered(known(services, claims).display, response)


@router.put(
    "/display",
    operation_id="changeDisplay",
    summary="Say how pages are to be shown to you, on all devices",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: DisplayWishes,
    believed: IfMatch,
) -> DisplayBody:
    """Replace all of it for whoever asks; what is left out is as usual."""
    wanted = Display(asked.first_day, asked.dates, asked.theme, asked.contrast)

    def wishes(user: Registered) -> Sequence[ChangeDisplay]:
        if not believed.holds(_etag(user.display)):
            raise DisplayMoved
        return [ChangeDisplay(display=wanted)]

    return _answered(changed(services, caller, claims, command_id, wishes).display, response)


def _answered(told: Display, response: Response) -> DisplayBody:
    response.headers["ETag"] = _etag(told)
    response.headers["Cache-Control"] = "private, no-cache"
    return DisplayBody.model_validate(told)


def _etag(told: Display) -> str:
    return etag_of(repr(told))
