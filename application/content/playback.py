"""Playback of published videos: signed, expiring links to the files of one version (R-CON-06).

The link says which version may be read, and as whom. Each request reads the log, so a video that is
withdrawn stops playing, whatever links exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from application.content.items import find_item, require_item
from application.content.lesson_state import find_lesson
from application.content.manifest import (
    VTT_TYPE,
    Manifest,
    captions_prefix,
    media_prefix,
)
from application.content.pose_track import PIECE_SUFFIX, TRACK_TYPE, piece_name
from application.kernel.cache import LruCache
from application.kernel.ports import Clock, EventLog, MediaMissing, MediaReader
from domain.content import commands
from domain.content.item import Item, Live, Offer
from domain.ids import ContentId, TenantId
from domain.kernel import Rejected

LASTS: Final = timedelta(hours=2)
"""Validity of a link. Players request a new one when it ends."""

PLAYBACK_PREFIX: Final = "/v1/playback/"
"""Path of the files; a token and the name of a file follow."""

POSTER: Final = "poster.jpg"
STORYBOARD: Final = "storyboard.vtt"
MAX_MANIFESTS: Final = 500

Viewer = Literal["athlete", "trainer", "staff"]
"""The person who watches: an athlete, the trainer of the video, or staff who review it."""

OFFERS: Final[dict[Viewer, frozenset[Offer]]] = {
    "athlete": frozenset({"published"}),
    "trainer": frozenset({"published", "unpublished"}),
    "staff": frozenset({"published", "unpublished", "taken_down"}),
}
"""Offers of videos that each of them may watch."""


class PlaybackLinkInvalid(Rejected):
    """This link to a video is not valid. Open the video again."""

    code = "playback.link_invalid"
    kind = "forbidden"


class PlaybackLinkExpired(Rejected):
    """This link to a video has expired. Open the video again."""

    code = "playback.link_expired"
    kind = "forbidden"


class PlaybackEnded(Rejected):
    """This version of the video is not offered any more. Open the video again."""

    code = "playback.not_offered"
    kind = "forbidden"


@dataclass(frozen=True, slots=True)
class PlaybackLink:
    """The version of a video that may be read until the link expires."""

    tenant_id: TenantId
    content_id: ContentId
    number: int
    viewer: Viewer
    expires_at: datetime


class PlaybackSigner(Protocol):
    """Signs links with the key of their tenant."""

    def sign(self, link: PlaybackLink) -> str:
        """Encode a link as a token for URLs. Raises StorageUnavailable and KmsUnavailable."""
        ...

    def read(self, token: str) -> PlaybackLink:
        """Verify and decode a token, expired or not.

        Raises PlaybackLinkInvalid, StorageUnavailable and KmsUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class OpenedPlayback:
    """A token for the files of a version, and the names of those that exist."""

    item: Item
    link: PlaybackLink
    token: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlayableFile:
    """A file in the media store. `is_fixed`: a name never gets another content."""

    tenant_id: TenantId
    prefix: str
    digest: str
    media_type: str
    is_fixed: bool


@dataclass(frozen=True)
class PlaybackService:
    """Signs links of viewers who are authorized, and finds the files that links lead to."""

    log: EventLog
    media: MediaReader
    signer: PlaybackSigner
    clock: Clock
    manifests: LruCache[tuple[TenantId, str], Manifest]

    def find(self, tenant_id: TenantId, content_id: ContentId) -> Item:
        """Return a video as it is now. Raises ContentNotFound."""
        return require_item(self.log, tenant_id, content_id)

    def open(
        self, tenant_id: TenantId, content_id: ContentId, item: Item, viewer: Viewer
    ) -> OpenedPlayback:
        """Return a link to the live version. Raises ContentNotFound if the viewer gets none."""
        live = self.require_live(item, viewer)
        link = PlaybackLink(
            tenant_id=tenant_id,
            content_id=content_id,
            number=live.number,
            viewer=viewer,
            expires_at=(self.clock() + LASTS).replace(microsecond=0),
        )
        manifest = self._manifest(link, live.encoding.digest)
        names = frozenset({*manifest.files, *map(captions_name, item.captions)})
        return OpenedPlayback(item, link, self.signer.sign(link), names)

    def require_live(self, item: Item, viewer: Viewer) -> Live:
        """Return the version that the viewer may watch. Raises ContentNotFound if there is none."""
        if item.live is None or item.offer not in OFFERS[viewer]:
            raise commands.ContentNotFound
        return item.live

    def file(self, token: str, name: str) -> PlayableFile:
        """Return the file of a name.

        Raises PlaybackLinkInvalid, PlaybackLinkExpired, PlaybackEnded and MediaMissing.
        """
        link = self.signer.read(token)
        if self.clock() >= link.expires_at:
            raise PlaybackLinkExpired
        item = find_item(self.log, link.tenant_id, link.content_id)
        if item is None or item.offer not in OFFERS[link.viewer]:
            raise PlaybackEnded
        live = item.live
        if live is None or live.number != link.number:
            raise PlaybackEnded
        for language, digest in item.captions.items():
            if name == captions_name(language):
                prefix = captions_prefix(link.content_id)
                return PlayableFile(link.tenant_id, prefix, digest, VTT_TYPE, is_fixed=False)
        prefix = media_prefix(link.content_id, link.number)
        if name.endswith(PIECE_SUFFIX):
            digest = self._piece(link, name)
            return PlayableFile(link.tenant_id, prefix, digest, TRACK_TYPE, is_fixed=False)
        file = self._manifest(link, live.encoding.digest).files.get(name)
        if file is None:
            raise MediaMissing
        return PlayableFile(link.tenant_id, prefix, file.digest, file.media_type, is_fixed=True)

    def _piece(self, link: PlaybackLink, name: str) -> str:
        """Return the digest of a piece of the trainer's pose track. Raises MediaMissing."""
        lesson = find_lesson(self.log, link.tenant_id, link.content_id, link.number)
        for piece, digest in enumerate(() if lesson is None else lesson.pieces):
            if name == piece_name(piece):
                return digest
        raise MediaMissing

    def _manifest(self, link: PlaybackLink, digest: str) -> Manifest:
        key = link.tenant_id, f"{link.content_id}.{digest}"
        manifest = self.manifests.get(key)
        if manifest is None:
            prefix = media_prefix(link.content_id, link.number)
            manifest = Manifest.of_bytes(self.media.get(link.tenant_id, digest, prefix=prefix))
            self.manifests.put(key, manifest)
        return manifest


def captions_name(language: str) -> str:
    """Return the name of the captions in a language."""
    return f"captions.{language}.vtt"


def draft_name(language: str) -> str:
    """Return the name of a draft of captions in a language, which no viewer gets."""
    return f"captions-draft.{language}.vtt"


def playback_manifests() -> LruCache[tuple[TenantId, str], Manifest]:
    """Return a cache of manifests; one never changes, as its digest is its name."""
    return LruCache[tuple[TenantId, str], Manifest](MAX_MANIFESTS)
