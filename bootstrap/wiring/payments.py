"""Follow payments that are under way, on a thread of the process that serves the API."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from threading import Event, Thread

from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from application.payments.follow_up import PaymentFollowUp
from application.platform import Platform
from bootstrap.settings import Settings


@contextmanager
def following_payments(settings: Settings, platform: Platform) -> Generator[None]:
    """Follow payments on a thread until the end of the block, if any gateway is set up.

    Several processes may do it: every step is idempotent.
    """
    if not platform.gateways:
        yield
        return
    stop = Event()
    chain = (
        SqliteHashChain(settings.home / "log.sqlite3")
        if settings.postgres_url is None
        else PostgresHashChain(settings.postgres_url.get_secret_value())
    )
    with closing(chain):
        follow_up = PaymentFollowUp(
            platform.read,
            chain.last_positions,
            platform.payments,
            platform.clock,
            inbox=platform.inbox,
        )
        thread = Thread(target=follow_up.run, args=(stop,), name="payments", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(settings.shutdown_s)  # unfinished work stays due
