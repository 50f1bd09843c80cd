"""Captions as WebVTT (W3C, 4 April 2019): what trainers upload is checked before it is shown."""

import re
from html import unescape
from typing import Final

from domain.kernel import Rejected

MAX_BYTES: Final = 1024 * 1024
MAX_CUES: Final = 20_000

SIGNATURE: Final = re.compile(r"WEBVTT(?:[ \t].*)?")
TIME: Final = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING: Final = re.compile(
    rf"{TIME}[ \t]+-->[ \t]+{TIME}((?:[ \t]+[a-z]+:[^\s:]+)*)[ \t]*", re.ASCII
)
TAG: Final = re.compile(
    r"</?(?:c|i|b|u|v|ruby|rt|lang)(?:[. \t][^<>]*)?>|<(?:\d+:)?\d\d:\d\d\.\d{3}>", re.ASCII
)
"""Tags that WebVTT has; others, such as those of HTML, are refused."""


REFERENCE: Final = re.compile(r"@import|(?:url|src|image|image-set)\s*\(|\\", re.IGNORECASE)
"""References of styles to other files, and escapes that may hide them."""


class CaptionsInvalid(Rejected):
    """The file is not captions in the format WebVTT."""

    code = "content.captions_invalid"
    kind = "invalid"


def check_captions(content: bytes, duration_s: float | None = None) -> str:
    """Return captions with line breaks of one kind. Raises CaptionsInvalid, naming the line.

    Cues begin before the end of the video, where its length is given.
    """
    blocks = _blocks(_text(content))
    cues, last_s = 0, 0.0
    for line, block in blocks:
        timing = _timing_line(block)
        if timing is None:
            _check_note(line, block)
            continue
        cues += 1
        last_s = _check_cue(line + timing, block[timing], last_s, duration_s)
        _check_text(line + timing + 1, block[timing + 1 :])
        if not _is_visible("".join(block[timing + 1 :])):
            raise CaptionsInvalid(f"Line {line + timing}: the cue has no text.")
    if not cues:
        raise CaptionsInvalid("The captions have no cue.")
    if cues > MAX_CUES:
        raise CaptionsInvalid(f"The captions have more than {MAX_CUES} cues.")
    return "\n\n".join(["WEBVTT", *("\n".join(block) for _, block in blocks)]) + "\n"


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise CaptionsInvalid("Captions have at most 1 MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaptionsInvalid("Captions are text in UTF-8.") from None
    if "\0" in text:
        raise CaptionsInvalid("Captions have no null characters.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Return the blocks after the signature, each with the number of its first line."""
    lines = text.split("\n")
    if not SIGNATURE.fullmatch(lines[0]):
        raise CaptionsInvalid("Captions begin with the line WEBVTT.")
    blocks: list[tuple[int, list[str]]] = []
    is_open = True  # lines after the signature belong to the header, until an empty one
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            is_open = False
        elif is_open and blocks:
            blocks[-1][1].append(line)
        elif not is_open:
            blocks.append((number, [line]))
            is_open = True
        elif "-->" in line:
            raise CaptionsInvalid(f"Line {number}: an empty line goes before the first cue.")
    return blocks


def _timing_line(block: list[str]) -> int | None:
    """Return the number of the line with the times: the first, or the one after a cue's name."""
    return next((number for number, line in enumerate(block[:2]) if "-->" in line), None)


def _check_note(line: int, block: list[str]) -> None:
    """Check a block that is not a cue. Players begin a cue at each line with an arrow."""
    if not block[0].startswith(("NOTE", "STYLE", "REGION")):
        raise CaptionsInvalid(f"Line {line} is neither a cue nor a note.")
    for number, text in enumerate(block, line):
        if "-->" in text:
            raise CaptionsInvalid(f"Line {number}: an empty line goes before a cue.")
    if block[0].startswith("STYLE") and REFERENCE.search("\n".join(block)):
        raise CaptionsInvalid(f"Line {line}: styles cannot refer to other files.")


def _check_cue(line: int, timing: str, last_s: float, duration_s: float | None) -> float:
    match = TIMING.fullmatch(timing)
    if match is None:
        raise CaptionsInvalid(f"Line {line}: a cue has the times 00:00:01.000 --> 00:00:02.000.")
    start_s, end_s = _to_seconds(match.groups()[:4]), _to_seconds(match.groups()[4:8])
    if end_s <= start_s:
        raise CaptionsInvalid(f"Line {line}: the cue ends before it begins.")
    if start_s < last_s:
        raise CaptionsInvalid(f"Line {line}: the cue begins before the one above it.")
    if duration_s is not None and start_s >= duration_s:
        raise CaptionsInvalid(f"Line {line}: the cue begins after the end of the video.")
    return start_s


def _to_seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def _check_text(line: int, texts: list[str]) -> None:
    for number, text in enumerate(texts, line):
        if "-->" in text:
            raise CaptionsInvalid(f"Line {number}: an empty line goes between two cues.")
        if "<" in TAG.sub("", text):
            raise CaptionsInvalid(f"Line {number} has a tag that captions cannot have.")


def _is_visible(text: str) -> bool:
    """Return whether viewers see anything of the text of a cue."""
    shown = unescape(TAG.sub("", text))
    return any(each.isprintable() and not each.isspace() for each in shown)
