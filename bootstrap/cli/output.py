"""What commands print: results on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, cast
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from domain.ids import UserId
from domain.personal import Erased, Personal

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="The tenant whose data is meant.")]

STEP: Final = 0.1
"""Without a terminal, progress is told each time it has grown by this share."""

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


def plain(content: Any, *, personal: bool = False) -> Any:
    """Make dataclasses, times and ids what JSON can hold.

    Of what is said about a person, it is told about whom it is, and what only where `personal`.
    """
    match content:
        case Personal(subject=subject, value=said):  # pyright: ignore[reportUnknownVariableType]  # anything may be said
            return _about(subject, said, told=personal)  # pyright: ignore[reportUnknownArgumentType]  # same
        case datetime():
            return content.isoformat().replace("+00:00", "Z")
        case date() | UUID():
            return str(content)
        case Mapping():
            mapping = cast("Mapping[object, object]", content)
            return {str(key): plain(item, personal=personal) for key, item in mapping.items()}
        case str():
            return content
        case Sequence() | set() | frozenset():
            items = cast("Iterable[object]", content)
            return [plain(item, personal=personal) for item in items]
        case _ if is_dataclass(content) and not isinstance(content, type):
            named = {field.name: getattr(content, field.name) for field in fields(content)}
            return plain(named, personal=personal)
        case _:
            return content


def _about(subject: UserId, said: Any, *, told: bool) -> dict[str, Any]:
    """Tell about whom something is said; what is said is text, which few should read."""
    about: dict[str, Any] = {"about": subject}
    if isinstance(said, Erased):
        return {**about, "erased": True}
    return {**about, "value": plain(said)} if told else {**about, "sealed": True}


def print_json(content: Any) -> None:
    """Print one JSON document on one line."""
    sys.stdout.write(json.dumps(plain(content), allow_nan=False) + "\n")


def table(title: str | None, *columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table; the columns named in `right` are aligned to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left")
    return made


@contextmanager
def progress(what: str) -> Generator[Callable[[float], None]]:
    """Show the share done, 0..1: a bar in a terminal, a line for each tenth elsewhere."""
    if not err.is_terminal:
        yield _lines(what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _lines(what: str) -> Callable[[float], None]:
    told = -STEP

    def tell(share: float) -> None:
        nonlocal told
        if share >= told + STEP or (share >= 1.0 > told):
            told = share
            sys.stderr.write(f"{what}: {share:.0%}\n")
            sys.stderr.flush()

    return tell
