"""E-mails that a user gets beside those that are part of a contract, over REST."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.own_settings import require_user
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.user_commands import EmailPreferencesBody, change_email_preferences
from application.users.tokens import MAX_TOKEN_LENGTH
from domain.users.preferences import EmailTopic

own = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))
links = APIRouter(prefix="/v1/emails", tags=["auth"], responses=problem_responses(422, 503))

Token = Annotated[
    str, Query(max_length=MAX_TOKEN_LENGTH, description="The token of a link in an e-mail.")
]

PAGE: Final = "/unsubscribe.html"


class Unsubscribed(Body):
    """The user gets no more e-mails about this topic."""

    topic: EmailTopic


@own.get("/emails", operation_id="getEmailPreferences", summary="Get your choice of e-mails")
def preferences(services: Services, claims: CurrentClaims) -> EmailPreferencesBody:
    """Return which e-mails you get beside those that are part of a contract."""
    return EmailPreferencesBody.model_validate(require_user(services, claims).emails)


@own.put("/emails", operation_id="changeEmailPreferences", summary="Choose your e-mails")
def change(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: EmailPreferencesBody,
) -> EmailPreferencesBody:
    """Choose the e-mails that you get beside those that are part of a contract."""
    change_email_preferences(caller, claims.user_id, body, command_id)
    return EmailPreferencesBody.model_validate(require_user(services, claims).emails)


@links.post("/unsubscribe", operation_id="unsubscribe", summary="Unsubscribe by a link")
def unsubscribe(
    caller: CurrentCaller, services: Services, command_id: CommandId, token: Token
) -> Unsubscribed:
    """Unsubscribe the user of a link, without signing in. Mail programs call it: RFC 8058."""
    topic = services.unsubscription.unsubscribe(
        token, correlation_id=caller.correlation_id, command_id=command_id
    )
    return Unsubscribed(topic=topic)


@links.get(
    "/unsubscribe",
    operation_id="openUnsubscribePage",
    summary="Open the page to unsubscribe",
    status_code=303,
    response_class=RedirectResponse,
)
def open_page(token: Token) -> RedirectResponse:
    """Redirect to the page that asks first: programs follow links without being asked to."""
    return RedirectResponse(f"{PAGE}#{urlencode({'token': token})}", status_code=303)
