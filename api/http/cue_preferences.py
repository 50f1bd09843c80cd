"""How whoever has signed in wants to be coached, over REST."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import changed, known
from api.problem_details import problem_responses
from api.views.base import Body
from domain.coaching.phrasebook import DEFAULT_LANGUAGE
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.users.commands import ChangeCuePreferences, CuePreferencesMoved
from domain.users.user import Registered

MOST_MUTED: Final = 100

router = APIRouter(prefix="/v1/me", tags=["live"], responses=problem_responses(401, 422, 503))


class CueWishes(Body):
    """How an athlete wants to be coached; what may injure is told whatever is preferred."""

    model_config = ConfigDict(extra="forbid")

    frequency: Frequency = Field("usual", description="How often the coach speaks.")
    praise: bool = Field(default=True, description="Whether good repetitions are mentioned.")
    verbosity: Verbosity = Field(
        "full", description="Captions only, the caption spoken, or the whole sentence spoken."
    )
    language: str = Field(DEFAULT_LANGUAGE, max_length=35)
    muted: tuple[str, ...] = Field(
        (), max_length=MOST_MUTED, description="Ids of cues not to be spoken of."
    )

    @property
    def preferences(self) -> CuePreferences:
        """Say the same as a value. Raises CueLanguageUnknown."""
        return CuePreferences(
            self.frequency, self.praise, self.verbosity, self.language, self.muted
        )


@router.get(
    "/cue-preferences",
    operation_id="cuePreferences",
    summary="How you want to be coached",
    responses=WITH_ETAG,
)
def cue_preferences(services: Services, claims: CurrentClaims, response: Response) -> CueWishes:
    """Tell the preferences of whoever asks; those of somebody who said nothing are the usual."""
    return _answered(known(services, claims).cues, response)


@router.put(
    "/cue-preferences",
    operation_id="changeCuePreferences",
    summary="Say how you want to be coached, from the next set on",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: CueWishes,
    believed: IfMatch,
) -> CueWishes:
    """Replace the preferences of whoever asks; what is left out is as usual."""
    wanted = asked.preferences

    def wishes(user: Registered) -> Sequence[ChangeCuePreferences]:
        if not believed.holds(_etag(user.cues)):
            raise CuePreferencesMoved
        return [ChangeCuePreferences(preferences=wanted)]

    return _answered(changed(services, caller, claims, command_id, wishes).cues, response)


def _answered(preferences: CuePreferences, response: Response) -> CueWishes:
    response.headers["ETag"] = _etag(preferences)
    response.headers["Cache-Control"] = "private, no-cache"
    return CueWishes.model_validate(preferences)


def _etag(preferences: CuePreferences) -> str:
    return etag_of(repr(preferences))
