"""The OpenAPI document of all routes, which takes seconds to generate."""

from functools import cache
from typing import Any

from api.app import build_routes


@cache
def openapi_document() -> dict[str, Any]:
    """Return the document; callers only read it."""
    return build_routes().openapi()
