"""Caption cues: readable lines and durations, in order, without overlap."""

import textwrap
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.content.captions import check_captions
from domain.content import caption_cues
from domain.content.caption_cues import (
    LEAST_MS,
    MAX_LINE,
    MAX_LINES,
    MOST_MS,
    SHORTEST_MS,
    Cue,
    Phrase,
    to_cues,
    to_webvtt,
)

HOUR_MS = 3_600_000
SECONDS = st.floats(min_value=0, max_value=120, allow_nan=False)
PHRASES = st.lists(st.builds(Phrase, SECONDS, SECONDS, st.text(max_size=300)), max_size=20)


def cues(*phrases: Phrase, duration_ms: int = HOUR_MS) -> list[tuple[Any, ...]]:
    return [(each.start_ms, each.end_ms, *each.lines) for each in to_cues(phrases, duration_ms)]


def test_a_phrase_is_shown_while_it_is_spoken() -> None:
    """R-UIX-07"""
    assert cues(Phrase(1.25, 3.5, " Bend your knees. ")) == [(1250, 3500, "Bend your knees.")]


def test_a_long_phrase_has_two_lines_of_about_the_same_length() -> None:
    text = "Keep your back straight and push through your heels now."
    (cue,) = cues(Phrase(0, 4, text))
    assert cue == (0, 4000, "Keep your back straight and", "push through your heels now.")


def test_a_phrase_longer_than_two_lines_is_divided_between_words() -> None:
    text = " ".join(f"word{number:02}" for number in range(24))
    found = to_cues([Phrase(10, 22, text)], HOUR_MS)
    assert len(found) > 1
    assert " ".join(line for cue in found for line in cue.lines) == text
    assert (found[0].start_ms, found[-1].end_ms) == (10_000, 22_000)
    assert all(one.end_ms == other.start_ms for one, other in pairwise(found))


def test_a_slow_phrase_is_divided_so_that_no_cue_stays_too_long() -> None:
    found = cues(Phrase(0, 13, "Down, slowly."))
    assert [cue[2] for cue in found] == ["Down,", "slowly."]
    assert all(end - start <= MOST_MS for start, end, _ in found)


def test_invisible_characters_divide_no_words() -> None:
    found = cues(Phrase(0, 2, "\ufeffStraight\u00aden your\u200b back, \u202eand\u202c\u2028hold."))
    assert found == [(0, 2000, "Straighten your back, and hold.")]


def test_a_very_long_phrase_is_divided_in_few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped: list[int] = []

    def wrap(text: str, *args: Any, **more: Any) -> list[str]:
        wrapped.append(len(text))
        return textwrap.wrap(text, *args, **more)

    monkeypatch.setattr(caption_cues, "textwrap", SimpleNamespace(wrap=wrap))
    text = "abcdefghijklmnopqrstuv " * 430  # two words have no room in a line
    found = to_cues([Phrase(0, 600, text)], HOUR_MS)
    assert [line for cue in found for line in cue.lines] == text.split()
    assert {len(cue.lines) for cue in found} == {MAX_LINES}
    assert sum(wrapped) < 100 * len(text)


def test_a_short_phrase_stays_readable_until_the_next_one() -> None:
    found = cues(Phrase(1, 1.2, "Up!"), Phrase(5, 5.1, "Down!"), Phrase(5.5, 7, "Hold."))
    assert found == [
        (1000, 1000 + LEAST_MS, "Up!"),
        (5000, 5500, "Down!"),
        (5500, 7000, "Hold."),
    ]


def test_overlapping_phrases_follow_each_other() -> None:
    found = cues(Phrase(2, 6, "Second."), Phrase(0, 4, "First."), Phrase(2, 3, "Third."))
    assert [cue[2] for cue in found] == ["First.", "Second.", "Third."]
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_cues_end_with_the_video() -> None:
    found = cues(Phrase(9, 12, "Rest."), Phrase(11, 12, "Thanks."), duration_ms=10_000)
    assert found == [(9000, 10_000, "Rest.")]


def test_the_last_cue_is_long_enough_to_be_seen() -> None:
    """R-UIX-07: it begins earlier; one without room is left out."""
    last = Phrase(9.999, 12, "Thanks.")
    assert cues(last, duration_ms=10_000) == [(9800, 10_000, "Thanks.")]
    assert cues(Phrase(8, 9.95, "Rest."), last, duration_ms=10_000) == [
        (8000, 9800, "Rest."),
        (9800, 10_000, "Thanks."),
    ]
    assert cues(Phrase(9.7, 9.9, "Rest."), last, duration_ms=10_000) == [
        (9700, 9900, "Rest."),
    ]


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_phrase_without_words_gives_no_cue(text: str) -> None:
    assert cues(Phrase(0, 1, text)) == []


def test_a_word_longer_than_a_line_is_cut() -> None:
    found = to_cues([Phrase(0, 2, "x" * 50)], HOUR_MS)
    assert [line for cue in found for line in cue.lines] == ["x" * MAX_LINE, "x" * 8]


def test_characters_with_a_meaning_in_webvtt_are_escaped() -> None:
    text = to_webvtt([Cue(3_723_004, 3_724_000, ("<b> & --> 1",))])
    assert text == "WEBVTT\n\n01:02:03.004 --> 01:02:04.000\n&lt;b&gt; &amp; --&gt; 1\n"


@settings(max_examples=200)
@given(PHRASES)
def test_all_cues_are_short_in_order_and_valid_captions(phrases: list[Phrase]) -> None:
    found = to_cues(phrases, HOUR_MS)
    for cue in found:
        assert 1 <= len(cue.lines) <= MAX_LINES
        assert all(1 <= len(line) <= MAX_LINE for line in cue.lines)
        assert 0 < cue.end_ms - cue.start_ms <= MOST_MS
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(found))
    if found:
        assert check_captions(to_webvtt(found).encode(), HOUR_MS / 1000) == to_webvtt(found)


@given(PHRASES, st.integers(SHORTEST_MS, 120_000))
def test_every_cue_can_be_seen_and_ends_with_the_video(
    phrases: list[Phrase], duration_ms: int
) -> None:
    found = to_cues(phrases, duration_ms)
    assert all(cue.end_ms - cue.start_ms >= SHORTEST_MS for cue in found)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(found))
    assert not found or found[-1].end_ms <= duration_ms


@given(PHRASES)
def test_no_word_is_lost_or_invented(phrases: list[Phrase]) -> None:
    def letters(texts: list[str]) -> list[str]:
        return sorted(
            each for text in texts for each in text if each.isprintable() and not each.isspace()
        )

    lines = [line for cue in to_cues(phrases, HOUR_MS) for line in cue.lines]
    assert letters(lines) == letters([each.text for each in phrases])
