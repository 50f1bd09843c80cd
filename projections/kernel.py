"""A projection: a question asked of all facts, answered row by row as they happen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from domain.kernel import Recorded

__all__ = ["Projection", "changed", "identity"]

Row = TypeVar("Row")

if TYPE_CHECKING:
    from dataclasses import replace as changed
else:

    def changed(row: Row, /, **changes: object) -> Row:
        """Copy a row with other values in some fields; TypeError for a field it does not have.

        `dataclasses.replace`, and to checkers just that, for rows without slots and without
        checks of their own. A rebuild does little else, and this takes a tenth of the time.
        """
        fields = row.__dataclass_fields__
        if not changes.keys() <= fields.keys():
            raise TypeError(f"{type(row).__name__} has no {changes.keys() - fields.keys()}")
        copy = object.__new__(type(row))
        copy.__dict__.update(row.__dict__, **changes)
        return copy


@dataclass(frozen=True)
class Projection(Generic[Row]):
    """A read model and the fold that fills it.

    `name` and `version` name its table; `version` rises when the fold or the row changes, and a
    fresh table is then filled from the first event.
    `row`: the frozen dataclass of one row, without slots.
    `keys`: the keys of the rows that an event concerns, unique within a tenant; () for none. Most
    events concern one row; a reconciliation withdraws several repetitions at once.
    `evolve`: row (None where there is none yet) + event -> row (None deletes it).
    `indexes`: columns that are looked up together, beside the key.
    `kind`: the kind of resource, as in `application.users.authorization`: users who may read all
    resources of that kind see all rows of the tenant. Without one, users see their own rows only.
    """

    name: str
    version: int
    row: type[Row]
    keys: Callable[[Recorded[Any]], tuple[str, ...]]
    evolve: Callable[[Row | None, Recorded[Any]], Row | None]
    indexes: tuple[tuple[str, ...], ...] = ()
    kind: str | None = None


def identity(recorded: Recorded[Any]) -> str:
    """Id of the aggregate that the event belongs to: the stream's name without its category."""
    return recorded.stream.partition("-")[2]
