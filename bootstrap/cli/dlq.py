"""`kinelog dlq`: list, inspect, replay and purge messages in dead-letter queues.

Without Kafka, they are the events of the log that a queue could not handle.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from application.kernel.dead_letters import DeadLetter, DeadLetterQueue, find_group, select
from application.kernel.topics import GROUPS
from bootstrap.cli.output import JsonOption, out, plain, print_json, print_table, table
from bootstrap.settings import Settings
from bootstrap.wiring.log_queues import open_dead_letters

app = typer.Typer(help="Dead-letter queues.", no_args_is_help=True)

GroupArgument = Annotated[str, typer.Argument(help="The queue or group, e.g. email-notifications.")]
PlacesArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Messages: topic/partition/offset or log/position, as listed."),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every dead letter of the group.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print what would be done.")]


@app.command("list")
def list_(
    group: GroupArgument,
    *,
    first: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue after this place.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List dead letters, oldest first."""
    with open_dead_letters(Settings(), find_group(group, GROUPS)) as queue:
        dead_letters = queue.list()
    page, following = _page(dead_letters, first, after)
    if as_json:
        print_json({"letters": [_summary(letter) for letter in page], "next": following})
        return
    result = table(None, "place", "failed", "attempts", "key", "reason", right=("attempts",))
    for letter in page:
        at = "" if letter.failed_at is None else _time(letter.failed_at)
        reason = letter.reason.partition("\n")[0]
        cells = (letter.place, at, str(letter.attempts), letter.message.key, reason)
        result.add_row(*cells)
    print_table(result)
    if following is not None:
        out.print(f"More: kinelog dlq list {group} --after {following}")


@app.command()
def inspect(
    group: GroupArgument,
    place: Annotated[
        str, typer.Argument(help="A message: topic/partition/offset or log/position, as listed.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show a dead letter with its stack trace, headers and payload."""
    with open_dead_letters(Settings(), find_group(group, GROUPS)) as queue:
        (letter,) = select(queue.list(), [place])
    content = _to_json(letter)
    if as_json:
        print_json(content)
        return
    for name in ("place", "group", "key", "failed_at", "attempts", "reason"):
        if content[name] is not None:
            out.print(f"{name}: {plain(content[name])}")
    for name, text in content["headers"].items():
        out.print(f"  {name}: {text}")
    for name in content.keys() & {"value", "value_base64"}:
        out.print(f"{name}: {content[name]}")
    out.print(content["stack"])


def _command(
    name: str,
    done: str,
    act: Callable[[DeadLetterQueue, Sequence[DeadLetter]], None],
    summary: str,
) -> None:
    """Add a command that applies an action to selected dead letters and lists them."""

    @app.command(name, help=summary)
    def command(
        group: GroupArgument,
        places: PlacesArgument = None,
        *,
        everything: AllOption = False,
        dry_run: DryRunOption = False,
        as_json: JsonOption = False,
    ) -> None:
        with open_dead_letters(Settings(), find_group(group, GROUPS)) as queue:
            selected = _select(queue, places, everything=everything)
            if not dry_run:
                act(queue, selected)
        _print_result(done, selected, dry_run=dry_run, as_json=as_json)


_command(
    "replay",
    "replayed",
    lambda queue, letters: queue.replay(letters),
    "Have messages handled again, with their ids, by this group only.",
)
_command(
    "purge", "purged", lambda queue, letters: queue.purge(letters), "Delete messages permanently."
)


def _select(
    queue: DeadLetterQueue, places: Sequence[str] | None, *, everything: bool
) -> tuple[DeadLetter, ...]:
    """Select dead letters by place, or all with --all; never all by default."""
    if bool(places) == everything:
        raise typer.BadParameter("give places, or --all")
    return select(queue.list(), places or [])


def _page(
    dead_letters: tuple[DeadLetter, ...], first: int, after: str | None
) -> tuple[tuple[DeadLetter, ...], str | None]:
    """Return a page, and the place to continue after; None at the end."""
    begin = 0
    if after is not None:
        (last,) = select(dead_letters, [after])
        begin = dead_letters.index(last) + 1
    page = dead_letters[begin : begin + first]
    return page, page[-1].place if len(dead_letters) > begin + first else None


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _summary(letter: DeadLetter) -> dict[str, Any]:
    return {
        "place": letter.place,
        "group": letter.group,
        "key": letter.message.key,
        "event_id": letter.message.header("ce_id"),
        "type": letter.message.header("ce_type"),
        "failed_at": letter.failed_at,
        "attempts": letter.attempts,
        "reason": letter.reason,
    }


def _to_json(letter: DeadLetter) -> dict[str, Any]:
    headers = {name: text.decode(errors="replace") for name, text in letter.message.headers}
    payload = _payload(letter.message.value or b"")
    return {**_summary(letter), "stack": letter.stack, "headers": headers, **payload}


def _payload(content: bytes) -> dict[str, str]:
    """Return content as text, or binary content such as landmarks in base64."""
    try:
        return {"value": content.decode()}
    except UnicodeDecodeError:
        return {"value_base64": b64encode(content).decode()}


def _print_result(
    done: str, selected: Sequence[DeadLetter], *, dry_run: bool, as_json: bool
) -> None:
    places = [letter.place for letter in selected]
    if as_json:
        print_json({done: places, "dry_run": dry_run})
        return
    out.print(f"{'Would be' if dry_run else 'Were'} {done}: {len(places)}")
    for place in places:
        out.print(f"  {place}")
