"""REST and GraphQL answers in one notation."""

from datetime import datetime
from typing import Any

TIMES = {"startedAt", "completedAt", "createdAt"}


def said(view: Any) -> Any:
    """Return a view in one notation: GraphQL has upper-case enums, and times have two formats."""
    match view:
        case dict():
            return {
                name: datetime.fromisoformat(value) if name in TIMES and value else said(value)
                for name, value in view.items()
            }
        case list():
            return [said(each) for each in view]
        case str():
            return view.lower()
        case _:
            return view
