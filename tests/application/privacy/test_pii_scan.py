"""The PII scan finds a term in every encoding, and reports no false matches."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.privacy.pii_scan import Match, TermMatcher
from application.privacy.subject_data import Term

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
