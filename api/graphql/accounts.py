"""Accounts of a tenant in GraphQL, for its administrators."""

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.pagination import Connection, connection, key_of
from api.views import accounts
from api.views.accounts import AccountWritten, get_account, get_accounts
from application.kernel.pagination import window
from projections.users import USERS


@derived(accounts.Account, user_id="id")
class Account:
    """A user account."""


@strawberry.type
class AccountQueries:
    """Queries of accounts."""

    @reading("Get an account of your tenant, as one of its administrators.")
    def account(self, info: Info, user_id: strawberry.ID) -> Account:
        """Read the account from the log: read models and cached responses have no addresses."""
        info.context.may_keep = False
        return convert(Account, get_account(info.context.caller, key_of("User", user_id)))

    @reading("List the accounts of your tenant, newest first; at most 100 a page.")
    def accounts(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Account]:
        """List a page."""
        info.context.may_keep = False
        caller = info.context.caller
        caller.require("read", "profile", None)
        page = caller.platform.read.page(
            USERS,
            caller.tenant_id,
            window=window(first, after, last, before),
            where={},
            order_by="registered_at",
            descending=True,
        )
        found = {each.id: each for each in get_accounts(caller, [edge.row for edge in page.edges])}
        return connection(
            page, lambda row: convert(Account, found[row.id]) if row.id in found else None
        )


@strawberry.type
class AccountPayload:
    """Id of the account that was changed."""

    user_id: strawberry.ID

    @classmethod
    def of(cls, _: Context, written: AccountWritten) -> "AccountPayload":
        """Return the payload of a command."""
        return cls(user_id=strawberry.ID(written.user_id))
