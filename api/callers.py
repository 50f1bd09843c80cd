"""Who asks: the tenant a request is for, and the chain of messages it belongs to."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, cast
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import AfterValidator

from api.problems import correlation_id, title_of
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin, Rejected

ANONYMOUS: Final = "anonymous"
"""The actor of commands while nobody signs in."""

ID_SHAPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}")
"""No `/`, which separates the parts of keys in read models, and nothing special in a path."""


class IdInvalid(Rejected):
    """An id has 1 to 128 characters: a letter or digit, then letters, digits and any of `_.:@-`."""

    code = "id.invalid"
    kind = "invalid"


def checked_id(given: str) -> str:
    """Return an id that a client chose, if nothing but itself can be meant by it."""
    if not ID_SHAPE.fullmatch(given):
        raise IdInvalid
    return given


def _id(given: str) -> str:
    if not ID_SHAPE.fullmatch(given):
        raise ValueError(title_of(IdInvalid).rstrip("."))
    return given


Id = Annotated[str, AfterValidator(_id)]
"""An id in a path, query or form."""


@dataclass(frozen=True)
class Caller:
    """The platform as one request may use it."""

    platform: Platform
    tenant_id: TenantId
    correlation_id: UUID

    def origin(self, actor: str = ANONYMOUS) -> Origin:
        """Say who asked, for the envelope of events."""
        return Origin(tenant_id=self.tenant_id, actor=actor, correlation_id=self.correlation_id)


def platform_of(request: Request) -> Platform:
    """The platform that the application was made for."""
    return cast("Platform", request.app.state.platform)


def _caller(
    request: Request,
    x_tenant_id: Annotated[
        str,
        Header(pattern=r"^[a-z0-9_-]{1,64}$", description="The tenant whose data this is about."),
    ] = DEFAULT_TENANT,
) -> Caller:
    return Caller(platform_of(request), TenantId(x_tenant_id), correlation_id(request))


AnyCaller = Annotated[Caller, Depends(_caller)]
