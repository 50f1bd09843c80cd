"""The PII scan finds a term in every encoding, and reports no false matches."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.privacy.pii_scan import IdMatcher, Match, Part, ScanTarget, TermMatcher, scan
from application.privacy.subject_data import SubjectData, Term
from domain.ids import DEFAULT_TENANT, RecordingId, SessionId, UserId

NAME = "Emmy Nöther"
ADDRESS = "Emmy.Noether@example.org"


def matcher(text: str, *words: str) -> TermMatcher:
    return TermMatcher([Term("name", text)], frozenset(words))


def is_found(text: str, content: bytes) -> bool:
    return bool(matcher(text).search([content])[0])


@pytest.mark.parametrize(
    "content",
    [
        NAME.encode(),
        NAME.lower().encode(),
        NAME.upper().encode(),
        json.dumps({"name": NAME}).encode(),
        quote(NAME).encode(),
        NAME.encode().hex().encode(),
        NAME.encode().hex().upper().encode(),
        NAME.encode("utf-16"),
        base64.b64encode(NAME.encode()),
        base64.urlsafe_b64encode(NAME.encode()),
    ],
)
def test_a_name_is_found_in_every_form(content: bytes) -> None:
    """C-24"""
    assert is_found(NAME, b"\0\1" + content + b"\xff")


@given(st.binary(max_size=7), st.binary(max_size=7), st.text(min_size=6, max_size=30))
def test_base64_is_found_inside_other_text(before: bytes, after: bytes, text: str) -> None:
    """C-24"""
    assert is_found(text, base64.b64encode(before + text.encode() + after))
    assert is_found(text, base64.urlsafe_b64encode(before + text.encode() + after))


@given(st.integers(min_value=1, max_value=40), st.binary(max_size=50))
def test_a_match_across_two_pieces_is_found(size: int, before: bytes) -> None:
    content = before + ADDRESS.encode() + b"\n"
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    found, read = matcher(ADDRESS).search(pieces)
    assert Match("name", "text") in found
    assert read == len(content)


@pytest.mark.parametrize("content", [b'{"name": "Ada"}', b"call Ada, soon", b"Ada"])
def test_a_short_name_is_found_as_a_word(content: bytes) -> None:
    assert is_found("Ada", content)


@pytest.mark.parametrize(
    "content", [b"Adapter", b"xAda ", b"\x00\x01\x02\x03 Ada \x00\x01", b"ada", b"is_Ada_in"]
)
def test_a_short_name_is_not_taken_for_something_else(content: bytes) -> None:
    assert not is_found("Ada", content)


def test_a_name_equal_to_a_platform_word_cannot_be_distinguished() -> None:
    """C-24: the certificate reports it."""
    searched = matcher("Squat", "squat")
    assert not searched.search([b'{"exercise_id": "squat"}'])[0]
    assert [term.text for term in searched.unsearchable] == ["Squat"]
    assert searched.forms() == {}


@dataclass(frozen=True)
class Parts:
    """A scan target with these parts."""

    content: tuple[Part, ...]
    name: str = "store"

    def parts(self) -> Iterator[Part]:
        yield from self.content


def emmy(*sessions: str) -> IdMatcher:
    return IdMatcher(
        SubjectData(
            DEFAULT_TENANT,
            UserId("id-of-emmy"),
            tuple(map(SessionId, sessions)),
            recordings=(RecordingId("r" * 36),),
            workouts=(),
        ),
        vocabulary=frozenset({"device"}),
    )


def is_own(part: Part) -> list[bool]:
    target: ScanTarget = Parts((part,))
    return [each.is_own for each in scan(matcher(NAME), [target], emmy()).findings]


def test_a_row_with_the_person_s_id_is_their_own() -> None:
    """C-24: among rows of others, and in a key that is named after them."""
    others, name = [b"row of eve", NAME.encode()], NAME.encode()
    rows = [*others * 600, b"id-of-emmy\n" + name, *others]
    assert is_own(Part("table", rows, has_records=True)) == [True]
    assert is_own(Part("table", [*others, b"id-of-emmy", *others], has_records=True)) == [False]
    assert is_own(Part("table of id-of-emmy", [name], has_records=True)) == [True]
    assert is_own(Part("key of id-of-emmy", [name])) == [True]
    assert is_own(Part("file", [b"id-of-emmy", name])) == [False], "its parts are not rows"
    assert is_own(Part("table", [b"id-of-emmy"], has_records=True)) == []


LENGTH_48 = b"\0\0\0" + bytes([48])  # is the text of a digit, which ids may have


@pytest.mark.parametrize(
    ("session", "content"),
    [
        ("s-1", b'{"stream": "session-s-1"}'),
        ("s-1", b"default/s-1\n"),
        ("s-1", b"kinelog:progress:{default/s-1}"),
        ("1", b"default/1"),
        ("1", b"default/session-1"),
        ("1", b"of session-1"),
        ("device", b"session-device"),
        ("of-emmy-1", b'{"session_id": "of-emmy-1"}'),
        ("e" * 48, LENGTH_48 + b"e" * 48 + b"\0"),
        ("", b"\0\0\0" + bytes([46]) + b"recording-" + b"r" * 36 + b"\0"),
        ("", b'{"athlete_id": "id-of-emmy"}'),
    ],
)
def test_an_id_of_the_person_s_data_is_found(session: str, content: bytes) -> None:
    """C-24"""
    assert emmy(session).is_in(content)


@pytest.mark.parametrize(
    ("session", "content"),
    [
        ("s-1", b"default/s-10"),
        ("s-1", b"session-s-10 as-1 s-1.2 s-1@x"),
        ("1", b'{"set": 1, "of": "1"}'),
        ("1", b"session-10 default/10 default/s-1"),
        ("1", b"red/1"),
        ("device", b'{"counted_by": "device"}'),
        ("of-emmy-1", b"of-emmy-12"),
        ("e" * 48, LENGTH_48 + b"e" * 49),
        ("", b"id-of-emmy-2 grid-of-emmy"),
    ],
)
def test_an_id_of_somebody_else_that_contains_it_is_not(session: str, content: bytes) -> None:
    """C-24: clients choose ids, so one may be a number, a word, or the beginning of another."""
    assert not emmy(session).is_in(content)
