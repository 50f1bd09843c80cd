"""Documents of a local Firestore: versions of each, commits with preconditions, a journal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Final

LONGEST_ID: Final = 1_500
"""Bytes of one part of a name: "Usage and limits"."""

LARGEST_DOCUMENT: Final = 1_048_576
"""Bytes of a document."""

Fields = Mapping[str, Any]


class Refused(Exception):  # noqa: N818  the name states what happened
    """An answer that is an error. `status` is a name of `google.rpc.Code`."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Version:
    """A document from a moment on; without fields it is deleted."""

    fields: Fields | None
    created: datetime
    updated: datetime


@dataclass
class Documents:
    """All documents by full name. Thread-safe; a commit is seen as a whole or not at all.

    With a journal, each commit is written to a file before it is answered, and read at the start.
    """

    journal: Path | None = None
    lock: RLock = field(default_factory=RLock)
    _versions: dict[str, list[Version]] = field(default_factory=dict[str, list[Version]])
    _last: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        if self.journal is not None and self.journal.exists():
            lines = self.journal.read_text().split("\n")
            for line in lines[:-1]:  # the last one is empty, or was not finished
                moment, writes = json.loads(line)
                self._apply(datetime.fromisoformat(moment), [tuple(each) for each in writes])
            self.journal.write_text("".join(f"{line}\n" for line in lines[:-1]))

    def now(self) -> datetime:
        """Return the moment of a read: after every commit that was answered."""
        with self.lock:
            return max(datetime.now(UTC), self._last)

    def read(self, name: str, at: datetime) -> Version | None:
        """Return a document as it was at a moment."""
        with self.lock:
            for version in reversed(self._versions.get(name, [])):
                if version.updated <= at:
                    return version if version.fields is not None else None
        return None

    def all(self, at: datetime) -> Iterator[tuple[str, Version]]:
        """Yield documents by name, in the order of their names."""
        with self.lock:
            names = sorted(self._versions, key=lambda name: [p.encode() for p in name.split("/")])
        for name in names:
            found = self.read(name, at)
            if found is not None:
                yield name, found

    def commit(self, writes: Sequence[Mapping[str, Any]]) -> datetime:
        """Carry out all writes or none; return the moment. Raises Refused."""
        with self.lock:
            moment = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
            changes = [self._change(write) for write in writes]
            names = [name for name, _ in changes]
            if len(set(names)) != len(names):
                raise Refused("INVALID_ARGUMENT", "cannot write an entity twice in a commit")
            if self.journal is not None:
                with self.journal.open("a") as file:
                    file.write(json.dumps([moment.isoformat(), changes]) + "\n")
                    file.flush()
            self._apply(moment, changes)
            return moment

    def _change(self, write: Mapping[str, Any]) -> tuple[str, Fields | None]:
        """Check a write; return the name and its new fields."""
        unknown = write.keys() - {"update", "delete", "currentDocument"}
        if unknown:
            raise Refused("UNIMPLEMENTED", f"writes with {sorted(unknown)}")
        if "update" in write:
            name, fields = write["update"]["name"], write["update"].get("fields", {})
        else:
            name, fields = write["delete"], None
        _check(name, fields)
        present = self.read(name, self._last)
        match write.get("currentDocument"):
            case None:
                pass
            case {"exists": True} if present is None:
                raise Refused("NOT_FOUND", f"No document to update: {name}")
            case {"exists": False} if present is not None:
                raise Refused("ALREADY_EXISTS", f"Document already exists: {name}")
            case {"updateTime": _} if present is None:
                raise Refused("NOT_FOUND", f"No document to update: {name}")
            case {"updateTime": str() as expected}:
                if datetime.fromisoformat(expected) != present.updated:  # type: ignore[union-attr]  # checked above
                    message = "the stored version does not match the required base version"
                    raise Refused("FAILED_PRECONDITION", message)
            case _:
                pass
        return name, fields

    def _apply(self, moment: datetime, changes: Sequence[tuple[str, Fields | None]]) -> None:
        self._last = max(self._last, moment)
        for name, fields in changes:
            versions = self._versions.setdefault(name, [])
            old = versions[-1] if versions and versions[-1].fields is not None else None
            if old is not None and old.fields == fields:
                continue  # a write that changes nothing keeps the time of the update
            versions.append(Version(fields, old.created if old else moment, moment))


def _check(name: str, fields: Fields | None) -> None:
    _, _, path = name.partition("/documents/")
    parts = path.split("/")
    if len(parts) % 2 or not all(map(_fits, parts)):
        raise Refused("INVALID_ARGUMENT", "a document name has valid parts in pairs")
    if fields is not None:
        if len(json.dumps(fields, ensure_ascii=False).encode()) > LARGEST_DOCUMENT:
            raise Refused("INVALID_ARGUMENT", "the document exceeds the maximum size")
        for value in fields.values():
            _check_value(value)


def _fits(part: str) -> bool:
    reserved = part in ("", ".", "..") or (part.startswith("__") and part.endswith("__"))
    return not reserved and len(part.encode()) <= LONGEST_ID


def _check_value(value: Any) -> None:
    """Refuse what is no value of the API."""
    match value:
        case {"mapValue": content, **rest} if not rest:
            for each in content.get("fields", {}).values():
                _check_value(each)
        case {"arrayValue": content, **rest} if not rest:
            for each in content.get("values", []):
                _check_value(each)
        case {"timestampValue": str() as moment, **rest} if not rest:
            datetime.fromisoformat(moment)
        case {"stringValue": str()} | {"integerValue": str()} | {"booleanValue": bool()}:
            pass
        case {"doubleValue": int() | float()} | {"nullValue": None}:
            pass
        case _:
            raise Refused("INVALID_ARGUMENT", f"no value: {list(value)}")
