"""Recognized parts of a sound: their phrases as files, after which a later attempt goes on."""

import json
from collections.abc import Sequence
from hashlib import sha256

from domain.content.caption_cues import Phrase


def phrases_to_bytes(sound: bytes, phrases: Sequence[Phrase]) -> bytes:
    """Return the file of the phrases of a sound."""
    rows = [[each.start_s, each.end_s, each.text] for each in phrases]
    content = {"sound": sha256(sound).hexdigest(), "phrases": rows}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def phrases_of_bytes(content: bytes, sound: bytes) -> tuple[Phrase, ...] | None:
    """Return the phrases of a file, or None if they are those of another sound."""
    stored = json.loads(content)
    if stored["sound"] != sha256(sound).hexdigest():
        return None
    return tuple(Phrase(*row) for row in stored["phrases"])
