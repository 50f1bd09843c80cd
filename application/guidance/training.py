"""Training of item models: `train_model`, on the queue `ai-training` and by schedule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

import structlog

from application.kernel.bus import Delivery
from application.kernel.cloud_events import from_message
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Window
from application.kernel.topics import QUEUES, Group
from domain.guidance.events import Comparison, ModelEvidence
from domain.guidance.item_model import History, ItemModel, ModelTrial, train, try_model
from domain.guidance.off_policy import ShownItems, compare
from domain.guidance.promotion import RECOMMENDATION_MODEL, DecideModel, ServingModel
from domain.guidance.ranking import item_key
from domain.guidance.recommendation import RECOMMENDATION
from domain.ids import TenantId
from domain.kernel import Origin
from domain.sessions.events import SessionCompleted
from projections.recommendation import RECOMMENDATION as RECOMMENDATION_ROW
from projections.recommendation import Recommendation as RecommendationRow
from projections.session_summary import SESSION_SUMMARY

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "ai-training")

EVERY: Final = timedelta(days=1)
"""Shortest time between two trainings for a tenant."""

COMPARED: Final = timedelta(days=28)
"""Time whose lists a comparison is on; its model is trained from what was before."""

MOST_LISTS: Final = 5_000
"""Newest lists that a comparison reads."""

FOLLOWED: Final = timedelta(days=2)
"""Time in which training a recommended item counts as its success, as opening it does."""

NAMED: Final = 12
"""Digits of a model's id by which rankings and decisions name it."""

DECISIONS: Final = UUID("019f7a52-6f0d-7c1b-8c3e-2b9a4d1e5f70")
"""Namespace of the ids of decisions."""

_EVENT: Final[Any] = SessionCompleted
COMPLETED: Final = str(_EVENT.event_name)

logger: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model with its trial. `sessions` completed sessions, up to the time `until`, trained it."""

    model: ItemModel
    trial: ModelTrial
    trained_at: datetime
    sessions: int
    until: datetime


class ItemModels(Protocol):
    """Store of models, one that serves for each tenant. Every method raises StorageUnavailable."""

    def serving(self, tenant_id: TenantId) -> TrainedModel | None:
        """Return the model that serves."""
        ...

    def put(self, tenant_id: TenantId, trained: TrainedModel) -> None:
        """Let a model serve instead of the one before."""
        ...

    def remove(self, tenant_id: TenantId) -> None:
        """Let no model serve. Idempotent."""
        ...

    def tried_at(self, tenant_id: TenantId) -> datetime | None:
        """Return when the last training ended, also without a model."""
        ...

    def note_tried(self, tenant_id: TenantId, at: datetime) -> None:
        """Note that a training has ended."""
        ...


@dataclass(frozen=True)
class TrainingTimes:
    """When each athlete began a session with each item, oldest first; items by first time.

    `sessions` is the number of sessions, and `until` the beginning of the last one.
    """

    times: Mapping[str, Mapping[str, Sequence[datetime]]]
    sessions: int
    until: datetime | None

    def sequences(self, until: datetime | None = None) -> list[History]:
        """Return what each athlete trained, in order of the first time, before a time."""
        return [
            [item for item, times in items.items() if until is None or times[0] < until]
            for items in self.times.values()
        ]

    def trained_before(self, user_id: str, at: datetime) -> frozenset[str]:
        """Return what somebody had trained before a time."""
        items = self.times.get(user_id, {})
        return frozenset(item for item, times in items.items() if times[0] < at)

    def was_trained(self, user_id: str, item: str, start: datetime, end: datetime) -> bool:
        """Return whether somebody trained an item within a time."""
        return any(start <= each < end for each in self.times.get(user_id, {}).get(item, ()))


@dataclass(frozen=True)
class ModelTraining:
    """Trains a model for a tenant from all completed sessions with a set, but not deleted ones."""

    log: EventLog
    read: ReadModels
    commands: CommandHandler
    models: ItemModels
    clock: Clock

    def handle(self, delivery: Delivery) -> None:
        """Train for the tenant of a completed session, unless it was done within a day."""
        event = from_message(delivery.message)
        if event.name == COMPLETED:
            self.train_if_due(TenantId(event.tenant_id))

    def train_if_due(self, tenant_id: TenantId) -> None:
        """Train for a tenant, unless it was done within a day. Raises StorageUnavailable."""
        last = self.models.tried_at(tenant_id)
        if last is None or self.clock() - last >= EVERY:
            self.train_model(tenant_id)

    def train_model(self, tenant_id: TenantId) -> TrainedModel | None:
        """Train a model, and let it serve if it is not worse (R-REC-10); record the decision.

        It is compared with popularity on past training, and with what was shown lately by what
        users did with it. Returns the model, if it serves.
        """
        position = self.log.head()
        history = self._history(tenant_id)
        histories = history.sequences()
        model, trial = train(histories), try_model(histories)
        now = self.clock()
        evidence = ModelEvidence(
            people=0 if model is None else model.people,
            sessions=history.sessions,
            until=history.until,
            log_position=position,
            hits=trial.hits,
            popular_hits=trial.popular_hits,
            comparison=None if model is None else self._comparison(tenant_id, history, now),
        )
        decision = DecideModel(
            model=None if model is None else model.id[:NAMED], evidence=evidence, at=now
        )
        state = self._decided(tenant_id, decision)
        trained: TrainedModel | None = None
        if model is not None and history.until is not None and state.model == decision.model:
            trained = TrainedModel(model, trial, now, history.sessions, history.until)
            self.models.put(tenant_id, trained)
        elif state.model is None:
            self.models.remove(tenant_id)
        self.models.note_tried(tenant_id, now)
        logger.info(
            "guidance.model_trained",
            serves=trained is not None,
            sessions=history.sessions,
            people=trial.people,
            hits=trial.hits,
            popular_hits=trial.popular_hits,
        )
        return trained

    def _decided(self, tenant_id: TenantId, decision: DecideModel) -> ServingModel:
        """Record a decision, and return which model serves after it."""
        command_id = uuid5(DECISIONS, f"{tenant_id} {decision.model} {decision.at.isoformat()}")
        origin = Origin(tenant_id=tenant_id, actor=GROUP.name, correlation_id=command_id)
        request = Request(RECOMMENDATION_MODEL, tenant_id, [decision])
        self.commands.execute(request, origin=origin, command_id=command_id)
        recorded = self.log.load(tenant_id, f"{RECOMMENDATION_MODEL.category}-{tenant_id}")
        return RECOMMENDATION_MODEL.fold(each.event for each in recorded)

    def _comparison(
        self, tenant_id: TenantId, history: TrainingTimes, now: datetime
    ) -> Comparison | None:
        """Compare a model that was trained before the latest lists with how they were ranked."""
        start = now - COMPARED
        lists = [*self._lists(tenant_id, history, start)]
        earlier = train(history.sequences(until=start))
        return None if earlier is None else compare(earlier, lists)

    def _lists(
        self, tenant_id: TenantId, history: TrainingTimes, start: datetime
    ) -> Iterator[ShownItems]:
        """Yield the newest lists that users saw something of, since a time."""
        after: str | None = None
        remaining = MOST_LISTS
        while remaining > 0:
            page = self.read.page(
                RECOMMENDATION_ROW,
                tenant_id,
                window=Window(first=min(PAGE_LIMIT, remaining), after=after),
                where={"generated_at": Between(start=start)},
                order_by="generated_at",
                descending=True,
            )
            remaining -= len(page.edges)
            for edge in page.edges:
                if edge.row.viewed:
                    yield self._list(tenant_id, edge.row, history)
            if not page.has_next:
                return
            after = page.edges[-1].cursor

    def _list(
        self, tenant_id: TenantId, row: RecommendationRow, history: TrainingTimes
    ) -> ShownItems:
        recorded = self.log.load(tenant_id, f"{RECOMMENDATION.category}-{row.id}")
        state = RECOMMENDATION.fold(each.event for each in recorded)
        seen = state.viewed
        at = row.generated_at
        succeeded = tuple(
            place <= seen
            and (
                (each.kind, each.item_id) in state.clicked
                or history.was_trained(
                    row.user_id, item_key(each.kind, each.item_id), at, at + FOLLOWED
                )
            )
            for place, each in enumerate(state.items, 1)
        )
        return ShownItems(state.items, succeeded, history.trained_before(row.user_id, at))

    def _history(self, tenant_id: TenantId) -> TrainingTimes:
        """Return when each athlete trained what."""
        times: dict[str, dict[str, list[datetime]]] = {}
        sessions, until, after = 0, None, None
        while True:
            page = self.read.page(
                SESSION_SUMMARY,
                tenant_id,
                window=Window(first=PAGE_LIMIT, after=after),
                where={"status": "completed", "sets": Between(1)},
                order_by="started_at",
            )
            for row in (edge.row for edge in page.edges):
                items = times.setdefault(row.athlete_id, {})
                trained = [item_key("exercise", each) for each in row.exercises]
                if row.workout_id is not None:
                    trained.insert(0, item_key("workout", row.workout_id))
                for item in trained:
                    items.setdefault(item, []).append(row.started_at)
                sessions, until = sessions + 1, row.started_at
            if not page.has_next:
                return TrainingTimes(times, sessions, until)
            after = page.edges[-1].cursor
