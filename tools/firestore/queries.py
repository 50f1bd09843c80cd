"""Structured queries of a local Firestore. What it cannot do is refused, never left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tools.firestore.documents import Documents, Refused, Version

PARTS: Final = {"from", "where", "orderBy", "limit", "startAt", "select"}
BY_NAME: Final = [{"field": {"fieldPath": "__name__"}, "direction": "ASCENDING"}]


def run_query(
    documents: Documents, parent: str, query: Mapping[str, Any], at: datetime
) -> list[tuple[str, Version]]:
    """Return the documents of a query by name, in the order of their names. Raises Refused."""
    unknown = query.keys() - PARTS
    if unknown or query.get("orderBy", BY_NAME) != BY_NAME or len(query["from"]) != 1:
        raise Refused("UNIMPLEMENTED", f"queries with {sorted(unknown)}, or in another order")
    (within,) = query["from"]
    after = _after(query.get("startAt"))
    found: list[tuple[str, Version]] = []
    for name, version in documents.all(at):
        if not _is_in(name, parent, within["collectionId"], within.get("allDescendants", False)):
            continue
        if after is not None and _order(name) <= _order(after):
            continue
        if _fits(version.fields or {}, query.get("where")):
            found.append((name, _selected(version, query.get("select"))))
    return found[: int(query.get("limit", len(found)))]


def _is_in(name: str, parent: str, collection: str, everywhere: bool) -> bool:  # noqa: FBT001  of the API
    below = name.removeprefix(f"{parent}/").split("/")
    if not name.startswith(f"{parent}/") or len(below) % 2 or below[-2] != collection:
        return False
    return everywhere or len(below) == 2


def _order(name: str) -> list[bytes]:
    return [part.encode() for part in name.split("/")]


def _after(start: Mapping[str, Any] | None) -> str | None:
    match start:
        case None:
            return None
        case {"values": [{"referenceValue": str() as name}]} if "before" not in start:
            return name
        case _:
            raise Refused("UNIMPLEMENTED", "queries that start elsewhere than after a name")


def _fits(fields: Mapping[str, Any], where: Mapping[str, Any] | None) -> bool:
    match where:
        case None:
            return True
        case {"fieldFilter": {"field": {"fieldPath": path}, "op": "EQUAL", "value": value}}:
            return bool(fields.get(path) == value)
        case _:
            raise Refused("UNIMPLEMENTED", "filters other than EQUAL")


def _selected(version: Version, select: Mapping[str, Any] | None) -> Version:
    if select is None:
        return version
    wanted = {each["fieldPath"] for each in select["fields"]}
    fields = {key: value for key, value in (version.fields or {}).items() if key in wanted}
    return Version(fields, version.created, version.updated)
