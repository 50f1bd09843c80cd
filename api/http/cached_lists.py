"""Response cache of REST lists, with the rules of GraphQL's (ADR 9).

A key covers all that a list depends on: path and query, the caller, the data version of the read
models, and the schema of the response. So no list is given to another caller, and none is older
than the read models. Reading data of others leaves a note each time, and is not cached.
"""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from hashlib import sha256
from inspect import signature
from typing import Annotated, Any, Final

import msgspec
from anyio.to_thread import run_sync
from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.caller import find_usual_caller
from api.read_your_writes import ReadingCaller
from application.caller import Caller
from application.kernel.cache import LruCache, cache_key
from application.kernel.ports import StorageUnavailable

List = BaseModel | msgspec.Struct

FORMAT: Final = "1"
"""Raise it when the format of cached responses changes though the schema is the same."""

MAX_QUERIES: Final = 64
"""Queries of each list whose parameters are kept."""

MAX_QUERY_BYTES: Final = 500
"""Longer queries are rare, and validated each time."""

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
        name = None if data_version is None else self._name(model, data_version)
        if name is not None and (cached := self._cached(name)) is not None:
            return cached
        return await run_sync(self._cached_or_built, model, build, name)

    def _cached_or_built(
        self, model: type[BaseModel], build: Callable[[Response], List], name: str | None
    ) -> Response:
        """Return the cached list, or build it and cache it if possible.

        `name` is that of the list, None if the data version has to be queried. Another request may
        have cached the list while this one waited for a thread.
        """
        name = name or self._current_name(model)
        if name is not None and (cached := self._cached(name)) is not None:
            return cached
        built = self._built(build)
        if name is None or self.caller.notes:
            return built
        link = built.headers.get("link", "")
        self.caller.platform.cache.put(name, link.encode() + b"\n" + bytes(built.body))
        return _response(bytes(built.body), link, _validators(name))

    def _current_name(self, model: type[BaseModel]) -> str | None:
        """Return the name for the current data version, None while it is unavailable."""
        try:
            return self._name(model, self.caller.platform.read.data_version())
        except StorageUnavailable:
            return None  # reading the list reports it

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


class CachedListRoute(APIRoute):
    """Route of a cached list: it validates the same query once.

    FastAPI takes longer to validate a query than to return a kept list. The parameters of a list
    depend on its query alone, so those of the queries that were validated last are kept. The caller
    is determined for each request. Endpoints of a router that are not cached lists are served as
    usual.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Raise TypeError for a list whose parameters depend on more than its query."""
        self._list = endpoint if _is_cached_list(endpoint) else None
        self._parameters = LruCache[bytes, Mapping[str, Any]](MAX_QUERIES)
        super().__init__(
            path, endpoint if self._list is None else self._keeping_endpoint(), **options
        )
        if self._list is not None and not _depends_on_query(self.dependant):
            raise TypeError(f"The parameters of the list {path} depend on more than its query.")

    def _keeping_endpoint(self) -> Callable[..., Any]:
        """Return the endpoint that FastAPI calls: it keeps the validated parameters."""
        endpoint: Any = self._list

        @wraps(endpoint)
        async def keep_and_list(*, cached: ListCache, **parameters: Any) -> Response:
            query: bytes = cached.request.scope["query_string"]
            if len(query) <= MAX_QUERY_BYTES:
                self._parameters.put(query, parameters)
            response: Response = await endpoint(cached=cached, **parameters)
            return response

        return keep_and_list

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of requests."""
        handle, endpoint = super().get_route_handler(), self._list
        if endpoint is None:
            return handle

        async def handle_list(request: Request) -> Response:
            parameters = self._parameters.get(request.scope["query_string"])
            if parameters is None or "after-position" in request.headers:
                return await handle(request)
            caller = find_usual_caller(request)
            if caller is None:
                return await handle(request)
            response: Response = await endpoint(cached=ListCache(request, caller), **parameters)
            return response

        return handle_list


def _is_cached_list(endpoint: Callable[..., Any]) -> bool:
    parameters = signature(endpoint).parameters.values()
    return any(each.annotation == CurrentListCache for each in parameters)


def _depends_on_query(dependant: Dependant) -> bool:
    """Return whether a list depends on nothing but its query and its cache."""
    others = [each for each in dependant.dependencies if each.call is not _list_cache]
    return all(map(_has_query_only, (dependant, *others))) and all(
        each.query_params and not each.dependencies for each in others
    )


def _has_query_only(dependant: Dependant) -> bool:
    """Return whether a function has parameters of a query only, with defaults that are fixed."""
    return not (
        any(each.field_info.default_factory for each in dependant.query_params)
        or dependant.path_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
        or dependant.request_param_name
        or dependant.http_connection_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
    )
