"""`kinelog dlq`: messages that could not be worked off: why, and what becomes of them."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from application.kernel.bus import Bus
from application.kernel.dead_letters import DeadLetter, chosen, group_named, letters, purge, replay
from application.kernel.topics import GROUPS, Group
from bootstrap.cli.output import JsonOption, out, plain, print_json, table
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus

app = typer.Typer(help="Messages that could not be worked off.", no_args_is_help=True)

GroupArgument = Annotated[str, typer.Argument(help="The queue or group, e.g. email-notifications.")]
PlacesArgument = Annotated[
    list[str] | None, typer.Argument(help="Which ones: topic/partition/offset, as listed.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Every dead letter of the group.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done.")]


@app.command("list")
def list_(
    group: GroupArgument,
    *,
    first: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    after: Annotated[str | None, typer.Option(help="Go on after this place.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List dead letters, the oldest first."""
    named = group_named(group, GROUPS)
    with build_kafka_bus(Settings()) as bus:
        found = letters(bus, named)
    page, following = _page(found, first, after)
    if as_json:
        print_json({"letters": [_summary(letter) for letter in page], "next": following})
        return
    made = table(None, "place", "failed", "attempts", "key", "reason", right=("attempts",))
    for letter in page:
        at = letter.failed_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        reason = letter.reason.partition("\n")[0]
        cells = (letter.place, at, str(letter.attempts), letter.message.key, reason)
        made.add_row(*map(escape, cells))
    out.print(made)
    if following is not None:
        out.print(f"More: kinelog dlq list {group} --after {following}")


@app.command()
def inspect(
    group: GroupArgument,
    place: Annotated[str, typer.Argument(help="Which one: topic/partition/offset, as listed.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show one dead letter with its stack, its envelope and its payload."""
    with build_kafka_bus(Settings()) as bus:
        (letter,) = chosen(letters(bus, group_named(group, GROUPS)), [place])
    told = _whole(letter)
    if as_json:
        print_json(told)
        return
    for name in ("place", "group", "key", "failed_at", "attempts", "reason"):
        out.print(f"{name}: {plain(told[name])}", markup=False)
    for name, content in told["headers"].items():
        out.print(f"  {name}: {content}", markup=False)
    for name in told.keys() & {"value", "value_base64"}:
        out.print(f"{name}: {told[name]}", markup=False)
    out.print(told["stack"], markup=False)


def _command(
    word: str,
    done: str,
    act: Callable[[Bus, Group, Sequence[DeadLetter]], None],
    about: str,
) -> None:
    """Add a command that picks letters, does something to them, and tells which they were."""

    @app.command(word, help=about)
    def command(
        group: GroupArgument,
        places: PlacesArgument = None,
        *,
        everything: AllOption = False,
        dry_run: DryRunOption = False,
        as_json: JsonOption = False,
    ) -> None:
        named = group_named(group, GROUPS)
        with build_kafka_bus(Settings()) as bus:
            picked = _picked(bus, named, places, everything=everything)
            if not dry_run:
                act(bus, named, picked)
        _tell(done, picked, dry_run=dry_run, as_json=as_json)


_command(
    "replay",
    "replayed",
    replay,
    "Put messages back into their topics, with their ids, for this group to try again.",
)
_command("purge", "purged", purge, "Throw messages away for ever.")


def _picked(
    bus: Bus, group: Group, places: Sequence[str] | None, *, everything: bool
) -> tuple[DeadLetter, ...]:
    """Find the letters that are meant: some by name, or all, and never all by an omission."""
    if bool(places) == everything:
        raise typer.BadParameter("name places, or give --all")
    return chosen(letters(bus, group), places or [])


def _page(
    found: tuple[DeadLetter, ...], first: int, after: str | None
) -> tuple[tuple[DeadLetter, ...], str | None]:
    """Cut a page out of the letters; with the place to go on after, None at the end."""
    begin = 0
    if after is not None:
        (last,) = chosen(found, [after])
        begin = found.index(last) + 1
    page = found[begin : begin + first]
    return page, page[-1].place if len(found) > begin + first else None


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


def _whole(letter: DeadLetter) -> dict[str, Any]:
    headers = {name: text.decode(errors="replace") for name, text in letter.message.headers}
    payload = _payload(letter.message.value or b"")
    return {**_summary(letter), "stack": letter.stack, "headers": headers, **payload}


def _payload(content: bytes) -> dict[str, str]:
    """Tell content as text; what is none, such as landmarks, in base64."""
    try:
        return {"value": content.decode()}
    except UnicodeDecodeError:
        return {"value_base64": b64encode(content).decode()}


def _tell(done: str, picked: Sequence[DeadLetter], *, dry_run: bool, as_json: bool) -> None:
    places = [letter.place for letter in picked]
    if as_json:
        print_json({done: places, "dry_run": dry_run})
        return
    out.print(f"{'Would be' if dry_run else 'Were'} {done}: {len(places)}")
    for place in places:
        out.print(f"  {place}", markup=False)
