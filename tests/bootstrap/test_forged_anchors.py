"""Stored anchors that were forged, renamed, changed or removed are detected."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adapters.event_log.signed_anchors import JoseAnchors
from adapters.users.database import IdentityDatabase
from adapters.users.tables import FORMER_SIGNING_KEY
from application.audit.stored_anchors import name_of
from application.audit.verification import NO_ANCHOR, AnchoredEvent
from application.kernel.command_handler import Request
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import USER
from tests.bootstrap.anchored_installation import DAY, Installation, Stranger

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A log with three events, as a file."""
    home = tmp_path_factory.mktemp("platform")
    with open_platform(Settings(home=home, cache=home, postgres_url=None)) as platform:
        for user in ("ada", "bob", "eve"):
            command = commands.RegisterUser(at=platform.clock())
            platform.commands.execute(
                Request(USER, UserId(user), [command]), origin=ORIGIN, command_id=uuid4()
            )
    with closing(sqlite3.connect(home / "log.sqlite3")) as source:
        return source.serialize()


@pytest.fixture
def platform(tmp_path: Path, log: bytes) -> Iterator[Installation]:
    with closing(sqlite3.connect(tmp_path / "log.sqlite3")) as target:
        target.deserialize(log)
        (tmp_path / "log.sqlite3").write_bytes(target.serialize())
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'identity.sqlite3'}"
        database = stack.enter_context(closing(IdentityDatabase(url)))
        (tmp_path / "anchors" / DEFAULT_TENANT).mkdir(parents=True)
        yield Installation(tmp_path, database)


def test_each_anchor_names_the_one_before_it(platform: Installation) -> None:
    """R-EVT-15"""
    made = [platform.run_daily() for _ in range(3)]
    verdict = platform.check()
    assert list(verdict.verified) == made
    previous = [anchor.previous for anchor in verdict.verified.values()]
    assert previous == [NO_ANCHOR, *made[:2]]
    assert (verdict.problems, verdict.unconfirmed) == ((), {})
    assert platform.stored.newest.find(DEFAULT_TENANT) == made[-1]
    assert platform.events == []


def test_a_later_anchor_by_another_key_is_forged(platform: Installation) -> None:
    """R-EVT-15: neither its own key nor its name nor a true link makes it genuine."""
    newest = platform.run_daily()
    for previous in (newest, None):
        forged = platform.forge(Stranger(), platform.now + 100 * DAY, previous)
        assert platform.problems() == [("forged", forged)]
        (problem,) = platform.check().problems
        assert problem.sentence.startswith(f"The anchor {forged} is forged: it is signed with")
        made = platform.run_daily()
        assert platform.events == ["audit.anchor_tampered forged"]
        assert made is not None, "write-once storage keeps the forged one"
        assert made in platform.check().verified
        (platform.folder / forged).unlink()


def test_the_removed_newest_anchor_is_missed(platform: Installation) -> None:
    """R-EVT-15: the database has its name; no anchor is stored until it is back."""
    platform.run_daily()
    newest = platform.run_daily()
    assert newest is not None
    document = (platform.folder / newest.name).read_text()
    (platform.folder / newest.name).unlink()
    for _ in range(2):
        assert platform.run_daily() is None
        assert platform.events == ["audit.anchor_tampered removed"]
    (problem,) = platform.check().problems
    assert problem.sentence == (
        f"The anchor {newest.name} was removed: the database has it as the newest one."
    )
    platform.put(newest.name, document.strip())
    assert platform.problems() == []
    assert platform.run_daily() is not None


def test_all_anchors_of_a_tenant_are_missed(platform: Installation) -> None:
    """R-EVT-15"""
    newest = platform.run_daily()
    assert newest is not None
    (platform.folder / newest.name).unlink()
    platform.folder.rmdir()
    assert platform.stored.tenants() == {DEFAULT_TENANT}
    assert platform.problems() == [("removed", newest.name)]


def test_an_anchor_removed_from_the_middle_is_missed(platform: Installation) -> None:
    """R-EVT-15: unless it is older than the retention."""
    removed = [platform.run_daily() for _ in range(3)][1]
    assert removed is not None
    (platform.folder / removed.name).unlink()
    assert platform.problems() == [("removed", removed.name)]
    assert "names it as the previous one" in platform.check().problems[0].sentence
    platform.now += timedelta(days=3660)
    assert platform.problems() == []


def test_a_renamed_anchor_is_found(platform: Installation) -> None:
    """R-EVT-15: time and key id are signed."""
    newest = platform.run_daily()
    assert newest is not None
    document = (platform.folder / newest.name).read_text()
    later = name_of(platform.now + 2 * DAY, platform.ring.signing()[0])
    platform.put(later, document.strip())
    assert platform.problems() == [("renamed", later)]
    assert newest.name in platform.check().problems[0].sentence
    assert platform.run_daily() is not None
    assert platform.events == ["audit.anchor_tampered renamed"]


def test_a_stored_name_is_not_taken_for_a_new_anchor(platform: Installation) -> None:
    """R-EVT-15: nothing is overwritten, and the next day has an anchor again."""
    platform.run_daily()
    platform.put(name_of(platform.now + DAY, platform.ring.signing()[0]), "no anchor")
    assert platform.run_daily() is None
    assert platform.events == ["audit.anchor_tampered changed", "audit.anchor_exists"]
    assert platform.run_daily() is not None


def test_a_changed_anchor_is_found(platform: Installation) -> None:
    """R-EVT-15: its signature is invalid, and another one in its place has another digest."""
    made = platform.run_daily()
    platform.run_daily()
    assert made is not None
    path = platform.folder / made.name
    header, content, signature = path.read_text().strip().split(".")
    path.chmod(0o600)
    middle = len(signature) // 2
    letter = "A" if signature[middle] != "A" else "B"
    changed = signature[:middle] + letter + signature[middle + 1 :]
    path.write_text(f"{header}.{content}.{changed}\n")
    assert set(platform.problems()) == {("changed", made.name)}
    other = AnchoredEvent(DEFAULT_TENANT, 1, bytes(32))
    at = platform.now - DAY
    path.write_text(JoseAnchors(platform.ring).sign([other], at=at, previous=NO_ANCHOR))
    (problem,) = platform.check().problems
    assert (problem.tampering, problem.name) == ("changed", made.name)
    assert "was replaced" in problem.sentence


def test_the_newest_anchor_may_not_be_replaced(platform: Installation) -> None:
    """R-EVT-15: the database has its digest."""
    newest = platform.run_daily()
    assert newest is not None
    (platform.folder / newest.name).unlink()
    platform.forge(platform.ring, platform.now, NO_ANCHOR)
    assert platform.problems() == [("changed", newest.name)]
    assert platform.run_daily() is None


@pytest.mark.parametrize("tenant", [DEFAULT_TENANT, TenantId("other")])
def test_a_genuine_anchor_of_another_purpose_is_found(
    platform: Installation, tenant: TenantId
) -> None:
    """R-EVT-15: one that `audit anchor` wrote, or of another tenant."""
    newest = platform.run_daily()
    at = platform.now + timedelta(hours=1)
    head = AnchoredEvent(tenant, 1, bytes(32))
    previous = None if tenant == DEFAULT_TENANT else newest
    document = JoseAnchors(platform.ring).sign([head], at=at, previous=previous)
    name = name_of(at, platform.ring.signing()[0])
    platform.put(name, document)
    assert platform.problems() == [("misplaced", name)]
    assert platform.run_daily() is not None
    assert platform.events == ["audit.anchor_tampered misplaced"]


def test_anchors_remain_genuine_when_keys_are_rotated(platform: Installation) -> None:
    """R-EVT-15"""
    for _ in range(3):
        platform.run_daily()
        platform.rotate()
    verdict = platform.check()
    assert (len(verdict.verified), verdict.problems) == (3, ())
    assert len({anchor.key_id for anchor in verdict.verified.values()}) == 3
    assert platform.run_daily() is not None
    assert platform.events == []


def test_an_anchor_stored_before_a_crash_is_continued(platform: Installation) -> None:
    """R-EVT-15: the database did not have it as the newest one yet."""
    first = platform.run_daily()
    second = platform.run_daily()
    assert first is not None
    platform.stored.newest.save(DEFAULT_TENANT, first)
    assert platform.problems() == []
    third = platform.run_daily()
    assert platform.events == []
    verified = platform.check().verified
    assert third is not None
    assert verified[third].previous == second


def keep_old_anchors(platform: Installation) -> list[str]:
    """Store two anchors as before they were chained; the platform lost the key of the first."""
    head = platform.run_daily()
    assert head is not None
    (heads,) = [anchor.heads for anchor in platform.check().verified.values()]
    (platform.folder / head.name).unlink()
    with platform.database.of_platform() as connection:
        connection.execute(sa.text("DELETE FROM newest_anchor"))
    names = []
    for _ in range(2):
        platform.now += DAY
        names.append(name_of(platform.now, platform.ring.signing()[0]))
        platform.put(names[-1], JoseAnchors(platform.ring).sign(heads, at=platform.now))
        platform.rotate()
        with platform.database.of_platform() as connection:
            connection.execute(sa.delete(FORMER_SIGNING_KEY))
    return names


def test_old_anchors_remain_verifiable(platform: Installation) -> None:
    """R-EVT-15: the first anchor of the chain names the newest of them; `--key` confirms others."""
    old = keep_old_anchors(platform)
    unconfirmed = platform.check()
    assert ([link.name for link in unconfirmed.unconfirmed], unconfirmed.problems) == (old, ())
    made = platform.run_daily()
    assert platform.events == ["audit.anchor_unconfirmed"]
    verdict = platform.check()
    assert [link.name for link in verdict.verified] == [old[1], made.name if made else ""]
    assert [link.name for link in verdict.unconfirmed] == old[:1]
    assert verdict.problems == ()
    key = old[0].split(".")[1]
    confirmed = platform.stored.check(DEFAULT_TENANT, trusted=[key])
    assert [link.name for link in confirmed.verified][:2] == old
    platform.run_daily()
    assert platform.events == []


def test_an_old_anchor_cannot_be_added_to_the_chain(platform: Installation) -> None:
    """R-EVT-15: neither after the chain began nor, with another key, as one that counts."""
    keep_old_anchors(platform)
    begun = platform.run_daily()
    assert begun is not None
    forged = platform.forge(Stranger(), platform.now + timedelta(hours=1), None)
    early = platform.forge(Stranger(), platform.now - 30 * DAY, None)
    assert platform.problems() == [("forged", forged)]
    assert early in {link.name for link in platform.check().unconfirmed}


def cut(platform: Installation) -> None:
    """Remove the events after the second one."""
    with closing(sqlite3.connect(platform.home / "log.sqlite3")) as log, log:
        triggers = log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            log.execute(f"DROP TRIGGER {trigger}")
        for table in ("events", "command_log"):
            log.execute(f"DELETE FROM {table} WHERE position > 2")  # noqa: S608


def test_a_log_that_was_cut_contradicts_its_anchors(platform: Installation) -> None:
    """R-EVT-15: also if a later anchor is forged for it."""
    platform.run_daily()
    cut(platform)
    platform.forge(Stranger(), platform.now + timedelta(hours=1), None)
    assert platform.run_daily() is None
    assert platform.events == ["audit.anchor_tampered forged", "audit.chain_broken removed"]


def lose_keys(platform: Installation) -> None:
    """Delete all keys and the newest anchor from the database, as someone with only it can."""
    with platform.database.of_platform() as connection:
        for table in ("newest_anchor", "signing_key", "former_signing_key"):
            connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
    platform.restart()


def test_an_anchor_of_the_chain_needs_a_key_of_the_platform(platform: Installation) -> None:
    """R-EVT-15: only old ones name no previous anchor; `--key` confirms those of lost keys."""
    made = [platform.run_daily() for _ in range(2)]
    (key,) = {anchor.key_id for anchor in platform.check().verified.values()}
    names = [link.name for link in made if link]
    lose_keys(platform)
    assert platform.problems() == [("forged", name) for name in names]
    assert platform.check().problems[0].sentence == (
        f"The anchor {names[0]} is forged, or the platform lost its key {key}: it names a previous"
        " anchor, as only those of the chain do."
    )
    confirmed = platform.stored.check(DEFAULT_TENANT, trusted=[key])
    assert [link.name for link in confirmed.verified] == names
    assert confirmed.problems == ()


def test_the_chain_of_anchors_continues_after_a_loss_of_keys(platform: Installation) -> None:
    """R-EVT-15: but not with a log that was cut."""
    made = [platform.run_daily() for _ in range(2)]
    lose_keys(platform)
    made.append(platform.run_daily())
    forged = ["audit.anchor_tampered forged"] * 2
    assert platform.events == [*forged, "audit.anchor_unconfirmed"]
    assert (list(platform.check().verified), platform.problems()) == (made, [])
    lose_keys(platform)
    cut(platform)
    assert platform.run_daily() is None
    assert platform.events[-1] == "audit.chain_broken removed"
    assert len(platform.problems()) == 3


def test_a_log_that_was_restored_is_anchored_in_another_place(platform: Installation) -> None:
    """R-EVT-15: with copies of the anchors up to the one that the restored database has."""
    path = platform.home / "log.sqlite3"
    whole = path.read_bytes()
    cut(platform)
    restored = platform.run_daily()
    path.write_bytes(whole)
    lost = platform.run_daily()
    assert restored is not None
    assert lost is not None
    cut(platform)
    platform.stored.newest.save(DEFAULT_TENANT, restored)
    assert platform.run_daily() is None
    assert platform.events == ["audit.chain_broken removed"]
    (platform.folder / lost.name).unlink()
    continued = platform.run_daily()
    assert (platform.events, platform.problems()) == ([], [])
    assert continued is not None
    assert platform.check().verified[continued].previous == restored
