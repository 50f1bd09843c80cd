"""Second factors of the signed-in user: authenticator app, recovery codes, confirmation.

Passkeys are in `passkeys.py`.

These endpoints accept tokens of sign-ins that still need a second factor.
"""

from fastapi import APIRouter, Depends

from api.caller import CurrentCaller, Id
from api.http.auth import Services
from api.http.confirmation import UnconfirmedClaims, UnconfirmedCommandId, reauthenticate
from api.http.rate_limits import rate_limited
from api.problem_details import problem_responses
from api.views.second_factors import (
    AppEnrolmentBody,
    CodeInput,
    ConfirmedBody,
    EnrolledBody,
    RecoveryCodes,
    SecondFactorBody,
    SecondFactorsBody,
)
from api.views.users import Reauthentication
from application.caller import Caller
from application.users.accounts import reveal
from application.users.tokens import AccessClaims
from domain.kernel import Origin
from domain.users.factor_commands import SecondFactorRequired

router = APIRouter(
    prefix="/v1/auth/second-factors",
    tags=["auth"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(401, 403, 422, 429, 503),
)


@router.get("", operation_id="listSecondFactors", summary="List your second factors")
def second_factors(services: Services, claims: UnconfirmedClaims) -> SecondFactorsBody:
    """Return the caller's second factors, the oldest first."""
    user = services.second_factors.user(claims)
    names = {each.id: reveal(each.name) for each in user.second_factors}
    factors = services.second_factors.list_factors(claims)
    return SecondFactorsBody(
        items=[
            SecondFactorBody(
                id=each.id, kind=each.kind, name=names.get(each.id), added_at=each.added_at
            )
            for each in factors
        ],
        recovery_codes=services.second_factors.count_codes(claims),
    )


@router.post(
    "/confirmation",
    operation_id="confirmSignIn",
    summary="Confirm your sign-in with a code",
)
def confirm(
    caller: CurrentCaller, services: Services, claims: UnconfirmedClaims, body: CodeInput
) -> ConfirmedBody:
    """Confirm the sign-in with a code of the app, or use up a recovery code.

    Changes of sign-in methods require a confirmation within the last ten minutes; so do the changes
    that administrators make to accounts, roles and the join policy.
    """
    code = body.code.get_secret_value()
    origin = origin_of(caller, claims)
    return ConfirmedBody.of(services.second_factors.confirm(claims, code, origin=origin))


@router.post(
    "/app",
    operation_id="addApp",
    summary="Add an authenticator app",
    responses=problem_responses(409),
)
def add_app(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    body: Reauthentication | None = None,
) -> AppEnrolmentBody:
    """Return the secret of a new app, which counts once one of its codes was confirmed.

    The sign-in must be recent, or the password sent.
    """
    require_recent(caller, claims, body)
    enrolment = services.second_factors.begin_app(claims)
    return AppEnrolmentBody(
        id=enrolment.id, secret=enrolment.secret, uri=enrolment.uri, qr_code=enrolment.qr_code
    )


@router.post(
    "/app/{factor_id}/confirmation",
    operation_id="confirmApp",
    summary="Confirm a new authenticator app",
    responses=problem_responses(404, 409),
)
def confirm_app(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    command_id: UnconfirmedCommandId,
    factor_id: Id,
    body: CodeInput,
) -> EnrolledBody:
    """Add the app by one of its codes. The first factor comes with recovery codes.

    If the response is lost, repeat the request with the same key, or with the next code: the
    recovery codes of the last response count.
    """
    require_confirmed_or_first(claims)
    return EnrolledBody.added(
        services.second_factors.confirm_app(
            claims,
            factor_id,
            body.code.get_secret_value(),
            origin=origin_of(caller, claims),
            command_id=command_id,
        )
    )


@router.post(
    "/recovery-codes",
    operation_id="replaceRecoveryCodes",
    summary="Replace your recovery codes",
)
def replace_recovery_codes(
    caller: CurrentCaller, services: Services, claims: UnconfirmedClaims
) -> RecoveryCodes:
    """Return new recovery codes; the old ones are void. A recent confirmation is required."""
    require_recent(caller, claims, None)
    origin = origin_of(caller, claims)
    codes = services.second_factors.replace_codes(claims, origin=origin)
    return RecoveryCodes(recovery_codes=list(codes))


@router.delete(
    "/{factor_id}",
    operation_id="removeSecondFactor",
    summary="Remove a second factor",
    status_code=204,
    responses=problem_responses(404),
)
def remove(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    command_id: UnconfirmedCommandId,
    factor_id: Id,
) -> None:
    """Remove a second factor. A recent confirmation is required."""
    require_recent(caller, claims, None)
    services.second_factors.remove(
        claims, factor_id, origin=origin_of(caller, claims), command_id=command_id
    )


def origin_of(caller: Caller, claims: AccessClaims) -> Origin:
    """Return the origin of events, also for a sign-in that is not confirmed yet."""
    return Origin(
        tenant_id=claims.tenant_id, actor=claims.user_id, correlation_id=caller.correlation_id
    )


def require_recent(caller: Caller, claims: AccessClaims, body: Reauthentication | None) -> None:
    """Raise unless the sign-in is recent, and confirmed if it has to be."""
    require_confirmed_or_first(claims)
    reauthenticate(caller, claims, body)


def require_confirmed_or_first(claims: AccessClaims) -> None:
    """Raise SecondFactorRequired if a second factor exists and has not confirmed the sign-in."""
    if claims.assurance == "second_factor":
        raise SecondFactorRequired
