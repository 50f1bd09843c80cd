"""Analysts see measurements and nothing that identifies a person."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args

from adapters.event_log.codec import EVENT_UNIONS
from application.analytics.public_fields import open_fields
from domain.ids import UserId
from domain.kernel import event, value
from domain.personal import Personal
from domain.values import CountedBy, Span
from tests.golden.examples import EXAMPLES

SHOWN = open_fields(EVENT_UNIONS)


@value
class Contact:
    telephone: Personal[str]


@event("test.met")
class Met:
    user_id: UserId
    born: Personal[date]
    nick: Personal[str] | None
    contacts: tuple[Contact, ...]
    remark: str
    remarks: tuple[str, ...] | None
    reason: str
    span: Span
    counted_by: CountedBy | None
    at: datetime


@event("test.parted")
class Parted:
    at: datetime


Encounter: Any = Met | Parted


def test_personal_fields_and_free_text_are_not_published() -> None:
    """C-24"""
    assert open_fields([Encounter]) == {
        "test.met": ("user_id", "reason", "span", "counted_by", "at"),
        "test.parted": ("at",),
    }


def test_every_event_has_its_open_fields() -> None:
    declared = {member.event_name for union in EVENT_UNIONS for member in get_args(union)}
    assert set(SHOWN) == declared


def test_no_personal_field_of_any_event_is_open() -> None:
    """C-24: also for events added in future."""
    for example in EXAMPLES:
        open_ones: list[Any] = [getattr(example, name) for name in SHOWN[example.event_name]]
        assert not any(isinstance(each, Personal) for each in open_ones)


def test_names_that_people_give_are_withheld() -> None:
    """C-24"""
    withheld = {
        (example.event_name, field.name)
        for example in EXAMPLES
        for field in fields(example)
        if field.name not in SHOWN[example.event_name]
    }
    assert {
        ("recording.started", "name"),
        ("recording.started", "description"),
        ("workout.prescribed", "name"),
        ("workout.revised", "name"),
    } <= withheld
    of_sessions = {each for each in withheld if each[0].startswith("session.")}
    assert of_sessions == {("session.tags_changed", "tags")}
