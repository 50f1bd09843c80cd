"""GraphQL requests, as clients send them by any transport."""

from typing import Any

from anyio.to_thread import run_sync
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from api.caller import platform_of
from api.config import ApiConfig
from api.problem_details import FieldError, Unprocessable


class Operation(BaseModel):
    """A GraphQL request."""

    query: str | None = Field(None, description="The document; or send its hash in `extensions`.")
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  the protocol's name
    extensions: dict[str, Any] | None = None


async def find_document(operation: Operation, connection: HTTPConnection) -> str:
    """Return the document, sent or persisted.

    Raises Unprocessable if there is neither, and what `PersistedQueries.find` raises.
    """
    config: ApiConfig = connection.app.state.config
    extensions = operation.extensions or {}
    if operation.query is None and "persistedQuery" not in extensions:
        raise Unprocessable(
            FieldError(pointer="#/query", location="body", detail="Field required.", code="missing")
        )
    documents, cached = config.documents, platform_of(connection).cache
    if operation.query is not None and not extensions and not documents.only:
        return operation.query
    if not operation.query and (trusted := documents.find_trusted(extensions)) is not None:
        return trusted  # from memory: it needs no thread
    return await run_sync(documents.find, operation.query, extensions, cached)
