"""Access log: who read and exported a person's data, for that person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.views.base import Body
from api.views.supervision import trainer_names
from application.caller import Caller
from application.privacy.access_log import Access
from domain.ids import UserId
from domain.users.user import Erased


class AccessBody(Body):
    """One access to the caller's data."""

    by: str
    by_name: str | None = Field(
        description="Name of a trainer whom you let see your training, now or before. Null for"
        " others, without a name, and after their account was erased."
    )
    by_trainer: bool = Field(description="Whether you let them see your training, now or before.")
    by_erased: bool = Field(description="Whether the account of who accessed it was erased.")
    what: Literal["read", "export"]
    kind: str
    which: str
    at: datetime
    correlation_id: UUID


def to_accesses(caller: Caller, subject: UserId, accesses: Sequence[Access]) -> list[AccessBody]:
    """Convert accesses to a person's data, with the names of trainers whom that person knows."""
    platform, tenant_id = caller.platform, caller.tenant_id
    accounts = platform.accounts().accounts
    actors = {UserId(each.by) for each in accesses}
    erased = {each for each in actors if isinstance(accounts.user(tenant_id, each), Erased)}
    trainers = platform.supervision.all_trainers(tenant_id, subject)
    names = trainer_names(caller, (actors & trainers) - erased)
    return [
        AccessBody(
            by=each.by,
            by_name=names.get(UserId(each.by)),
            by_trainer=each.by in trainers,
            by_erased=each.by in erased,
            what=each.what,
            kind=each.kind,
            which=each.which,
            at=each.at,
            correlation_id=each.correlation_id,
        )
        for each in accesses
    ]
