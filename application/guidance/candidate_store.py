"""Candidates of recommendations from the read models, as one athlete may use them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from statistics import fmean
from types import MappingProxyType
from typing import Final

from application.entitlements.service import GRANTING, EntitlementService
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Row, Where, Window
from domain.guidance.candidates import Candidate, ItemKind, content_of, exercise_candidate
from domain.ids import TenantId, UserId
from domain.intents.vocabulary import exercise_names
from domain.kernel import Projection
from domain.motion.exercises.custom import is_custom
from domain.motion.exercises.library import all_exercises
from projections.enrollment import ENROLLMENT
from projections.plan import PLAN, Plan
from projections.published_content import PUBLISHED_CONTENT, PublishedContent
from projections.subscription import SUBSCRIPTION
from projections.workout_prescription import WORKOUT_PRESCRIPTION

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
        authors = {user_id, *(each.trainer_id for each in plans)}
        return [
            *self._plans(tenant_id, plans),
            *self._workouts(tenant_id, user_id, authors),
            *self._videos(tenant_id, user_id),
            *_exercises(),
        ]

    def state_of(self, tenant_id: TenantId, items: Iterable[tuple[ItemKind, str]]) -> str:
        """Return a digest that changes when one of these items changes, or is gone."""
        ids: dict[ItemKind, set[str]] = defaultdict(set)
        for kind, item_id in items:
            ids[kind].add(item_id)
        plans = self.read.get_many(PLAN, tenant_id, ids["plan"])
        offered = [each.offered for each in plans.values() if each.offered is not None]
        named = ids["workout"].union(*(each.terms.workouts for each in offered))
        workouts = self.read.get_many(WORKOUT_PRESCRIPTION, tenant_id, named)
        videos = self.read.get_many(PUBLISHED_CONTENT, tenant_id, ids["video"])
        rows: list[object] = [sorted(plans.items()), sorted(workouts.items())]
        return sha256(repr([*rows, sorted(videos.items())]).encode()).hexdigest()

    def _plans(self, tenant_id: TenantId, plans: Iterable[Plan]) -> Iterator[Candidate]:
        """Yield offered plans. The duration is the mean of their workouts.

        A plan is left out if the read model lacks one of its workouts, because it is not known what
        that needs and strains.
        """
        offers = {each.id: each.offered for each in plans if each.offered is not None}
        named = {workout for each in offers.values() for workout in each.terms.workouts}
        rows = self.read.get_many(WORKOUT_PRESCRIPTION, tenant_id, named)
        contents = {key: content_of(row.exercises) for key, row in rows.items()}
        for plan_id, offered in offers.items():
            terms = offered.terms
            if not contents.keys() >= set(terms.workouts):
                continue
            prescribed = [contents[each] for each in terms.workouts]
            patterns: Counter[str] = Counter()
            for each in prescribed:
                patterns.update(each.pattern_sets)
            yield Candidate(
                kind="plan",
                id=plan_id,
                title=offered.title,
                level=terms.level,
                needs=frozenset(terms.equipment).union(*(each.needs for each in prescribed)),
                strains=frozenset[str]().union(*(each.strains for each in prescribed)),
                minutes=round(fmean(each.minutes for each in prescribed)) if prescribed else None,
                pattern_sets=dict(patterns),
                is_described=all(each.is_described for each in prescribed),
            )

    def _workouts(
        self, tenant_id: TenantId, user_id: UserId, authors: Collection[UserId]
    ) -> Iterator[Candidate]:
        """Yield the newest workouts of these authors.

        Those with an exercise that another athlete recorded cannot be performed.
        """
        of_authors: Where = {"author_id": tuple(authors), "listed": True}
        newest = self._newest(WORKOUT_PRESCRIPTION, tenant_id, "prescribed_at", of_authors)
        workouts = [
            each
            for each in newest
            if each.author_id == user_id
            or not any(is_custom(line.exercise_id) for line in each.exercises)
        ]
        locked = self.entitlements.locked_workouts(
            tenant_id, user_id, {each.id: each.author_id for each in workouts}
        )
        for each in workouts:
            content = content_of(each.exercises)
            yield Candidate(
                kind="workout",
                id=each.id,
                title=each.name,
                needs=content.needs,
                strains=content.strains,
                minutes=content.minutes,
                pattern_sets=content.pattern_sets,
                goal_sets=content.goal_sets,
                is_described=content.is_described,
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
                is_described=False,
                is_open=each.is_free or bool(usable & set(each.plans)),
            )

    def _usable_plans(self, tenant_id: TenantId, user_id: UserId) -> set[str]:
        """Return the plans whose videos an athlete may watch, for lists: playback decides."""
        enrolled = self.read.by(ENROLLMENT, tenant_id, "user_id", [user_id])[user_id]
        subscribed = self.read.by(SUBSCRIPTION, tenant_id, "user_id", [user_id])[user_id]
        return {str(each.plan_id) for each in enrolled if each.status == "active"} | {
            str(each.plan_id) for each in subscribed if each.status in GRANTING
        }

    def _newest(
        self,
        projection: Projection[Row],
        tenant_id: TenantId,
        column: str,
        where: Where = MappingProxyType({}),
    ) -> list[Row]:
        """Return the newest rows that have a time in a column."""
        page = self.read.page(
            projection,
            tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={**where, column: Between(start=EARLIEST)},
            order_by=column,
            descending=True,
        )
        return [edge.row for edge in page.edges]


def _minutes(video: PublishedContent) -> int | None:
    duration = video.duration_ms
    return None if duration is None else max(1, round(duration / MS_PER_MINUTE))


def _exercises() -> Iterator[Candidate]:
    library = all_exercises()
    for name in exercise_names().entries:
        if name in library:
            yield exercise_candidate(name, library[name].name)
