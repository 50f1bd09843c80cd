"""Follow payments, and compare them with their gateways, on threads of the API's process."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial

from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from application.payments.follow_up import PaymentFollowUp
from application.payments.reconciliation_runs import follow_reconciliations
from application.payments.tenant_list import TenantList
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.threads import Work, running


@contextmanager
def following_payments(settings: Settings, platform: Platform) -> Generator[None]:
    """Follow and compare payments until the end of the block, if any gateway is set up.

    Several processes may do it: every step is idempotent. The first tenant with accounts of its own
    needs a restart.
    """
    if not platform.gateways and platform.tenant_accounts.store.is_empty():
        yield
        return
    chain = (
        SqliteHashChain(settings.home / "log.sqlite3")
        if settings.postgres_url is None
        else PostgresHashChain(settings.postgres_url.get_secret_value())
    )
    with closing(chain):
        tenants = TenantList(chain.last_positions, platform.clock)
        follow_up = PaymentFollowUp(
            platform.read,
            tenants,
            platform.payments,
            platform.clock,
            inbox=platform.inbox,
        )
        starts_at = timedelta(hours=settings.daily_at_h)
        compare = partial(follow_reconciliations, platform.reconciliation, tenants, starts_at)
        work: dict[str, Work] = {"payments": follow_up.run, "reconciliation": compare}
        with running(work, settings.shutdown_s):
            yield
