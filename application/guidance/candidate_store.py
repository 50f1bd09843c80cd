"""Candidates of recommendations from the read models, as one athlete may use them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean
from typing import Final

from application.entitlements.service import GRANTING, EntitlementService
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Row, Window
from domain.guidance.candidates import Candidate, Content, content_of, exercise_candidate
from domain.ids import TenantId, UserId, WorkoutId
from domain.intents.vocabulary import exercise_names
from domain.kernel import Projection
from domain.motion.exercises.library import all_exercises
from projections.enrollment import ENROLLMENT
from projections.plan import PLAN, Plan
from projections.published_content import PUBLISHED_CONTENT, PublishedContent
from projections.subscription import SUBSCRIPTION
from projections.workout_prescription import WORKOUT_PRESCRIPTION, WorkoutPrescription

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
MS_PER_MINUTE: Final = 60_000


@dataclass(frozen=True)
class CandidateStore:
    """Reads candidates: of plans, workouts and videos the newest PAGE_LIMIT each."""

    read: ReadModels
    entitlements: EntitlementService

    def of(self, tenant_id: TenantId, user_id: UserId) -> list[Candidate]:
        """Return all candidates for an athlete. Raises what `ReadModels` raises.

        Workouts are their own, and those of trainers who offer plans.
        """
        plans = [each for each in self._newest(PLAN, tenant_id, "published_at") if each.offered]
        workouts = self._newest(WORKOUT_PRESCRIPTION, tenant_id, "prescribed_at")
        contents = {each.id: content_of(each.exercises) for each in workouts}
        authors = {user_id, *(each.trainer_id for each in plans)}
        workouts = [each for each in workouts if each.listed and each.author_id in authors]
        return [
            *_plans(plans, contents),
            *self._workouts(tenant_id, user_id, workouts, contents),
            *self._videos(tenant_id, user_id),
            *_exercises(),
        ]

    def _workouts(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        workouts: list[WorkoutPrescription],
        contents: Mapping[WorkoutId, Content],
    ) -> Iterator[Candidate]:
        authors = {each.id: each.author_id for each in workouts}
        locked = self.entitlements.locked_workouts(tenant_id, user_id, authors)
        for each in workouts:
            content = contents[each.id]
            yield Candidate(
                kind="workout",
                id=each.id,
                title=each.name,
                needs=content.needs,
                strains=content.strains,
                minutes=content.minutes,
                pattern_sets=content.pattern_sets,
                goal_sets=content.goal_sets,
                is_open=each.id not in locked,
            )

    def _videos(self, tenant_id: TenantId, user_id: UserId) -> Iterator[Candidate]:
        videos = self._newest(PUBLISHED_CONTENT, tenant_id, "listed_at")
        if not videos:
            return
        usable = self._usable_plans(tenant_id, user_id)
        for each in videos:
            yield Candidate(
                kind="video",
                id=each.id,
                title=each.title,
                minutes=_minutes(each),
                is_open=each.is_free or bool(usable & set(each.plans)),
            )

    def _usable_plans(self, tenant_id: TenantId, user_id: UserId) -> set[str]:
        """Return the plans whose videos an athlete may watch, for lists: playback decides."""
        enrolled = self.read.by(ENROLLMENT, tenant_id, "user_id", [user_id])[user_id]
        subscribed = self.read.by(SUBSCRIPTION, tenant_id, "user_id", [user_id])[user_id]
        return {str(each.plan_id) for each in enrolled if each.status == "active"} | {
            str(each.plan_id) for each in subscribed if each.status in GRANTING
        }

    def _newest(self, projection: Projection[Row], tenant_id: TenantId, column: str) -> list[Row]:
        """Return the newest rows that have a time in a column."""
        page = self.read.page(
            projection,
            tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={column: Between(start=EARLIEST)},
            order_by=column,
            descending=True,
        )
        return [edge.row for edge in page.edges]


def _plans(plans: Iterable[Plan], contents: Mapping[WorkoutId, Content]) -> Iterator[Candidate]:
    """Yield offered plans. The duration is the mean of their workouts."""
    for plan in plans:
        if plan.offered is None:
            continue
        terms = plan.offered.terms
        prescribed = [contents[each] for each in terms.workouts if each in contents]
        patterns: Counter[str] = Counter()
        for each in prescribed:
            patterns.update(each.pattern_sets)
        yield Candidate(
            kind="plan",
            id=plan.id,
            title=plan.offered.title,
            level=terms.level,
            needs=frozenset(terms.equipment).union(*(each.needs for each in prescribed)),
            strains=frozenset[str]().union(*(each.strains for each in prescribed)),
            minutes=round(fmean(each.minutes for each in prescribed)) if prescribed else None,
            pattern_sets=dict(patterns),
        )


def _minutes(video: PublishedContent) -> int | None:
    duration = video.duration_ms
    return None if duration is None else max(1, round(duration / MS_PER_MINUTE))


def _exercises() -> Iterator[Candidate]:
    library = all_exercises()
    for name in exercise_names().entries:
        if name in library:
            yield exercise_candidate(name, library[name].name)
