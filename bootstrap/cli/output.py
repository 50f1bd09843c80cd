"""Command output: results on standard output, everything else on standard error."""

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

from domain.ids import DEFAULT_TENANT, UserId
from domain.personal import Erased, Personal
from domain.tenants.tenant_id import parse_tenant_id

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
TenantOption = Annotated[
    str, typer.Option("--tenant", callback=parse_tenant_id, help="The tenant.")
]

LAST_POSITION: Final = 2**63 - 1
"""Largest position that a log can have: options take none beyond it."""

STEP: Final = 0.1
"""Without a terminal, progress is printed each time it has grown by this share."""
PIPE_WIDTH: Final = 1000
"""Longest line of a table that is not printed to a terminal."""


def plain_console(
    *, stderr: bool = False, soft_wrap: bool = False, width: int | None = None
) -> Console:
    """Return a console that prints texts as they are: it has no markup, such as `[b]` or `:x:`."""
    return Console(
        stderr=stderr,
        soft_wrap=soft_wrap,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
    )


out = plain_console(soft_wrap=True)
err = plain_console(stderr=True)


def plain(content: Any, *, personal: bool = False) -> Any:
    """Convert dataclasses, times and ids to JSON values.

    A personal value is replaced by its subject's id, unless `personal` includes it.
    """
    match content:
        case Personal(subject=subject, value=value):  # pyright: ignore[reportUnknownVariableType]  # of any type
            return _personal_json(subject, value, shown=personal)  # pyright: ignore[reportUnknownArgumentType]  # same
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


def _personal_json(subject: UserId, value: Any, *, shown: bool) -> dict[str, Any]:
    """Return the subject of a personal value, and the value only where it is shown."""
    about: dict[str, Any] = {"about": subject}
    if isinstance(value, Erased):
        return {**about, "erased": True}
    return {**about, "value": plain(value)} if shown else {**about, "sealed": True}


def one_line(content: Any) -> str:
    """Return a value as text: `name: value` pairs, lists with commas, and `-` for None."""
    value = plain(content)
    if isinstance(value, dict):
        named = cast("Mapping[str, Any]", value)
        return "  ".join(f"{name}: {one_line(item)}" for name, item in named.items())
    if isinstance(value, list):
        return ", ".join(one_line(item) for item in cast("Iterable[Any]", value)) or "none"
    return "-" if value is None else str(value)


def quantity(number: int, noun: str) -> str:
    """Return a number with its noun, such as `1 event` or `2 events`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def print_json(content: Any, console: Console = out) -> None:
    """Print one JSON document on one line."""
    console.file.write(json.dumps(plain(content), allow_nan=False) + "\n")
    console.file.flush()


def table(title: str | None, *columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table; the columns named in `right` are right-aligned.

    Text that is too long for a column continues on the next line.
    """
    result = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        result.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return result


def print_table(result: Table) -> None:
    """Print a table: in the width of the terminal, or one line per row elsewhere."""
    wide = plain_console(soft_wrap=True, width=PIPE_WIDTH)
    (out if out.is_terminal else wide).print(result)


def print_more(command: str, after: str, tenant: str) -> None:
    """Print the command that lists the next rows of a tenant."""
    of_tenant = "" if tenant == DEFAULT_TENANT else f" --tenant {tenant}"
    out.print(f"More: {command}{of_tenant} --after {after}")


@contextmanager
def progress(label: str) -> Generator[Callable[[float], None]]:
    """Show progress from 0 to 1: a bar in a terminal, a line per tenth elsewhere."""
    if not err.is_terminal:
        yield _progress_lines(label)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _progress_lines(label: str) -> Callable[[float], None]:
    printed = -STEP

    def report(share: float) -> None:
        nonlocal printed
        if share >= printed + STEP or (share >= 1.0 > printed):
            printed = share
            sys.stderr.write(f"{label}: {share:.0%}\n")
            sys.stderr.flush()

    return report
