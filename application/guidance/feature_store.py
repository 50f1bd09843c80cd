"""Feature store: the features of one athlete, from the log and the read models (R-REC-03)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.enrollments.rounds import rounds_of
from application.health.dashboard import HealthDashboard
from application.kernel.ports import EventLog
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Where, Window
from application.privacy.consent_cache import ConsentCache
from domain.content.viewing import view_id
from domain.guidance.features import AHEAD, RECENT_DAYS, Features, RecentTraining, level_of
from domain.guidance.guidance import GUIDANCE, Guidance
from domain.ids import ContentId, TenantId, UserId
from domain.intents.vocabulary import exercise_names
from projections.content_view import CONTENT_VIEW
from projections.enrollment import Enrollment
from projections.exercise_performance import EXERCISE_PERFORMANCE, ExercisePerformance
from projections.session_summary import SESSION_SUMMARY


@dataclass(frozen=True)
class FeatureStore:
    """Reads features of people whose data the caller may read.

    Recent training is that of the latest PAGE_LIMIT performances.
    """

    log: EventLog
    read: ReadModels
    health: HealthDashboard
    consents: ConsentCache

    def guidance(self, tenant_id: TenantId, user_id: UserId) -> tuple[Guidance, int]:
        """Return preferences and dismissed items from the log, and the version of their stream."""
        history = self.log.load(tenant_id, f"{GUIDANCE.category}-{user_id}")
        state = GUIDANCE.fold(recorded.event for recorded in history)
        return state, history[-1].version if history else 0

    def of(self, tenant_id: TenantId, user_id: UserId, now: datetime) -> Features:
        """Return the features of an athlete. Raises what `ReadModels` and `EventLog` raise."""
        guidance, _ = self.guidance(tenant_id, user_id)
        performances = self._performances(tenant_id, user_id)
        rounds = rounds_of(self.read, tenant_id, [user_id])[user_id]
        followed = [each for each in rounds if each.status in {"active", "paused"}]
        totals = self.read.totals(tenant_id, user_id, "all")
        sessions = sum(each.sessions for each in totals)
        return Features(
            fitness_level=guidance.preferences.level or level_of(sessions),
            preferences=guidance.preferences,
            completion_rate=_completion_rate(rounds),
            health_metrics=self._health(tenant_id, user_id, now),
            recent=_recent(performances, now),
            completed=self._completed(tenant_id, user_id),
            finished=_finished_plans(rounds),
            performed=self._performed(tenant_id, user_id),
            planned=frozenset(
                each.next_workout_id for each in followed if each.next_workout_id is not None
            ),
            enrolled=frozenset(each.plan_id for each in followed),
            dismissed=guidance.dismissed,
            wanted=guidance.wanted,
        )

    def _performances(self, tenant_id: TenantId, user_id: UserId) -> list[ExercisePerformance]:
        page = self.read.page(
            EXERCISE_PERFORMANCE,
            tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={"athlete_id": user_id, "shown": True},
            order_by="at",
            descending=True,
        )
        return [edge.row for edge in page.edges]

    def _completed(self, tenant_id: TenantId, user_id: UserId) -> dict[str, int]:
        """Count the completed sessions of each workout. One without a set performs none."""
        where: Where = {"athlete_id": user_id, "status": "completed", "sets": Between(1)}
        counts = self.read.counts(SESSION_SUMMARY, tenant_id, "workout_id", where=where)
        return {str(each): number for each, number in counts.items()}

    def watched(
        self, tenant_id: TenantId, user_id: UserId, items: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], int]:
        """Return how often an athlete has watched each video of the items to its end.

        An item has a kind and an id.
        """
        videos = [ContentId(item_id) for kind, item_id in items if kind == "video"]
        views = self.read.get_many(
            CONTENT_VIEW, tenant_id, [view_id(each, user_id) for each in videos]
        )
        return {("video", each.content_id): each.completions for each in views.values()}

    def _performed(self, tenant_id: TenantId, user_id: UserId) -> frozenset[str]:
        """Return all exercises that the athlete has performed."""
        where: Where = {"athlete_id": user_id, "shown": True}
        counts = self.read.counts(EXERCISE_PERFORMANCE, tenant_id, "exercise_id", where=where)
        return frozenset(str(each) for each in counts)

    def relates_health_data(self, tenant_id: TenantId, user_id: UserId) -> bool:
        """Return whether the athlete lets health data be related to their training."""
        return self.consents.permits(tenant_id, user_id, "health_data")

    def _health(self, tenant_id: TenantId, user_id: UserId, now: datetime) -> dict[str, float]:
        """Return by how many percent the last week differs from what is usual, by metric."""
        if not self.relates_health_data(tenant_id, user_id):
            return {}
        today = self.health.today(tenant_id, user_id, now)
        signals = self.health.stats(tenant_id, user_id, today).recovery
        return {
            f"{each.metric}_change": round(100 * (each.week / each.usual - 1))
            for each in signals
            if each.week is not None and each.usual
        }


def _recent(performances: Sequence[ExercisePerformance], now: datetime) -> RecentTraining:
    since = now - timedelta(days=RECENT_DAYS)
    recent = [each for each in performances if since <= each.at < now + AHEAD]
    entries = exercise_names().entries
    patterns: Counter[str] = Counter()
    for each in recent:
        if each.exercise_id in entries:
            patterns[entries[each.exercise_id].pattern] += len(each.sets)
    return RecentTraining(len({each.session_id for each in recent}), dict(patterns))


def _finished_plans(rounds: Sequence[Enrollment]) -> dict[tuple[str, str], int]:
    """Count the completed rounds of each plan."""
    return Counter(("plan", each.plan_id) for each in rounds if each.status == "completed")


def _completion_rate(rounds: Sequence[Enrollment]) -> float | None:
    performed = sum(each.performed for each in rounds)
    due = performed + sum(each.missed for each in rounds)
    return round(performed / due, 4) if due else None
