"""Recommendation service: cached lists of recommendations, each recorded as it was generated."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from application.guidance.candidate_store import CandidateStore
from application.guidance.feature_store import FeatureStore
from application.guidance.training import NAMED, ItemModels
from application.kernel.cache import Cache, personal_key
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock
from application.kernel.read_models import ReadModels
from domain.guidance.candidates import Candidate, ItemKind
from domain.guidance.commands import Generate, GuidanceCommand, RecommendationCommand
from domain.guidance.constraints import Counterfactual, counterfactuals
from domain.guidance.events import RecommendedItem
from domain.guidance.exploration import explored
from domain.guidance.features import Features, Preferences
from domain.guidance.guidance import GUIDANCE
from domain.guidance.item_model import ItemModel
from domain.guidance.ranking import MODEL, Recommendation, recommend
from domain.guidance.reasons import Claim, Reason
from domain.guidance.recommendation import RECOMMENDATION
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from projections.enrollment import ENROLLMENT
from projections.user_health_profile import USER_HEALTH_PROFILE

LISTS: Final = UUID("019f6b1e-0d3c-7a54-9e27-5c1d8f40b2a6")
"""Namespace of the ids of lists."""

CACHED: Final = timedelta(seconds=300)
"""How long a list is returned again (C-20), unless something changes that its reasons name."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A recommended item with its reason, and changes with which it would not be there.

    `rules_score` is its score without the model, and `pattern` its main movement pattern. `wanted`:
    the user said that they want more of it.
    """

    kind: ItemKind
    id: str
    title: str
    score: float
    reason: Reason
    excluded_if: tuple[Counterfactual, ...]
    rules_score: float
    pattern: str | None
    wanted: bool


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list of recommendations, best first. Its id names it when views and clicks are noted."""

    id: str
    generated_at: datetime
    items: tuple[ShownItem, ...]


@dataclass(frozen=True)
class RecommendationService:
    """Recommends to callers who are authorized, and changes what they want to be recommended.

    `exploration` is the share of lists in random order.
    """

    read: ReadModels
    commands: CommandHandler
    cache: Cache
    clock: Clock
    features: FeatureStore
    candidates: CandidateStore
    models: ItemModels
    exploration: float

    def recommend(
        self, tenant_id: TenantId, user_id: UserId, context: str, origin: Origin
    ) -> ShownList:
        """Return recommendations: those of the last 300 seconds, or new ones.

        A new list is an event. A list is outdated by what changed since then: preferences,
        dismissed items, training, enrollments, one of its items, videos that were watched to the
        end, records of health sources, or the consent to relate health data.
        """
        now = self.clock()
        key = self._key(tenant_id, user_id, context)
        cached = self.cache.get(key)
        if cached is not None:
            fields = json.loads(cached)
            shown = _list_of(fields)
            is_kept = now - shown.generated_at < CACHED
            if is_kept and fields["state"] == self._state_of_items(tenant_id, user_id, shown):
                return shown
        features = self.features.of(tenant_id, user_id, now)
        candidates = self.candidates.of(tenant_id, user_id)
        named = ((each.kind, each.id) for each in candidates)
        watched = self.features.watched(tenant_id, user_id, named)
        features = replace(features, finished={**features.finished, **watched})
        model = self._model(tenant_id)
        ranked = _items(features, candidates, model)
        list_id = str(uuid5(LISTS, f"{key} {now.isoformat()}"))
        chance = Random(list_id)  # noqa: S311  not for secrets; the same list again
        placed = explored(ranked, self.exploration, chance)
        items = tuple(item for item, _, _ in placed)
        generated = Generate(
            user_id=user_id,
            context=context,
            model=MODEL if model is None else f"{MODEL}+{model.id[:NAMED]}",
            items=tuple(_recorded(*each) for each in placed),
            reasons=tuple(item.reason.code for item in items),
            at=now,
        )
        request = Request(RECOMMENDATION, list_id, [generated])
        self.commands.execute(request, origin=origin, command_id=UUID(list_id))
        shown = ShownList(list_id, now, items)
        self.cache.put(key, _encoded(shown, self._state_of_items(tenant_id, user_id, shown)))
        return shown

    def for_features(
        self, tenant_id: TenantId, user_id: UserId, features: Features
    ) -> tuple[ShownItem, ...]:
        """Return recommendations for features that the caller gives. Nothing is recorded."""
        return _items(features, self.candidates.of(tenant_id, user_id), self._model(tenant_id))

    def preferences(self, tenant_id: TenantId, user_id: UserId) -> Preferences:
        """Return the preferences of a user from the log."""
        guidance, _ = self.features.guidance(tenant_id, user_id)
        return guidance.preferences

    def change(
        self, user_id: UserId, command: GuidanceCommand, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Change preferences or dismissed items. Raises refusals."""
        request = Request(GUIDANCE, user_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def note(
        self, list_id: str, command: RecommendationCommand, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Note what the user saw of a list, or opened. Raises RecommendationNotFound."""
        request = Request(RECOMMENDATION, list_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def _model(self, tenant_id: TenantId) -> ItemModel | None:
        trained = self.models.serving(tenant_id)
        return None if trained is None else trained.model

    def _state_of_items(self, tenant_id: TenantId, user_id: UserId, shown: ShownList) -> str:
        items: list[tuple[ItemKind, str]] = [(each.kind, each.id) for each in shown.items]
        watched = self.features.watched(tenant_id, user_id, items)
        return f"{self.candidates.state_of(tenant_id, items)} {sorted(watched.items())}"

    def _key(self, tenant_id: TenantId, user_id: UserId, context: str) -> str:
        _, version = self.features.guidance(tenant_id, user_id)
        profile = self.read.get(USER_HEALTH_PROFILE, tenant_id, user_id)
        synced = None if profile is None else (profile.last_sync_at, profile.records)
        related = self.features.relates_health_data(tenant_id, user_id)
        trained = self.read.totals(tenant_id, user_id, "all")
        enrollments = self.read.by(ENROLLMENT, tenant_id, "user_id", [user_id])[user_id]
        followed = [(each.id, each.status, each.next_workout_id) for each in enrollments]
        state = [str(each) for each in (version, synced, related, trained, followed)]
        return personal_key(tenant_id, user_id, ["recommendations/5", MODEL, context, *state])


def _items(
    features: Features, candidates: Sequence[Candidate], model: ItemModel | None
) -> tuple[ShownItem, ...]:
    best = recommend(features, candidates, model=model)
    return tuple(_shown(features, each) for each in best)


def _shown(features: Features, each: Recommendation) -> ShownItem:
    item = each.item
    changes = counterfactuals(features, item)
    return ShownItem(
        kind=item.kind,
        id=item.id,
        title=item.title,
        score=each.score,
        reason=each.reason,
        excluded_if=changes,
        rules_score=each.rules_score,
        pattern=item.main_pattern,
        wanted=(item.kind, item.id) in features.wanted,
    )


def _recorded(item: ShownItem, rank: int, propensity: float) -> RecommendedItem:
    return RecommendedItem(
        kind=item.kind,
        item_id=item.id,
        score=item.score,
        propensity=round(propensity, 6),
        rank=rank,
        rules_score=item.rules_score,
        pattern=item.pattern,
    )


def _encoded(shown: ShownList, state: str) -> bytes:
    """Encode a list with the state of its items."""
    generated_at = shown.generated_at.isoformat()
    fields = {**asdict(shown), "generated_at": generated_at, "state": state}
    return json.dumps(fields).encode()


def _list_of(fields: Mapping[str, Any]) -> ShownList:
    items = (_item_of(each) for each in fields["items"])
    at = datetime.fromisoformat(fields["generated_at"])
    return ShownList(fields["id"], at, tuple(items))


def _item_of(fields: Mapping[str, Any]) -> ShownItem:
    reason = fields["reason"]
    claims = tuple(Claim(**each) for each in reason["claims"])
    changes = tuple(Counterfactual(**each) for each in fields["excluded_if"])
    return ShownItem(
        kind=fields["kind"],
        id=fields["id"],
        title=fields["title"],
        score=fields["score"],
        reason=Reason(reason["code"], claims, reason["points"]),
        excluded_if=changes,
        rules_score=fields["rules_score"],
        pattern=fields["pattern"],
        wanted=fields["wanted"],
    )
