"""Version of the file of a content item: uploaded, checked, encoded and published, or rejected."""

from dataclasses import replace
from typing import Final, Literal

from domain.content import commands, events
from domain.content.events import DeclaredFile, Encoding
from domain.kernel import value

Stage = Literal["uploading", "checking", "checked", "encoded", "published", "rejected", "ended"]
"""Progress of a version. `ended`: its upload was cancelled or expired."""

UNDERWAY: Final[frozenset[Stage]] = frozenset({"uploading", "checking", "checked", "encoded"})


@value
class FileVersion:
    """The newest version of the file. `quarantined`: it was rejected, and is kept for the audit."""

    number: int
    file: DeclaredFile
    stage: Stage = "uploading"
    encoding: Encoding | None = None
    quarantined: bool = False


def require_version(newest: FileVersion, number: int) -> FileVersion:
    """Return the newest version if it has this number. Raises VersionNotFound."""
    if number != newest.number:
        raise commands.VersionNotFound
    return newest


def decide_upload(
    command: commands.EndUpload | commands.NoteUploaded, version: FileVersion
) -> tuple[events.ContentEvent, ...]:
    """Return the events of the end of an upload. Raises UploadOver and UploadComplete."""
    number, at = version.number, command.at
    match command:
        case commands.EndUpload(reason=reason):
            if version.stage == "uploading":
                return (events.UploadEnded(number=number, reason=reason, at=at),)
            if version.stage == "ended":
                return ()
            raise commands.UploadComplete
        case commands.NoteUploaded(size=size):
            if version.stage == "uploading":
                return (events.ContentUploaded(number=number, size=size, at=at),)
            if version.stage == "ended":
                raise commands.UploadOver
            return ()


def decide_processing(
    command: commands.PassChecks | commands.RejectFile | commands.NoteEncoded,
    version: FileVersion,
) -> tuple[events.ContentEvent, ...]:
    """Return the events of a step of the pipeline. Raises NotUploaded and NotChecked."""
    number, stage, at = version.number, version.stage, command.at
    if stage in {"uploading", "ended"}:
        raise commands.NotUploaded
    match command:
        case commands.PassChecks(media_type=media_type, duration_ms=duration):
            if stage == "rejected":
                raise commands.NotChecked
            if stage != "checking":
                return ()
            return (
                events.ChecksPassed(
                    number=number, media_type=media_type, duration_ms=duration, at=at
                ),
            )
        case commands.RejectFile(reason=reason, details=details):
            if stage not in {"checking", "checked"}:
                return ()
            return (
                events.ContentRejected(number=number, reason=reason, details=details, at=at),
                events.FileQuarantined(number=number, at=at),
            )
        case commands.NoteEncoded(encoding=encoding):
            if stage in {"checking", "rejected"}:
                raise commands.NotChecked
            if stage != "checked":
                return ()
            return (events.ContentEncoded(number=number, encoding=encoding, at=at),)


def evolve_version(version: FileVersion, event: events.ContentEvent) -> FileVersion:
    """Apply one event to the newest version. History is never refused."""
    match event:
        case events.UploadEnded():
            return replace(version, stage="ended")
        case events.ContentUploaded():
            return replace(version, stage="checking")
        case events.ChecksPassed():
            return replace(version, stage="checked")
        case events.ContentRejected():
            return replace(version, stage="rejected")
        case events.FileQuarantined():
            return replace(version, quarantined=True)
        case events.ContentEncoded(encoding=encoding):
            return replace(version, stage="encoded", encoding=encoding)
        case _:
            return version
