"""Training of item models: `train_model`, on the queue `ai-training` and by schedule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from application.kernel.bus import Delivery
from application.kernel.cloud_events import from_message
from application.kernel.ports import Clock
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from application.kernel.topics import QUEUES, Group
from domain.guidance.item_model import History, ItemModel, ModelTrial, train, try_model
from domain.guidance.ranking import item_key
from domain.ids import TenantId
from domain.sessions.events import SessionCompleted
from projections.session_summary import SESSION_SUMMARY

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "ai-training")

EVERY: Final = timedelta(days=1)
"""Shortest time between two trainings for a tenant."""

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
class ModelTraining:
    """Trains a model for a tenant from all completed sessions that were not deleted."""

    read: ReadModels
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
        """Train a model, and let it serve if its trial is not worse than popularity (R-REC-10).

        Otherwise none serves, and the rules recommend alone. Returns the model, if it serves.
        """
        histories, sessions, until = self._histories(tenant_id)
        model, trial = train(histories), try_model(histories)
        now = self.clock()
        trained: TrainedModel | None = None
        if model is not None and until is not None and trial.is_not_worse:
            trained = TrainedModel(model, trial, now, sessions, until)
            self.models.put(tenant_id, trained)
        else:
            self.models.remove(tenant_id)
        self.models.note_tried(tenant_id, now)
        logger.info(
            "guidance.model_trained",
            serves=trained is not None,
            sessions=sessions,
            people=trial.people,
            hits=trial.hits,
            popular_hits=trial.popular_hits,
        )
        return trained

    def _histories(self, tenant_id: TenantId) -> tuple[list[History], int, datetime | None]:
        """Return what each athlete trained, the number of sessions, and the time of the last."""
        trained: dict[str, dict[str, None]] = {}
        sessions, until, after = 0, None, None
        while True:
            page = self.read.page(
                SESSION_SUMMARY,
                tenant_id,
                window=Window(first=PAGE_LIMIT, after=after),
                where={"status": "completed"},
                order_by="started_at",
            )
            for row in (edge.row for edge in page.edges):
                items = trained.setdefault(row.athlete_id, {})
                if row.workout_id is not None:
                    items.setdefault(item_key("workout", row.workout_id))
                for exercise in row.exercises:
                    items.setdefault(item_key("exercise", exercise))
                sessions, until = sessions + 1, row.started_at
            if not page.has_next:
                return [list(items) for items in trained.values()], sessions, until
            after = page.edges[-1].cursor
