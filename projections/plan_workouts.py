"""Plan workouts read model: one row per plan, with the workouts that it sells or gives away."""

from dataclasses import dataclass
from typing import Any

from domain.catalog import events
from domain.catalog.events import PlanTerms
from domain.ids import PlanId, UserId, WorkoutId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class PlanWorkouts:
    """Workouts of a plan.

    `sold` are those of all versions that had a price, without their previews. `free` are all if the
    offered version is free, else its preview.
    """

    id: PlanId
    trainer_id: UserId
    draft: PlanTerms
    is_offered: bool = False
    is_free: bool = False
    sold: tuple[WorkoutId, ...] = ()
    free: tuple[WorkoutId, ...] = ()


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by plan."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.PlanEvent) else ()


def evolve(row: PlanWorkouts | None, recorded: Recorded[Any]) -> PlanWorkouts | None:
    """Apply one event to the plan."""
    match recorded.event, row:
        case events.PlanDrafted(trainer_id=trainer_id, terms=terms), _:
            return PlanWorkouts(PlanId(stream_id(recorded)), trainer_id, terms)
        case events.PlanRevised(terms=terms), PlanWorkouts():
            return fast_replace(row, draft=terms)
        case events.PlanPublished(), PlanWorkouts():
            return _published(row)
        case events.PlanWithdrawn(), PlanWorkouts():
            return fast_replace(row, is_offered=False, is_free=False, free=())
        case _:
            return row


def _published(row: PlanWorkouts) -> PlanWorkouts:
    terms, is_free = row.draft, not row.draft.prices
    if is_free:
        sold, free = row.sold, tuple(dict.fromkeys((*terms.workouts, *row.sold)))
    else:
        new = [workout for workout in terms.workouts if workout != terms.preview]
        sold = tuple(dict.fromkeys((*row.sold, *new)))
        free = () if terms.preview is None else (terms.preview,)
    return fast_replace(row, is_offered=True, is_free=is_free, sold=sold, free=free)


PLAN_WORKOUTS = Projection(
    name="plan_workouts",
    version=2,
    row=PlanWorkouts,
    keys=keys,
    evolve=evolve,
    indexes=(("trainer_id",),),
    kind="plan",
)
