"""Invariants of the log and of everything derived from it, after any failure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from application.kernel.cloud_events import EncodedEvent

Stream = tuple[str, str]
"""Tenant and stream id."""
Wrong = list[str]


def log_holds(events: Sequence[EncodedEvent], commands: Collection[int]) -> Wrong:
    """Find gaps and duplicates. `commands` are positions of the last events of all commands.

    Versions count from 1 in every stream. Positions rise; PostgreSQL skips some where it was
    killed, and no event is lost with them, because none had such a position.
    """
    versions: dict[Stream, list[int]] = defaultdict(list)
    for event in events:
        versions[event.tenant_id, event.stream].append(event.version)
    positions = [event.position for event in events]
    wrong = [
        f"the versions of {stream} are {found}"
        for (_, stream), found in versions.items()
        if found != list(range(1, len(found) + 1))
    ]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        wrong.append("positions do not rise")
    wrong += _doubled("event", [event.event_id for event in events])
    lost = set(commands) - {0} - set(positions)
    return wrong + [f"the event at {place} is lost, whose command is known" for place in lost]


def bus_holds(logged: Sequence[EncodedEvent], arrived: Sequence[EncodedEvent]) -> Wrong:
    """Compare the messages, without duplicates, with the log, and check their order in streams."""
    by_id = {event.event_id: event for event in logged}
    first: dict[Hashable, EncodedEvent] = {}
    wrong: Wrong = []
    newest: Counter[Stream] = Counter()
    for event in arrived:
        stream = (event.tenant_id, event.stream)
        if event.version > newest[stream] + 1:
            wrong.append(f"{event.stream} goes on with version {event.version} on Kafka")
        newest[stream] = max(newest[stream], event.version)
        if first.setdefault(event.event_id, event) != event:
            wrong.append(f"{event.event_id} has two contents on Kafka")
    wrong += [f"{each} did not arrive on Kafka" for each in by_id.keys() - first.keys()]
    wrong += [f"{each} is on Kafka only" for each in first.keys() - by_id.keys()]
    other = [each for each in by_id.keys() & first.keys() if by_id[each] != first[each]]
    return wrong + [f"{each} is another event on Kafka" for each in other]


def sessions_hold(
    performed: Mapping[str, tuple[Any, int]], logged: Mapping[str, Sequence[Any]], kind: type[Any]
) -> Wrong:
    """Compare the events of sessions with the truth.

    `performed`: for each session, the events of an undisturbed fold and the number of performed
    repetitions, which are events of `kind`.
    """
    wrong: Wrong = []
    for session, (facts, repetitions) in performed.items():
        found = tuple(logged.get(session, ()))
        counted = sum(isinstance(fact, kind) for fact in found)
        if counted != repetitions:
            wrong.append(f"{session} has {counted} of {repetitions} repetitions")
        elif found != facts:
            wrong.append(f"{session} has other facts than its frames tell")
    return wrong + [f"{session} is nobody's" for session in logged.keys() - performed.keys()]


def rebuilt_holds(live: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> Wrong:
    """Compare read models, byte for byte, with those rebuilt from the log."""
    names = sorted(live.keys() | rebuilt.keys())
    return [
        f"{name} is not what a rebuild makes of it"
        for name in names
        if repr(live.get(name)).encode() != repr(rebuilt.get(name)).encode()
    ]


def windows_hold(stored: Any, expected: Any) -> Wrong:
    """Compare the analysts' windows with the pure fold of the log."""
    return [] if stored == expected else ["the analysts' windows are not the fold of the log"]


def _doubled(what: str, names: Iterable[Hashable]) -> Wrong:
    return [f"{what} {name} is there {n} times" for name, n in Counter(names).items() if n > 1]
