"""Manifest of an encoded video: its files by name, as digests in the media store.

The manifest is stored under its own digest. The same video and settings give the same manifest.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Final

from application.content.encoding import Pictures, Segment, Storyboard, Track
from domain.ids import ContentId

VERSION: Final = 1

HLS_TYPE: Final = "application/vnd.apple.mpegurl"
DASH_TYPE: Final = "application/dash+xml"
VIDEO_TYPE: Final = "video/mp4"
AUDIO_TYPE: Final = "audio/mp4"
JPEG_TYPE: Final = "image/jpeg"
VTT_TYPE: Final = "text/vtt"


def media_prefix(content_id: ContentId, number: int) -> str:
    """Return the prefix of the media of a version; clients cannot choose an id that equals it."""
    return f"content~{content_id}.{number}"


def captions_prefix(content_id: ContentId) -> str:
    """Return the prefix of the captions of a video; they stay when its file is replaced."""
    return f"content~{content_id}.captions"


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file of the video: its digest, media type, and size in bytes."""

    digest: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything that viewers of a video get."""

    settings: int
    duration_ms: int
    files: Mapping[str, ManifestFile]

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON, always with the same bytes."""
        return to_json(
            {
                "version": VERSION,
                "settings": self.settings,
                "duration_ms": self.duration_ms,
                "files": {name: asdict(file) for name, file in self.files.items()},
            }
        )

    @staticmethod
    def of_bytes(content: bytes) -> "Manifest":
        """Return a stored manifest."""
        stored = json.loads(content)
        return Manifest(
            settings=stored["settings"],
            duration_ms=stored["duration_ms"],
            files={name: ManifestFile(**each) for name, each in stored["files"].items()},
        )


def track_to_bytes(track: Track) -> bytes:
    """Return the description of a track as JSON."""
    described = asdict(track)
    described["rate"] = [track.rate.numerator, track.rate.denominator]
    described["segments"] = [[each.offset, each.size, each.duration_s] for each in track.segments]
    return to_json(described)


def track_of_bytes(content: bytes) -> Track:
    """Return a track from its stored description."""
    stored = json.loads(content)
    stored["rate"] = Fraction(*stored["rate"])
    stored["segments"] = tuple(Segment(*each) for each in stored["segments"])
    return Track(**stored)


def pictures_to_bytes(pictures: Pictures, digests: Mapping[str, str]) -> bytes:
    """Return the description of pictures as JSON, with the digests of their files."""
    files = {name: [digests[name], size] for name, (_, size) in pictures.files.items()}
    return to_json({"files": files, "storyboard": asdict(pictures.storyboard)})


def pictures_of_bytes(content: bytes) -> tuple[dict[str, ManifestFile], Storyboard]:
    """Return the files of the pictures, and the form of the storyboard."""
    stored = json.loads(content)
    files = {
        name: ManifestFile(digest, JPEG_TYPE, size)
        for name, (digest, size) in stored["files"].items()
    }
    return files, Storyboard(**stored["storyboard"])


def to_json(content: Any) -> bytes:
    """Return JSON with sorted names and no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
