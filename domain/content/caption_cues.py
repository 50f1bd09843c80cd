"""Caption cues of recognized speech: short lines, readable durations, no overlap."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from domain.kernel import value

MAX_LINE: Final = 42
"""Characters of a line."""

MAX_LINES: Final = 2

LEAST_MS: Final = 1000
"""A cue is shown for this long, unless the next one begins before."""

MOST_MS: Final = 7000

ATTEMPTS: Final = 8
"""Numbers of parts that are tried, so that the parts of a phrase have about the same length."""

SHORTEST_MS: Final = 200
"""A cue is shown for this long even where phrases overlap, or where the video ends."""


@value
class Phrase:
    """Words spoken between two moments, in seconds from the start of the sound."""

    start_s: float
    end_s: float
    text: str


@value
class Cue:
    """Lines that are shown between two moments, in milliseconds from the start of the video."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def to_cues(phrases: Iterable[Phrase], duration_ms: int) -> tuple[Cue, ...]:
    """Return the cues of phrases, in order; those after the end of the video are left out.

    One that begins just before the end is shown earlier, if the cue before it leaves room. A phrase
    that is too long for a cue is divided between words, and its time by characters.
    """
    ordered = sorted(phrases, key=lambda each: each.start_s)
    parts = [
        replace(part, start_ms=min(part.start_ms, max(0, duration_ms - SHORTEST_MS)))
        for part in sorted(
            (part for phrase in ordered for part in _divide(phrase)), key=lambda each: each.start_ms
        )
        if part.start_ms < duration_ms
    ]
    cues: list[Cue] = []
    free_ms = 0
    for at, part in enumerate(parts):
        start_ms = max(part.start_ms, free_ms)
        end_ms = min(max(part.end_ms, start_ms + LEAST_MS), start_ms + MOST_MS)
        if at + 1 < len(parts):
            end_ms = max(min(end_ms, parts[at + 1].start_ms), start_ms + SHORTEST_MS)
        end_ms = min(end_ms, duration_ms)
        if end_ms - start_ms < SHORTEST_MS:
            break
        cues.append(Cue(start_ms, end_ms, part.lines))
        free_ms = end_ms
    return tuple(cues)


def to_webvtt(cues: Iterable[Cue]) -> str:
    """Return cues as WebVTT; characters with a meaning of their own are escaped."""
    blocks = ["WEBVTT"]
    for cue in cues:
        lines = "\n".join(escape(line, quote=False) for line in cue.lines)
        blocks.append(f"{_to_time(cue.start_ms)} --> {_to_time(cue.end_ms)}\n{lines}")
    return "\n\n".join(blocks) + "\n"


def _divide(phrase: Phrase) -> Iterator[Cue]:
    """Yield the parts of a phrase, each short enough for a cue."""
    start_ms = max(0, round(phrase.start_s * 1000))
    length_ms = max(0, round(phrase.end_s * 1000) - start_ms)
    words = _words(phrase.text)
    if not words:
        return
    room = MAX_LINES * (MAX_LINE + 1)
    fewest = max(1, -(-length_ms // MOST_MS), -(-_weight(words) // room))
    fewest = min(fewest, len(words))
    tried = (_split(words, number) for number in range(fewest, fewest + ATTEMPTS))
    parts = next((parts for parts in tried if parts is not None), None) or _fill(words)
    total = sum(map(_weight, parts))
    before = 0
    for lines in parts:
        after = before + _weight(lines)
        yield Cue(
            start_ms + length_ms * before // total, start_ms + length_ms * after // total, lines
        )
        before = after


def _words(text: str) -> list[str]:
    """Return words without invisible characters, none longer than a line.

    Those of formats, such as soft hyphens and marks of direction, divide no words; others do.
    """
    shown = (each for each in text if unicodedata.category(each) != "Cf")
    visible = "".join(each if each.isprintable() else " " for each in shown)
    return [
        word[at : at + MAX_LINE] for word in visible.split() for at in range(0, len(word), MAX_LINE)
    ]


def _split(words: Sequence[str], number: int) -> list[tuple[str, ...]] | None:
    """Divide words into a number of parts of about equal length; None if one has too many lines."""
    total = _weight(words)
    groups: list[list[str]] = [[] for _ in range(number)]
    passed = 0
    for at, word in enumerate(words):
        left = len(words) - at
        index = min(passed * number // total, number - 1)
        index = max(index, number - left)
        groups[index].append(word)
        passed += len(word) + 1
    parts = [_wrap(group) for group in groups if group]
    return None if any(len(lines) > MAX_LINES for lines in parts) else parts


def _fill(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Divide words into parts, each with as many words as it has room for."""
    lines = textwrap.wrap(" ".join(words), MAX_LINE, break_on_hyphens=False)
    return [tuple(lines[at : at + MAX_LINES]) for at in range(0, len(lines), MAX_LINES)]


def _wrap(words: Sequence[str]) -> tuple[str, ...]:
    """Return words in lines of about the same length, as few as possible."""
    text = " ".join(words)
    lines = textwrap.wrap(text, MAX_LINE, break_on_hyphens=False)
    if len(lines) != MAX_LINES:
        return tuple(lines)
    for width in range(-(-len(text) // MAX_LINES), MAX_LINE):
        even = textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)
        if len(even) == MAX_LINES and max(map(len, even)) <= width:
            return tuple(even)
    return tuple(lines)


def _weight(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _to_time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
