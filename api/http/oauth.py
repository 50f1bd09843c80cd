"""Sign-in at the page of a provider: Google, Apple and others (R-IDN-02).

Browsers follow links here, not scripts. Errors are shown on a page if the client accepts HTML, else
returned as problems. Tokens never appear in URLs: the page finds its refresh token in a cookie that
scripts cannot read.
"""

import json
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import uuid5

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.caller import CurrentCaller, CurrentClaims, Id
from api.http.auth import Services, require_tenant
from api.http.confirmation import reauthenticate
from api.http.cookies import OAUTH_COOKIE, delete_cookie, read_cookie, set_cookie, set_refresh_token
from api.http.rate_limits import NO_STORE, rate_limited
from api.idempotency import NAMESPACE
from api.problem_details import problem_responses, to_response
from api.views.users import (
    LinkedProviders,
    ProviderPage,
    Reauthentication,
    SignInProvider,
    SignInProviders,
)
from application.caller import ANONYMOUS, Caller
from application.users.errors import ReturnPathRefused, SignInEnded
from application.users.oauth_redirect import (
    FLOW_LIFETIME,
    OAuthRedirectService,
    check_return_path,
)
from application.users.ports import CallbackParameters, Flow
from domain.ids import TenantId
from domain.kernel import Origin, Rejected
from domain.tenants.tenant_id import parse_tenant_id
from domain.users.identities import MAX_NAME_LENGTH, Provider
from domain.users.user import Registered

router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(rate_limited), Depends(require_tenant)],
    responses=problem_responses(404, 422, 429, 503),
)

PROBLEM_PARAMETER: Final = "signInProblem"
"""Query parameter of a page that receives the code of an error."""

DEFAULT_PAGE: Final = "/sign_in.html"
"""Page for errors where the page to return to is unknown."""

MAX_PARAMETER_LENGTH: Final = 4096
"""Maximum length of a parameter that a provider sends back."""

QueryText = Annotated[str | None, Query(max_length=MAX_PARAMETER_LENGTH)]
FormText = Annotated[str | None, Form(max_length=MAX_PARAMETER_LENGTH)]
ReturnTo = Annotated[str, Query(alias="returnTo", description="Path of this site to return to.")]

REDIRECT_TO_PROVIDER: Final[dict[int | str, dict[str, Any]]] = {
    302: {"description": "Redirect to the provider's page."},
    303: {"description": "For browsers: redirect back to a page, with an error code."},
}
REDIRECT_TO_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    303: {"description": "Redirect back to the page, with a refresh token in a cookie."},
}


@router.get("/providers", operation_id="listSignInProviders", summary="List the sign-in providers")
def list_sign_in_providers(caller: CurrentCaller, services: Services) -> SignInProviders:
    """Return the configured providers (R-IDN-01), and who may open an account in the tenant."""
    scopes = services.external_identities.scopes
    names = [
        name
        for name in services.oauth.providers.names()
        if scopes.of(name).serves(caller.tenant_id)
    ]
    providers = [SignInProvider(name=name, sign_in_path=f"/v1/auth/oauth/{name}") for name in names]
    policy = services.tenants.join_policy(caller.tenant_id)
    return SignInProviders(providers=providers, join=policy.kind)


@router.get(
    "/identities",
    operation_id="identities",
    summary="List your linked providers",
    responses=problem_responses(401),
)
def identities(services: Services, claims: CurrentClaims) -> LinkedProviders:
    """Return how the caller can sign in: password and linked providers."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return LinkedProviders(
        password=user.has_password,
        providers=sorted(identity.provider for identity in user.identities),
    )


@router.get(
    "/oauth/{provider}",
    operation_id="oauthBegin",
    summary="Sign in at a provider's page",
    status_code=302,
    response_class=RedirectResponse,
    responses={**REDIRECT_TO_PROVIDER, **problem_responses(404)},
)
def start_oauth(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    return_to: ReturnTo = "/",
    tenant: Annotated[Id | None, Query(description="Tenant; links cannot set X-Tenant-ID.")] = None,
) -> Response:
    """Redirect to the provider. A signed cookie keeps the state of the flow."""
    tenant_id = caller.tenant_id if tenant is None else TenantId(tenant)
    oauth = services.oauth
    try:
        check_return_path(return_to)  # first: other errors send the browser there
        services.tenants.require_exists(parse_tenant_id(tenant_id))
        page, signed = oauth.begin(provider, tenant_id, return_to=return_to)
    except ReturnPathRefused as refusal:
        return _error_response(request, refusal, DEFAULT_PAGE)
    except Rejected as refusal:
        return _error_response(request, refusal, return_to)
    answer = _redirect(page, 302)
    _store_flow(request, answer, oauth, provider, signed)
    return answer


@router.post(
    "/oauth/{provider}/link",
    operation_id="oauthLink",
    summary="Link a provider through its page",
    responses=problem_responses(401, 403, 404),
)
def link(
    *,
    request: Request,
    response: Response,
    services: Services,
    caller: CurrentCaller,
    claims: CurrentClaims,
    provider: Provider,
    return_to: ReturnTo = "/",
    body: Reauthentication | None = None,
) -> ProviderPage:
    """Return the provider's page where the caller signs in to link the account.

    The sign-in must be recent, or the password sent.
    """
    reauthenticate(caller, claims, body)
    oauth = services.oauth
    page, signed = oauth.begin(provider, claims.tenant_id, return_to=return_to, links=claims)
    _store_flow(request, response, oauth, provider, signed)
    return ProviderPage(location=page)


def query_parameters(
    state: QueryText = None,
    code: QueryText = None,
    error: QueryText = None,
    iss: QueryText = None,
) -> CallbackParameters:
    """Return what a provider adds to the address to which it sends the browser back."""
    return CallbackParameters(state=state, code=code, error=error, issuer=iss)


def _form_parameters(
    state: FormText = None,
    code: FormText = None,
    error: FormText = None,
    iss: FormText = None,
    user: FormText = None,
) -> CallbackParameters:
    """Parse the form post; `user` is what Apple sends about new users."""
    return CallbackParameters(state=state, code=code, error=error, issuer=iss, name=_name(user))


@router.get(
    "/oauth/{provider}/callback",
    operation_id="oauthCallback",
    summary="Return from a provider",
    status_code=303,
    response_class=RedirectResponse,
    responses={**REDIRECT_TO_PAGE, **problem_responses(401, 403, 404, 409)},
)
def oauth_callback(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    returned: Annotated[CallbackParameters, Depends(query_parameters)],
) -> Response:
    """Sign in the user in the browser that started the flow, and redirect to the page."""
    return _finish_flow(request, caller, services.oauth, provider, returned)


@router.post(
    "/oauth/{provider}/callback",
    operation_id="oauthPostedCallback",
    summary="Return from a provider by form post",
    status_code=303,
    response_class=RedirectResponse,
    responses={**REDIRECT_TO_PAGE, **problem_responses(401, 403, 404, 409)},
)
def oauth_form_callback(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    provider: Provider,
    returned: Annotated[CallbackParameters, Depends(_form_parameters)],
) -> Response:
    """Sign in the returning user, as `GET` does."""
    return _finish_flow(request, caller, services.oauth, provider, returned)


def _finish_flow(
    request: Request,
    caller: Caller,
    oauth: OAuthRedirectService,
    provider: Provider,
    returned: CallbackParameters,
) -> Response:
    return_to = DEFAULT_PAGE
    try:
        flow = oauth.read_flow(provider, read_cookie(request, OAUTH_COOKIE))
        return_to = flow.return_to
        signed_in = oauth.complete(
            flow,
            returned,
            origin=_origin(caller, flow),
            command_id=uuid5(NAMESPACE, f"oauth\x1f{flow.state}"),
        )
    except Rejected as refusal:
        answer = _error_response(request, refusal, return_to)
    else:
        answer = _redirect(return_to, 303)
        if signed_in is not None:
            set_refresh_token(request, answer, signed_in.refresh_token)
    delete_cookie(request, answer, OAUTH_COOKIE)
    return answer


def _origin(caller: Caller, flow: Flow) -> Origin:
    """Return the origin of events, in the tenant where the flow started."""
    actor = ANONYMOUS if flow.links is None else flow.links.user_id
    return replace(caller, tenant_id=flow.tenant_id, claims=None).origin(actor)


def _store_flow(
    request: Request, answer: Response, oauth: OAuthRedirectService, provider: Provider, signed: str
) -> None:
    """Store the flow in a cookie. Only a form post by the provider needs `SameSite=None`."""
    posts = oauth.providers.uses_form_post(provider)
    seconds = int(FLOW_LIFETIME.total_seconds())
    set_cookie(
        request, answer, OAUTH_COOKIE, signed, same_site="none" if posts else "lax", seconds=seconds
    )


def _error_response(request: Request, refusal: Rejected, return_to: str) -> Response:
    """Respond to an error: redirect browsers to the page with its code, else return a problem."""
    if "text/html" not in request.headers.get("accept", ""):
        return to_response(request, refusal)
    path, hash_mark, fragment = return_to.partition("#")
    field = f"{'&' if '?' in path else '?'}{PROBLEM_PARAMETER}={quote(refusal.code)}"
    return _redirect(path + field + hash_mark + fragment, 303)


def _redirect(location: str, status: int) -> Response:
    return RedirectResponse(location, status, {"Cache-Control": NO_STORE})


def _name(user: str | None) -> str | None:
    """Parse the name that Apple posts: {"name": {"firstName": …, "lastName": …}}."""
    try:
        names = json.loads(user or "{}")["name"]
        words = [names.get("firstName"), names.get("lastName")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return " ".join(word for word in words if isinstance(word, str))[:MAX_NAME_LENGTH] or None
