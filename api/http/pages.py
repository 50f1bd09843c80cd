"""Pages of lists: cursors in the body, and a link to the next page (RFC 8288)."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from api.views.base import PageInfo
from application.kernel.read_models import Page


def page_info(response: Response, page: Page[Any], path: str, **parameters: object) -> PageInfo:
    """Return the cursors of a page, and set `Link` to the next one.

    `parameters` are those of the request; None is left out.
    """
    cursors = [edge.cursor for edge in page.edges]
    last = cursors[-1] if cursors else None
    if page.has_next:
        following = {**parameters, "after": last}
        query = urlencode({name: each for name, each in following.items() if each is not None})
        response.headers["Link"] = f'<{path}?{query}>; rel="next"'
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=last,
    )
