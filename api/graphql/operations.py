"""GraphQL requests, as clients send them by any transport."""

from typing import Any

from pydantic import BaseModel, Field


class Operation(BaseModel):
    """A GraphQL request."""

    query: str | None = Field(None, description="The document; or send its hash in `extensions`.")
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  the protocol's name
    extensions: dict[str, Any] | None = None
