"""Response cache of REST lists, with the rules of GraphQL's (ADR 9).

A key covers all that a list depends on: path and query, the caller, the data version of the read
models, and the schema of the response. So no list is given to another caller, and none is older
than the read models. Reading data of others leaves a note each time, and is not cached.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from anyio.to_thread import run_sync
from fastapi import Depends, Request, Response
from pydantic import BaseModel

from api.read_your_writes import ReadingCaller
from application.caller import Caller
from application.kernel.cache import cache_key
from application.kernel.ports import StorageUnavailable

List = BaseModel | msgspec.Struct

FORMAT: Final = "1"
"""Raise it when the format of cached responses changes though the schema is the same."""

VARY: Final = "Accept, Authorization, Cookie, X-Tenant-ID"
"""Request headers that identify the caller and the format."""

CACHED_LIST: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {"Link": {"schema": {"type": "string"}}, "ETag": {"schema": {"type": "string"}}}
    },
    304: {"description": "The list of `If-None-Match` is still current."},
}
"""OpenAPI description of the responses of a cached list."""


@dataclass(frozen=True)
class ListCache:
    """Responds to one request with a cached list, or builds it."""

    request: Request
    caller: Caller

    async def respond(self, model: type[BaseModel], build: Callable[[Response], List]) -> Response:
        """Return the list. `build` may set headers, and raises what the request raises.

        It returns the model, or an object with the same JSON that is not validated. It runs in a
        thread, as it reads; so does the check of the data version, if it has to query a server.
        """
        data_version = self.caller.platform.read.cached_data_version()
        if data_version is not None:
            cached = self._cached(self._name(model, data_version))
            if cached is not None:
                return cached
        return await run_sync(self._cached_or_built, model, build)

    def _cached_or_built(
        self, model: type[BaseModel], build: Callable[[Response], List]
    ) -> Response:
        try:
            name = self._name(model, self.caller.platform.read.data_version())
        except StorageUnavailable:
            return self._built(build)  # reading the list reports it
        cached = self._cached(name)
        if cached is not None:
            return cached
        built = self._built(build)
        if self.caller.notes:
            return built
        link = built.headers.get("link", "")
        self.caller.platform.cache.put(name, link.encode() + b"\n" + bytes(built.body))
        return _response(bytes(built.body), link, _validators(name))

    def _cached(self, name: str) -> Response | None:
        """Return the cached list of a name, or None."""
        validators = _validators(name)
        if validators["ETag"] in self.request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=validators)
        kept = self.caller.platform.cache.get(name)
        if kept is None:
            return None
        link, _, body = kept.partition(b"\n")
        return _response(body, link.decode(), validators)

    def _built(self, build: Callable[[Response], List]) -> Response:
        headers = Response()
        built = build(headers)
        body = (
            built.model_dump_json(by_alias=True).encode()
            if isinstance(built, BaseModel)
            else msgspec.json.encode(built)
        )
        return _response(body, headers.headers.get("link", ""), {})

    def _name(self, model: type[BaseModel], data_version: str) -> str:
        """Return the cache key."""
        url = self.request.url
        parts = ("list", FORMAT, _digest_of(model), *self.caller.cache_scope, data_version)
        return cache_key([*parts, url.path, url.query])


def _validators(name: str) -> dict[str, str]:
    """Return headers that let clients cache the list and revalidate it each time."""
    return {"ETag": f'"{name}"', "Cache-Control": "private, no-cache", "Vary": VARY}


def _response(body: bytes, link: str, headers: dict[str, str]) -> Response:
    links = {"Link": link} if link else {}
    return Response(body, headers={**links, **headers}, media_type="application/json")


@cache
def _digest_of(model: type[BaseModel]) -> str:
    """Return the digest of a schema: it separates the caches of different versions."""
    return sha256(json.dumps(model.model_json_schema()).encode()).hexdigest()


async def _list_cache(request: Request, caller: ReadingCaller) -> ListCache:
    return ListCache(request, caller)


CurrentListCache = Annotated[ListCache, Depends(_list_cache)]
"""The cache for the list that is requested. It waits as `ReadingCaller` does."""
