"""REST and GraphQL answers in one notation."""

from datetime import datetime
from typing import Any

TIMES = {"startedAt", "completedAt", "createdAt", "lastAt", "at", "start", "end"}


def said(view: Any) -> Any:
    """Return a view in one notation: GraphQL has upper-case enums, and times have two formats.

    The clock of the answer is left out.
    """
    match view:
        case dict():
            return {
                name: datetime.fromisoformat(value) if name in TIMES and value else said(value)
                for name, value in view.items()
                if name != "nowMs"
            }
        case list():
            return [said(each) for each in view]
        case str():
            return view.lower()
        case _:
            return view
