"""Contract of pseudonyms: each has one owner, even under concurrent claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.clock import new_id, utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.event_log.codec import EventCodec
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.leaderboards import SqlBoards
from adapters.users.credentials import SqlIdentityIndex
from application.kernel.command_handler import CommandHandler
from application.leaderboards.membership import JoinRequest, LeaderboardMembers
from application.leaderboards.rankings import Leaderboards
from application.privacy.consents import TEXTS, ConsentOutdated
from application.users.accounts import Accounts, reveal
from application.users.errors import SignInEnded
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands, events
from domain.users.user import Registered
from tests.adapters.event_log.postgres_databases import empty
from tests.contracts.conftest import AT
from tests.contracts.identity_stores import STORES, at_once, identity_database
from tests.projections.stores import Store, new_databases, opened

VERSION = TEXTS["leaderboards"].version
ADA, EVE = UserId("ada"), UserId("eve")


def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="x", correlation_id=uuid4())


@dataclass
class MembersFixture:
    """Members in an account store, and read models that catch up on demand."""

    members: LeaderboardMembers
    index: SqlIdentityIndex
    store: Store

    def settle(self, who: UserId, *more: commands.UserCommand) -> UserId:
        registration = [commands.RegisterUser(at=AT), *more]
        self.members.accounts.execute(who, registration, origin=origin(), command_id=uuid4())
        return who

    def join(self, who: UserId, pseudonym: str, version: str = VERSION) -> type[Exception] | None:
        """Join; return the type of the error, or None."""
        request = JoinRequest(pseudonym, version)
        try:
            self.members.join(who, request, source="rest", origin=origin(), command_id=uuid4())
        except commands.PseudonymTaken:
            return commands.PseudonymTaken
        return None

    def leave(self, who: UserId) -> None:
        self.members.leave(who, source="rest", origin=origin(), command_id=uuid4())

    def seen_as(self, who: UserId) -> str | None:
        user = self.members.accounts.user(DEFAULT_TENANT, who)
        assert isinstance(user, Registered)
        assert (user.agreements.pseudonym is None) == (user.agreed("leaderboards") is None)
        return reveal(user.agreements.pseudonym)


@pytest.fixture(params=STORES)
def members(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MembersFixture]:
    with (
        identity_database(request, tmp_path) as identities,
        new_databases(request.param, request) as new,
        opened(new()) as store,
    ):
        keys, kms = SqlSubjectKeyStore(identities), KeyFileKms(tmp_path / "master.key")
        codec = EventCodec(sealer=EnvelopeCipher(keys, kms))
        log: SqliteEventLog | PostgresEventLog
        if request.param == "sqlite":
            path = tmp_path / "log.sqlite"
            log = SqliteEventLog(path, clock=utc_now, new_id=new_id, codec=codec)
        else:
            url = request.getfixturevalue("database")
            empty(url)
            log = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=codec)
        index = SqlIdentityIndex(identities, BlindIndex(keys, kms))
        accounts = Accounts(log, CommandHandler(log, settled=lambda _: None))
        boards = Leaderboards(SqlBoards(store.database), SqlPublishedFigures(store.database.engine))
        yield MembersFixture(LeaderboardMembers(accounts, index, boards, utc_now), index, store)
        log.close()


def test_concurrent_claims_of_a_pseudonym_have_one_winner(members: MembersFixture) -> None:
    """C-41: lookalikes conflict too, however far the read models have caught up."""
    spelled = ["Quiet Otter", "quiet-otter", "QUIET OTTER", "Quiet.Otter"]
    for attempt in range(5):
        people = [members.settle(UserId(f"{attempt}-{number}")) for number in range(4)]

        def take(
            number: int, people: list[UserId] = people, attempt: int = attempt
        ) -> type[Exception] | None:
            return members.join(people[number], f"{spelled[number]} {attempt}")

        outcomes = at_once(4, take)
        assert outcomes.count(None) == 1
        assert outcomes.count(commands.PseudonymTaken) == 3
        seen = [members.seen_as(who) for who in people]
        assert [name is None for name in seen] == [each is not None for each in outcomes]


def test_a_pseudonym_stays_reserved_until_its_user_is_erased(
    members: MembersFixture,
) -> None:
    """C-41: so that nobody can impersonate its former user."""
    members.settle(ADA)
    members.settle(EVE)
    assert members.join(ADA, "Quiet Otter") is None
    assert members.join(ADA, "Loud Otter") is None
    members.leave(ADA)
    assert members.seen_as(ADA) is None
    for name in ("Quiet Otter", "loud otter"):
        assert members.join(EVE, name) is commands.PseudonymTaken
    assert members.join(ADA, "Quiet Otter") is None
    assert members.seen_as(ADA) == "Quiet Otter"
    members.index.release_all(DEFAULT_TENANT, ADA)
    assert members.join(EVE, "Loud Otter") is None


def test_a_refused_join_reserves_no_pseudonym(members: MembersFixture) -> None:
    """C-41"""
    said = commands.ChangeProfile(username=Personal(ADA, "Ada"), units="metric")
    members.settle(ADA, said)
    members.settle(EVE)
    with pytest.raises(commands.PseudonymTellsName):
        members.join(ADA, "The Real Ada")
    with pytest.raises(ConsentOutdated):
        members.join(ADA, "Quiet Otter", "of old")
    with pytest.raises(SignInEnded):
        members.join(UserId("nobody"), "Silent Otter")
    for name in ("The Real Ada", "Quiet Otter", "Silent Otter"):
        assert members.join(EVE, name) is None


def test_pseudonyms_chosen_before_the_index_are_kept(members: MembersFixture) -> None:
    """C-41: pseudonyms that only the read models have."""
    joined = events.LeaderboardsJoined(pseudonym=Personal(ADA, "Quiet Otter"), at=AT)
    facts: list[Any] = [events.UserCreated(time_zone="UTC", locale="en", at=AT), joined]
    members.store.log.add(f"user-{ADA}", *facts)
    members.store.follow()
    members.settle(EVE)
    assert members.join(EVE, "quiet otter") is commands.PseudonymTaken
    assert members.index.find(DEFAULT_TENANT, "pseudonym", "quietotter") is None
