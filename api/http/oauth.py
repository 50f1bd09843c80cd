"""Signing in by way of a provider's page: Google, Apple, and others that are set up (R-IDN-02).

A browser comes here by a link, not from a script. So refusals are told on a page where a browser
asks for one, and as problem documents otherwise. No token is ever in an address: the page finds
its refresh token in a cookie that it cannot read.
"""

import json
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import uuid5

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.caller import ANONYMOUS, Caller, CurrentCaller, CurrentClaims, Id
from api.http.auth import Services
from api.http.cookies import FLOW, forget, keep, kept, set_refresh_token
from api.http.idempotency import NAMESPACE
from api.http.rate_limits import NO_STORE, rate_limited
from api.problem_details import problem_responses, to_response
from api.views.users import OwnWays, ProviderDoor, ProviderPage, WaysIn
from application.users.errors import ReturnPathRefused, SignInEnded
from application.users.oauth_redirects import FLOW_LIFETIME, Flow, OAuthRedirectService, Returned
from domain.ids import TenantId
from domain.kernel import Origin, Rejected
from domain.users.commands import LONGEST_NAME
from domain.users.identities import Provider
from domain.users.user import Registered

router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(422, 429, 503),
)

PROBLEM: Final = "signInProblem"
"""The field of an address in which a page finds the code of a refusal."""

LOST: Final = "/sign_in.html"
"""The page for those of whom it is not known where they wanted to go."""

LONGEST: Final = 4096
"""Characters of anything that a provider sends people back with."""

Given = Annotated[str | None, Query(max_length=LONGEST)]
Posted = Annotated[str | None, Form(max_length=LONGEST)]
ReturnTo = Annotated[
    str, Query(alias="returnTo", description="The path of this site to come back to.")
]

TO_THE_PROVIDER: Final[dict[int | str, dict[str, Any]]] = {
    302: {"description": "To the provider's page."},
    303: {"description": "For browsers: back to a page, which is told why by a code."},
}
BACK: Final[dict[int | str, dict[str, Any]]] = {
    303: {"description": "Back to the page, with a refresh token in a cookie."},
}


@router.get("/ways", operation_id="waysIn", summary="How people can sign in here")
def ways(services: Services) -> WaysIn:
    """Tell which providers are set up (R-IDN-01)."""
    names = services.oauth.providers.names()
    config = [ProviderDoor(name=name, sign_in_path=f"/v1/auth/oauth/{name}") for name in names]
    return WaysIn(providers=config)


@router.get(
    "/identities",
    operation_id="identities",
    summary="How whoever asks can sign in",
    responses=problem_responses(401),
)
def identities(services: Services, claims: CurrentClaims) -> OwnWays:
    """Tell which providers are linked to the account of whoever asks."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return OwnWays(
        password=user.has_password, providers=sorted(known.provider for known in user.identities)
    )


@router.get(
    "/oauth/{provider}",
    operation_id="oauthBegin",
    summary="Sign in by way of a provider's page",
    status_code=302,
    response_class=RedirectResponse,
    responses={**TO_THE_PROVIDER, **problem_responses(404)},
)
def begin(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    return_to: ReturnTo = "/",
    tenant: Annotated[Id | None, Query(description="As a link cannot have X-Tenant-ID.")] = None,
) -> Response:
    """Send a browser to the provider; what it has to remember meanwhile is in a signed cookie."""
    tenant_id = caller.tenant_id if tenant is None else TenantId(tenant)
    oauth = services.oauth
    try:
        page, signed = oauth.leave(provider, tenant_id, return_to=return_to)
    except ReturnPathRefused as refusal:
        return _told(request, refusal, LOST)
    except Rejected as refusal:
        return _told(request, refusal, return_to)
    answer = _sent(page, 302)
    _remember(request, answer, oauth, provider, signed)
    return answer


@router.post(
    "/oauth/{provider}/link",
    operation_id="oauthLink",
    summary="Link a provider by way of its page",
    responses=problem_responses(401, 404),
)
def link(
    request: Request,
    response: Response,
    services: Services,
    claims: CurrentClaims,
    provider: Provider,
    return_to: ReturnTo = "/",
) -> ProviderPage:
    """Tell a page of whoever has signed in where to go, so that they sign in there, too."""
    oauth = services.oauth
    page, signed = oauth.leave(provider, claims.tenant_id, return_to=return_to, links=claims)
    _remember(request, response, oauth, provider, signed)
    return ProviderPage(location=page)


def _given(
    state: Given = None,
    code: Given = None,
    error: Given = None,
    iss: Given = None,
) -> Returned:
    return Returned(state=state, code=code, error=error, issuer=iss)


def _posted(
    state: Posted = None,
    code: Posted = None,
    error: Posted = None,
    iss: Posted = None,
    user: Posted = None,
) -> Returned:
    """Read a form; `user` is what Apple tells of somebody who comes first."""
    return Returned(state=state, code=code, error=error, issuer=iss, name=_name(user))


@router.get(
    "/oauth/{provider}/callback",
    operation_id="oauthCallback",
    summary="Where a provider sends people back to",
    status_code=303,
    response_class=RedirectResponse,
    responses={**BACK, **problem_responses(401, 403, 404, 409)},
)
def come_back(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    returned: Annotated[Returned, Depends(_given)],
) -> Response:
    """Sign in whoever comes back to the browser that left, and send them to their page."""
    return _arrived(request, caller, services.oauth, provider, returned)


@router.post(
    "/oauth/{provider}/callback",
    operation_id="oauthPostedCallback",
    summary="Where a provider's form sends people back to, as Apple's does",
    status_code=303,
    response_class=RedirectResponse,
    responses={**BACK, **problem_responses(401, 403, 404, 409)},
)
def come_back_by_form(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    returned: Annotated[Returned, Depends(_posted)],
) -> Response:
    """Sign in whoever comes back, as `GET` does."""
    return _arrived(request, caller, services.oauth, provider, returned)


def _arrived(
    request: Request,
    caller: Caller,
    oauth: OAuthRedirectService,
    provider: Provider,
    returned: Returned,
) -> Response:
    return_to = LOST
    try:
        flow = oauth.read_flow(provider, kept(request, FLOW))
        return_to = flow.return_to
        signed_in = oauth.arrive(
            flow,
            returned,
            origin=_origin(caller, flow),
            command_id=uuid5(NAMESPACE, f"oauth\x1f{flow.state}"),
        )
    except Rejected as refusal:
        answer = _told(request, refusal, return_to)
    else:
        answer = _sent(return_to, 303)
        if signed_in is not None:
            set_refresh_token(request, answer, signed_in.refresh_token)
    forget(request, answer, FLOW)
    return answer


def _origin(caller: Caller, flow: Flow) -> Origin:
    """Say who asks, in the tenant where the way began."""
    actor = ANONYMOUS if flow.links is None else flow.links.user_id
    return replace(caller, tenant_id=flow.tenant_id, claims=None).origin(actor)


def _remember(
    request: Request, answer: Response, oauth: OAuthRedirectService, provider: Provider, signed: str
) -> None:
    """Let the browser keep a way that has begun. Only a form of the provider's needs more leave."""
    posts = oauth.providers.posts_back(provider)
    seconds = int(FLOW_LIFETIME.total_seconds())
    keep(request, answer, FLOW, signed, same_site="none" if posts else "lax", seconds=seconds)


def _told(request: Request, refusal: Rejected, return_to: str) -> Response:
    """Tell of a refusal: by its code to a page that a browser asks for, else as a problem."""
    if "text/html" not in request.headers.get("accept", ""):
        return to_response(request, refusal)
    path, hash_mark, fragment = return_to.partition("#")
    field = f"{'&' if '?' in path else '?'}{PROBLEM}={quote(refusal.code)}"
    return _sent(path + field + hash_mark + fragment, 303)


def _sent(where: str, status: int) -> Response:
    return RedirectResponse(where, status, {"Cache-Control": NO_STORE})


def _name(told: str | None) -> str | None:
    """Read the name in what Apple posts: {"name": {"firstName": …, "lastName": …}}."""
    try:
        names = json.loads(told or "{}")["name"]
        words = [names.get("firstName"), names.get("lastName")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return " ".join(word for word in words if isinstance(word, str))[:LONGEST_NAME] or None
