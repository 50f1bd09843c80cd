"""Contract of the stores of links to health clouds and of what was written there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from adapters.encryption.envelope import EnvelopeCipher
from adapters.health.links import SqlHealthLinks
from adapters.health.writes import SqlHealthWrites
from application.health.links import HealthLink, LinkState
from application.health.providers import Grant
from application.health.writes import HealthWrite
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId

AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)
ADA = UserId("ada")
GRANT = Grant("strava-7", "access", "refresh", AT + timedelta(hours=6), ("activity:read",))
LINK = HealthLink(DEFAULT_TENANT, ADA, "strava", GRANT, due_at=AT, changed_at=AT)


@pytest.fixture
def links(jobs_engine: sa.Engine, cipher: EnvelopeCipher) -> SqlHealthLinks:
    return SqlHealthLinks(jobs_engine, cipher, lambda account: f"digest of {account}")


def stored(links: SqlHealthLinks) -> HealthLink:
    link = links.get(DEFAULT_TENANT, ADA, "strava")
    assert link is not None
    return link


def test_a_link_is_stored_with_its_tokens_and_replaced(links: SqlHealthLinks) -> None:
    """R-HLT-01"""
    assert links.get(DEFAULT_TENANT, ADA, "strava") is None
    links.put(LINK)
    assert stored(links) == LINK
    assert list(links.of_account("strava", "strava-7")) == [LINK]

    ended = replace(LINK, grant=None, state="needs_consent", reason="health.link_ended")
    links.put(replace(ended, account="strava-7"))
    assert stored(links) == replace(ended, account="strava-7", claims=1)
    links.delete(DEFAULT_TENANT, ADA, "strava")
    assert list(links.of_person(DEFAULT_TENANT, ADA)) == []


@pytest.mark.parametrize("state", ["active", "failed", "ending", "needs_consent"])
def test_another_link_of_an_account_is_found(links: SqlHealthLinks, state: LinkState) -> None:
    """R-HLT-01, R-TEN-03: of any tenant, unless it ends or needs a consent."""
    links.put(LINK)
    assert not links.has_other(LINK, "strava-7")
    links.put(replace(LINK, tenant_id=TenantId("gym-north"), state=state))
    assert links.has_other(LINK, "strava-7") == (state in {"active", "failed"})
    assert not links.has_other(LINK, "strava-8")


def test_a_sync_stores_nothing_once_its_link_was_replaced(links: SqlHealthLinks) -> None:
    """R-HLT-01"""
    links.put(LINK)
    claimed = links.claim_due(AT, AT + timedelta(minutes=5))
    assert claimed == replace(LINK, claims=1)
    assert links.claim_due(AT, AT + timedelta(minutes=5)) is None, "it is leased"

    links.put(replace(LINK, state="ending"))
    assert not links.save(replace(claimed, synced_until=AT))
    assert stored(links) == replace(LINK, state="ending", claims=2)
    assert links.claim_due(AT, AT + timedelta(minutes=5)) is not None, "the lease has ended"


def test_processes_that_replace_a_link_at_the_same_time_both_succeed(links: SqlHealthLinks) -> None:
    """R-HLT-01, R-EVT-16"""
    links.put(LINK)
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(links.put, replace(LINK, state="ending")) for _ in range(100)]:
            done.result()
    assert stored(links) == replace(LINK, state="ending", claims=100)


def test_processes_that_record_the_same_session_at_the_same_time_both_succeed(
    jobs_engine: sa.Engine,
) -> None:
    """R-HLT-13, R-EVT-16"""
    writes = SqlHealthWrites(jobs_engine)
    write = HealthWrite(DEFAULT_TENANT, ADA, "strava", SessionId("s1"), "written", AT)
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(writes.put, replace(write, attempts=n)) for n in range(100)]:
            done.result()
    assert len(writes.latest(DEFAULT_TENANT, ADA, 10)) == 1
