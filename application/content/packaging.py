"""Packaging: playlists and manifest over the units of a video that are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.content.encoding import SETTINGS_VERSION, EncodingUnit, Track
from application.content.manifest import (
    AUDIO_TYPE,
    DASH_TYPE,
    HLS_TYPE,
    VIDEO_TYPE,
    VTT_TYPE,
    Manifest,
    ManifestFile,
    pictures_of_bytes,
    track_of_bytes,
)
from application.content.playlists import (
    DASH,
    HLS_MASTER,
    dash_manifest,
    file_name,
    hls_master,
    hls_playlist,
    storyboard_cues,
)
from application.kernel.ports import MediaStore
from domain.content.encoding import UnitFiles
from domain.content.events import Encoding, Rendition
from domain.ids import TenantId, UserId


@dataclass(frozen=True)
class Packaging:
    """Writes what viewers open first, when all units of a video are in the media store."""

    media: MediaStore
    tenant_id: TenantId
    prefix: str
    trainer_id: UserId

    def package(
        self, units: Sequence[EncodingUnit], done: Mapping[str, UnitFiles], duration_s: float
    ) -> Encoding:
        """Store playlists and manifest; return the encoding with the manifest's digest."""
        files: dict[str, ManifestFile] = {}
        tracks: dict[str, Track] = {}
        for unit in units:
            index = self._read(done[unit.name].index)
            if unit.kind == "pictures":
                pictures, board = pictures_of_bytes(index)
                files |= pictures
                cues = storyboard_cues(board, duration_s, "storyboard.jpg")
                files["storyboard.vtt"] = self._put(cues, VTT_TYPE)
                continue
            track = tracks[unit.name] = track_of_bytes(index)
            last = track.segments[-1]
            files[file_name(unit.name)] = ManifestFile(
                done[unit.name].digest,
                VIDEO_TYPE if unit.kind == "video" else AUDIO_TYPE,
                last.offset + last.size,
            )
            files[f"{unit.name}.m3u8"] = self._put(hls_playlist(track), HLS_TYPE)
        videos = [tracks[unit.name] for unit in units if unit.kind == "video"]
        audio = next((tracks[unit.name] for unit in units if unit.kind == "audio"), None)
        files[HLS_MASTER] = self._put(hls_master(videos, audio), HLS_TYPE)
        files[DASH] = self._put(dash_manifest(videos, audio), DASH_TYPE)
        return self._encoding(units, tracks, files, round(duration_s * 1000))

    def _encoding(
        self,
        units: Sequence[EncodingUnit],
        tracks: Mapping[str, Track],
        files: Mapping[str, ManifestFile],
        duration_ms: int,
    ) -> Encoding:
        manifest = Manifest(settings=SETTINGS_VERSION, duration_ms=duration_ms, files=files)
        renditions = tuple(
            Rendition(unit.width, unit.height, unit.codec, tracks[unit.name].average_bits_per_s)
            for unit in units
            if unit.codec is not None
        )
        digest = self._put(manifest.to_bytes().decode(), "application/json").digest
        return Encoding(duration_ms=duration_ms, renditions=renditions, digest=digest)

    def _read(self, digest: str) -> bytes:
        return self.media.get(self.tenant_id, digest, prefix=self.prefix)

    def _put(self, text: str, media_type: str) -> ManifestFile:
        content = text.encode()
        digest = self.media.put(
            self.tenant_id, content, prefix=self.prefix, subject=self.trainer_id
        )
        return ManifestFile(digest, media_type, len(content))
