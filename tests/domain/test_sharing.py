from datetime import UTC, datetime, timedelta

import pytest

from domain.share_links import commands, events
from domain.share_links.share_links import SHARING
from domain.values import InvalidValue
from tests.specification import specification

given = specification(SHARING)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def make(link_id: str = "l-1", at: datetime = AT, lasts: timedelta = WEEK) -> commands.MakeLink:
    return commands.MakeLink(link_id=link_id, at=at, expires_at=at + lasts)


def made(link_id: str = "l-1", lasts: timedelta = WEEK) -> events.LinkMade:
    return events.LinkMade(link_id=link_id, at=AT, expires_at=AT + lasts)


REVOKE = commands.RevokeLink(link_id="l-1", at=AT + timedelta(hours=1))
REVOKED = events.LinkRevoked(link_id="l-1", at=AT + timedelta(hours=1))


def test_a_link_is_made_once() -> None:
    """R-RPL-06"""
    given().when(make()).then(made())
    given(made()).when(make()).then_nothing()


def test_a_link_is_revoked_once_and_stays_so() -> None:
    given(made()).when(REVOKE).then(REVOKED)
    given(made(), REVOKED).when(REVOKE).then_nothing()
    given(made(), REVOKED).when(make()).then_nothing()


def test_an_unknown_link_cannot_be_revoked() -> None:
    given(made("l-2")).when(REVOKE).then_rejected(commands.LinkUnknown)


def test_the_number_of_active_links_of_a_recording_is_limited() -> None:
    full = [made(f"l-{n}") for n in range(commands.MAX_ACTIVE_LINKS)]
    given(*full).when(make("more")).then_rejected(commands.TooManyLinks)
    later = AT + WEEK
    given(*full).when(make("more", later)).then(
        events.LinkMade(link_id="more", at=later, expires_at=later + WEEK)
    )
    freed = events.LinkRevoked(link_id="l-3", at=AT)
    given(*full, freed).when(make("more")).then(made("more"))


@pytest.mark.parametrize("lasts", [timedelta(seconds=299), timedelta(days=30, seconds=1)])
def test_a_link_lasts_five_minutes_to_thirty_days(lasts: timedelta) -> None:
    with pytest.raises(InvalidValue):
        make(lasts=lasts)
