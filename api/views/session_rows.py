"""Sessions as JSON straight from rows, without validation: rows of ours are valid.

The objects have the fields, names and order of the views in `api.views.sessions`. Building one
takes a tenth of the time, and msgspec encodes it.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

import msgspec

from api.views import sessions as views
from api.views.base import Body, PageInfo
from projections.exercise_set import ExerciseSet
from projections.repetition import Repetition
from projections.session_summary import SessionSummary

NONE: Final[Mapping[str, str]] = MappingProxyType({})


def unchecked(view: type[Body]) -> Callable[..., Any]:
    """Return the constructor of an object with the fields of a view, in its order and names."""
    names = {name: field.alias or name for name, field in view.model_fields.items()}
    fields = [(name, Any) for name in names]
    return msgspec.defstruct(view.__name__, fields, rename=names, frozen=True, gc=False)


def from_row(
    view: type[Body],
    attributes: Mapping[str, str] = NONE,
    **computed: Callable[[Any], Any],
) -> Callable[[Any], Any]:
    """Return how an object with the fields of a view is built from a row.

    `attributes` maps fields to attributes of the row that have another name. `computed` maps fields
    to functions of the row.
    """
    build, names = unchecked(view), list(view.model_fields)
    read = attrgetter(*(attributes.get(each, each) for each in names if each not in computed))
    places = [
        (names.index(name), compute)
        for name, compute in sorted(computed.items(), key=lambda each: names.index(each[0]))
    ]

    def of(row: Any) -> Any:
        values = list(read(row))
        for place, compute in places:
            values.insert(place, compute(row))
        return build(*values)

    return of


_performance: Final = from_row(
    views.Performance,
    {
        "score": "performance_score",
        "completion": "performance_completion",
        "form": "performance_form",
        "tempo": "performance_tempo",
        "range_of_motion": "performance_range_of_motion",
    },
)

_counted_by: Final = unchecked(views.CountedBy)

_tempo: Final = from_row(views.Tempo)


def _performance_of(row: SessionSummary) -> Any:
    return None if row.performance_score is None else _performance(row)


def _counted_by_of(row: SessionSummary | ExerciseSet) -> Any:
    """Return the source of the count; None before the first set."""
    if row.counted_by_source is None:
        return None
    return _counted_by(
        row.counted_by_source,
        row.counted_by_model or "",
        row.counted_by_definition_version or 0,
        row.counted_by_learned,
    )


def _tempo_of(row: Repetition) -> Any:
    return None if row.eccentric_s is None else _tempo(row)


session_of: Final = from_row(
    views.Session,
    {
        "set_count": "sets",
        "repetition_count": "repetitions",
        "verified_repetition_count": "verified_repetitions",
        "rejected_count": "rejected",
    },
    performance=_performance_of,
    counted_by=_counted_by_of,
)
"""Builds a session from its row."""

set_of: Final = from_row(
    views.Set,
    {"source_counts": "looks", "accepted_source": "stands"},
    counted_by=_counted_by_of,
)
"""Builds a set from its row."""

repetition_of: Final = from_row(views.Repetition, tempo=_tempo_of)
"""Builds a repetition from its row."""


class Page(msgspec.Struct, frozen=True, rename={"page_info": "pageInfo"}):
    """A page of a list, as the views of pages are."""

    items: list[Any]
    page_info: Any


_page_info: Final = from_row(PageInfo)


def page_of(items: list[Any], info: PageInfo) -> Page:
    """Return a page of such objects."""
    return Page(items, _page_info(info))
