"""Other names of the REST API: permanent aliases, and deprecated paths and query parameters.

A middleware rewrites another name to the canonical one before routing, so that handlers know only
canonical names. Deprecated names are valid for one more version: their responses carry
`Deprecation` (RFC 9745) and `Sunset` (RFC 8594). In the OpenAPI document, other names are copies of
the canonical ones, the deprecated ones with `deprecated: true`.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.views import session_inputs

DEPRECATION: Final = "@1795219200"
"""Since 2026-11-21."""

SUNSET: Final = "Fri, 21 May 2027 00:00:00 GMT"


INVALID_ID: Final = "-"
"""Represents a missing or invalid id, so that it is rejected with 422 and not routed elsewhere."""


@dataclass(frozen=True)
class RenamedPath:
    """An old path template of an operation, and the new one.

    `operation_ids` maps new operation ids to old ones. `moved`: query parameters of the old path
    that are path parameters of the new one, by their new names. `is_permanent`: a requirement names
    the old path, so it stays (C-09).
    """

    old: str
    new: str
    operation_ids: Mapping[str, str]
    moved: Mapping[str, str] = field(default_factory=dict[str, str])
    is_permanent: bool = False

    def rewrite(self, path: str, query: list[tuple[str, str]]) -> str | None:
        """Return the new path of a request and remove moved parameters, or None if not renamed."""
        match = self._pattern.fullmatch(path)
        if match is None:
            return None
        values = match.groupdict()
        for old, new in self.moved.items():
            value = dict(query).get(old, "")
            values[new] = INVALID_ID if "/" in value else value or INVALID_ID
            query[:] = [each for each in query if each[0] != old]
        return self.new.format_map(values)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.old))


@dataclass(frozen=True)
class RenamedParameters:
    """Old names of query parameters of one operation, with their new names."""

    path: str
    method: str
    names: Mapping[str, str]


PATHS: Final = (
    RenamedPath("/v1/auth/ways", "/v1/auth/providers", {"listSignInProviders": "waysIn"}),
    RenamedPath("/v1/speech/likely", "/v1/speech/phrases", {"listPhrases": "likelySentences"}),
    RenamedPath(
        "/v1/me/training",
        "/v1/me/training-settings",
        {
            "getTrainingSettings": "trainingProfile",
            "changeTrainingSettings": "changeTrainingProfile",
        },
    ),
    RenamedPath(
        "/v1/coaching/events",
        "/v1/sessions/{session_id}/events",
        {"followSession": "coachingEvents"},
        {"session": "session_id"},
        is_permanent=True,
    ),
    RenamedPath(
        "/recommend", "/v1/recommend", {"getRecommendations": "recommend"}, is_permanent=True
    ),
    RenamedPath(
        "/recommendations",
        "/v1/recommendations",
        {"scoreRecommendations": "recommendations"},
        is_permanent=True,
    ),
    RenamedPath(
        "/v1/live/rtc",
        "/v1/live/webrtc",
        {"getIceServers": "iceServers", "openDataChannel": "openRtcDataChannel"},
    ),
)

PARAMETERS: Final = (
    RenamedParameters("/v1/sessions", "get", session_inputs.RENAMED),
    RenamedParameters("/v1/sessions/export", "get", session_inputs.RENAMED),
    RenamedParameters("/v1/speech", "get", {"say": "text"}),
    RenamedParameters("/v1/leaderboards", "get", {"on": "date"}),
)


class DeprecatedNames:
    """Middleware that rewrites old names of requests and marks their responses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _rewrite(scope):
            await self._app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Deprecation"], headers["Sunset"] = DEPRECATION, SUNSET
            await send(message)

        await self._app(scope, receive, send_marked)


def _rewrite(scope: Scope) -> bool:
    """Replace other names in place, as outer middleware reads the route from the scope.

    Returns whether any of them is deprecated.
    """
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    renamed_path, path = next(
        ((each, new) for each in PATHS if (new := each.rewrite(scope["path"], query))), (None, None)
    )
    if path is not None:
        scope["path"], scope["raw_path"] = path, quote(path, safe="/:").encode()
    names = _renamed(scope["method"].lower(), scope["path"])
    renamed = [(names.get(name, name), value) for name, value in query]
    if path is None and renamed == query:
        return False
    scope["query_string"] = urlencode(renamed).encode()
    return renamed != query or (renamed_path is not None and not renamed_path.is_permanent)


def _renamed(method: str, path: str) -> Mapping[str, str]:
    for each in PARAMETERS:
        if each.path == path and each.method == method:
            return each.names
    return {}


def document_deprecated_names(document: dict[str, Any]) -> None:
    """Add the old names to an OpenAPI document."""
    for each in PARAMETERS:
        parameters = document["paths"][each.path][each.method]["parameters"]
        parameters += _old_parameters(parameters, each.names)
    for path in PATHS:
        document["paths"][path.old] = _old_operations(document["paths"][path.new], path)


def _old_parameters(
    parameters: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    new = {each["name"]: each for each in parameters if each["in"] == "query"}
    return [
        {
            **deepcopy(new[name]),
            "name": old,
            "required": False,
            "deprecated": True,
            "description": f"Use `{name}`.",
        }
        for old, name in names.items()
    ]


def _old_operations(methods: Mapping[str, Any], path: RenamedPath) -> dict[str, Any]:
    operations: dict[str, Any] = deepcopy(dict(methods))
    moved = {new: old for old, new in path.moved.items()}
    for operation in operations.values():
        operation["operationId"] = path.operation_ids[operation["operationId"]]
        if path.is_permanent:
            operation["description"] = f"The same as `{path.new}`."
        else:
            operation["deprecated"] = True
            operation["description"] = f"Use `{path.new}`."
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in moved:
                parameter["in"], parameter["name"] = "query", moved[parameter["name"]]
    return operations
