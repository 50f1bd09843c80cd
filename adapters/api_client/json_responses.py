"""JSON of responses, which a server that is not Kinelog, such as a proxy, may lack."""

from typing import Any, cast

import httpx2

from domain.kernel import Rejected


def read_object(response: httpx2.Response, refusal: type[Rejected]) -> dict[str, Any]:
    """Return the JSON object in a response. Raises `refusal` if there is none."""
    try:
        content = response.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise refusal(f"The server answered {response.status_code}, without JSON.")
    return cast("dict[str, Any]", content)
