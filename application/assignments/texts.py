"""Texts of assigned workouts: who wrote them, and whether they may still be shown."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from application.kernel.ports import EventLog
from domain.assignments.events import AssignmentAdjusted, WorkoutAssigned
from domain.ids import AssignmentId, TenantId, UserId
from domain.kernel import Recorded
from domain.personal import Erased, Personal
from domain.users.user import USER
from domain.users.user import Erased as ErasedUser


def is_erased(log: EventLog, tenant_id: TenantId, user_id: UserId) -> bool:
    """Return whether the account of a user was erased. Raises StorageUnavailable."""
    history = log.load(tenant_id, f"{USER.category}-{user_id}")
    return isinstance(USER.fold(recorded.event for recorded in history), ErasedUser)


def written_by(
    history: Iterable[Recorded[Any]], trainer_id: UserId
) -> Iterator[WorkoutAssigned | AssignmentAdjusted]:
    """Yield what a trainer wrote to one athlete: workouts, and changes of them."""
    own: set[AssignmentId] = set()
    for recorded in history:
        match recorded.event:
            case WorkoutAssigned(assignment_id=key, trainer_id=author) as event:
                if author == trainer_id:
                    own.add(key)
                    yield event
            case AssignmentAdjusted(assignment_id=key) as event if key in own:
                yield event
            case _:
                pass


def without_texts_of_erased(
    log: EventLog, tenant_id: TenantId, history: Iterable[Recorded[Any]]
) -> Iterator[Recorded[Any]]:
    """Yield the events of a stream, without texts that trainers wrote who were erased."""
    authors: dict[AssignmentId, UserId] = {}
    erased: dict[UserId, bool] = {}
    for recorded in history:
        event = recorded.event
        if isinstance(event, WorkoutAssigned):
            authors[event.assignment_id] = author = event.trainer_id
            if author not in erased:
                erased[author] = is_erased(log, tenant_id, author)
        if isinstance(event, WorkoutAssigned | AssignmentAdjusted) and erased.get(
            authors.get(event.assignment_id, UserId("")), False
        ):
            nothing = Personal[str](event.name.subject, Erased())
            yield replace(recorded, event=replace(event, name=nothing, note=nothing, notes=None))
        else:
            yield recorded
