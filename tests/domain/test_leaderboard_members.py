"""Leaderboard membership needs both a consent and a pseudonym."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from domain.ids import UserId
from domain.personal import Erased, Personal
from domain.users import commands, events
from domain.users.pseudonyms import folded, pseudonym, reveals
from domain.users.user import USER, Registered
from domain.values import InvalidValue
from tests.specification import is_refused, specification

given = specification(USER)

ADA = UserId("ada")
AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
CREATED = events.UserCreated(time_zone="UTC", locale="en", at=AT)
AGREED = events.ConsentGiven(purpose="leaderboards", version="1", at=AT, source="rest")
WITHDRAW = commands.WithdrawConsent(purpose="leaderboards", at=AT, source="rest")
WITHDRAWN = events.ConsentWithdrawn(purpose="leaderboards", at=AT, source="rest")
LEFT = events.LeaderboardsLeft(at=AT)


def join(name: str) -> commands.JoinLeaderboards:
    return commands.JoinLeaderboards(pseudonym=Personal(ADA, name), at=AT)


def joined(name: str) -> events.LeaderboardsJoined:
    return events.LeaderboardsJoined(pseudonym=Personal(ADA, name), at=AT)


def test_joining_twice_changes_only_the_pseudonym() -> None:
    """C-41: opted into, under a pseudonym."""
    given(CREATED, AGREED).when(join("Quiet Otter")).then(joined("Quiet Otter"))
    member = (CREATED, AGREED, joined("Quiet Otter"))
    given(*member).when(join("Quiet Otter")).then_nothing()
    given(*member).when(join("Loud Otter")).then(joined("Loud Otter"))


def test_joining_needs_consent() -> None:
    """C-41"""
    given(CREATED).when(join("Quiet Otter")).then_rejected(commands.LeaderboardsNotAgreed)
    given(CREATED, AGREED, WITHDRAWN).when(join("Quiet Otter")).then_rejected(
        commands.LeaderboardsNotAgreed
    )
    given().when(join("Quiet Otter")).then_rejected(commands.UserUnknown)


def test_membership_changes_only_while_it_is_what_the_member_read() -> None:
    """C-41: an empty pseudonym stands for no membership."""
    member = (CREATED, AGREED, joined("Quiet Otter"))
    for expected, history, is_current in (
        ("", (CREATED, AGREED), True),
        ("Quiet Otter", member, True),
        ("", member, False),
        ("Quiet Otter", (CREATED, AGREED), False),
    ):
        rejoin = replace(join("Loud Otter"), expected_pseudonym=expected)
        leave = replace(WITHDRAW, expected_pseudonym=expected)
        if is_current:
            given(*history).when(rejoin).then(joined("Loud Otter"))
            assert USER.decide(leave, USER.fold(history))[0] == WITHDRAWN
        else:
            given(*history).when(rejoin).then_rejected(commands.MembershipMoved)
            given(*history).when(leave).then_rejected(commands.MembershipMoved)


def test_withdrawing_consent_leaves_the_leaderboards() -> None:
    """C-41: at once, over any transport."""
    member = (CREATED, AGREED, joined("Quiet Otter"))
    given(*member).when(WITHDRAW).then(WITHDRAWN, LEFT)
    given(*member, WITHDRAWN, LEFT).when(WITHDRAW).then_nothing()
    given(CREATED, AGREED).when(WITHDRAW).then(WITHDRAWN)
    another = commands.WithdrawConsent(purpose="research", at=AT, source="rest")
    research = events.ConsentGiven(purpose="research", version="1", at=AT, source="rest")
    gone = events.ConsentWithdrawn(purpose="research", at=AT, source="rest")
    given(*member, research).when(another).then(gone)
    left = USER.fold([*member, WITHDRAWN, LEFT])
    assert isinstance(left, Registered)
    assert left.agreements.pseudonym is None


@pytest.mark.parametrize("name", ["Ada", "the real lovelace", "ADA-LOVELACE", "ada.l 99"])
def test_a_pseudonym_contains_neither_name_nor_address(name: str) -> None:
    """C-41"""
    said = events.DetailsChanged(
        username=Personal(ADA, "Ada Lovelace"), birth_date=None, units="metric"
    )
    mail = events.EmailChanged(email=Personal(ADA, "ada.l@example.org"))
    given(CREATED, said, mail, AGREED).when(join(name)).then_rejected(commands.PseudonymTellsName)


def test_an_erased_name_is_not_compared_with_the_pseudonym() -> None:
    """R-TEN-12: the events stay readable after the key is destroyed."""
    said = events.DetailsChanged(username=Personal(ADA, Erased()), birth_date=None, units="metric")
    given(CREATED, said, AGREED).when(join("Quiet Otter")).then(joined("Quiet Otter"))


@pytest.mark.parametrize(
    "name",
    [
        "", "ab", "a" * 31, "ada@example.org", " otter", "otter ", "ot  ter", "12345", "-otter",
        "ot\nter", "<b>otter</b>", "otter\u202egnik", "otter/../x", "Re\u0301my",
    ],
)  # fmt: skip
def test_an_invalid_pseudonym_is_refused(name: str) -> None:
    is_refused(InvalidValue, lambda: join(name))


@pytest.mark.parametrize("name", ["Fox", "Quiet Otter 7", "l'étoile", "नमस्ते", "Лиса-2", "a_b.c"])
def test_pseudonyms_are_words_of_any_language(name: str) -> None:
    assert pseudonym(name) == name


def test_similar_looking_pseudonyms_are_the_same() -> None:
    alike = ("Quiet Otter", "quiet-otter", "QUIET.OTTER", "Quiét Otter", "\uff31uiet otter")
    assert {folded(each) for each in alike} == {"quietotter"}
    assert not reveals("Quiet Otter", "Ada Lovelace")


@whatever(st.text(max_size=40))
def test_a_pseudonym_is_never_an_address_or_markup(text: str) -> None:
    try:
        taken = pseudonym(text)
    except InvalidValue:
        return
    assert folded(taken)
    assert not set(taken) & set('@<>&/\\"\n\t\x00')
