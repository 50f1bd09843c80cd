"""Models of recommendations: trained from completed sessions, and used while they serve."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.guidance.training import EVERY, GROUP
from application.kernel.bus import Delivery
from application.kernel.cloud_events import encoded, to_message
from application.kernel.command_handler import Request
from application.platform import Platform
from domain.guidance.commands import Generate, NoteClicked, NoteViewed
from domain.guidance.events import ModelPromoted, ModelRefused, RecommendedItem
from domain.guidance.item_model import FEWEST_PEOPLE
from domain.guidance.off_policy import FEWEST_LISTS
from domain.guidance.ranking import MODEL
from domain.guidance.recommendation import RECOMMENDATION
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import Span
from tests.api.driver import DEVICE
from tests.api.people import Person, Town
from tests.golden.examples import CODEC

pytestmark = pytest.mark.both_compositions

KINDS = (("squat", "lunge", "sit_up"), ("bench_press", "pull_up", "biceps_curl"))

RECENT = timedelta(hours=2)


def train(platform: Platform, user_id: str, *exercises: str, ago: timedelta = RECENT) -> None:
    """Complete a session with a repetition of each exercise."""
    at = platform.clock() - ago
    session = SessionId(str(uuid4()))
    performed: list[commands.SessionCommand] = [
        commands.StartSession(athlete_id=UserId(user_id), at=at)
    ]
    for number, exercise in enumerate(exercises, 1):
        performed += [
            commands.StartSet(set=number, exercise_id=ExerciseId(exercise), counted_by=DEVICE),
            commands.CompleteSet(set=number, span=Span(0, 2000)),
        ]
    performed.append(commands.CompleteSession(at=at + timedelta(minutes=20), specs={}))
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user_id, correlation_id=uuid4())
    platform.commands.execute(
        Request(SESSION, session, performed), origin=origin, command_id=uuid4()
    )


def train_people(platform: Platform, ago: timedelta = RECENT) -> None:
    """Let people of two kinds train the exercises of their kind, each first and last by some."""
    for number in range(2 * FEWEST_PEOPLE):
        kind, begin = KINDS[number % 2], number // 2 % 3
        train(platform, f"user-{number}", *kind[begin:], *kind[:begin], ago=ago)
    assert platform.fresh(platform.log.head(), 60.0)


def model_of(town: Town, person: Person) -> str:
    found = person.get("/v1/recommend").json()
    (recorded,) = town.platform.log.load(DEFAULT_TENANT, f"recommendation-{found['id']}")
    return str(recorded.event.model)


def test_a_trained_model_ranks_recommendations(town: Town) -> None:
    """R-REC-10: the event names it; people are told the same kind of reasons as before."""
    platform, training = town.platform, town.platform.model_training
    ada = town.citizen("ada@example.org")
    assert model_of(town, ada) == MODEL
    train_people(platform)
    trained = training.train_model(DEFAULT_TENANT)
    assert trained is not None
    assert trained.trial.is_not_worse
    assert (trained.sessions, trained.model.people) == (2 * FEWEST_PEOPLE, 2 * FEWEST_PEOPLE)
    bob = town.citizen("bob@example.org")
    assert model_of(town, bob) == f"{MODEL}+{trained.model.id[:12]}"
    again = replace(training, clock=lambda: platform.clock() + EVERY).train_model(DEFAULT_TENANT)
    assert again is not None
    assert again.model == trained.model, "the same sessions give the same model"
    assert [each.event_name for each in decisions(platform)] == ["recommendation_model.promoted"]


def decisions(platform: Platform) -> list[Any]:
    history = platform.log.load(DEFAULT_TENANT, f"recommendation_model-{DEFAULT_TENANT}")
    return [each.event for each in history]


def show_lists(platform: Platform, opened: str, other: str) -> None:
    """Show people of the first kind lists of two exercises, of which they open one."""
    items = tuple(
        RecommendedItem("exercise", each, 0.1, 0.9, rank, 0.1, None)
        for rank, each in enumerate((opened, other), 1)
    )
    for number in range(FEWEST_LISTS):
        user = UserId(f"user-{2 * (number % FEWEST_PEOPLE)}")
        at = platform.clock() - timedelta(days=1)
        done = [
            Generate(
                user_id=user,
                context="home",
                model="rules-1",
                items=items,
                reasons=("not_done_yet", "not_done_yet"),
                at=at,
            ),
            NoteViewed(user_id=user, count=2, at=at),
            NoteClicked(user_id=user, kind="exercise", item_id=opened, at=at),
        ]
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
        request = Request(RECOMMENDATION, str(uuid4()), done)
        platform.commands.execute(request, origin=origin, command_id=uuid4())
    assert platform.fresh(platform.log.head(), 60.0)


@pytest.mark.parametrize(
    ("opened", "other", "promoted"),
    [("lunge", "bench_press", True), ("bench_press", "lunge", False)],
)
def test_what_people_open_decides_about_a_model(
    town: Town, opened: str, other: str, *, promoted: bool
) -> None:
    """R-REC-10: a model that places last what they open is refused; decisions are recorded."""
    platform = town.platform
    train_people(platform, ago=timedelta(days=40))
    show_lists(platform, opened, other)
    trained = platform.model_training.train_model(DEFAULT_TENANT)
    (decided,) = decisions(platform)
    assert (trained is not None) == promoted
    assert (platform.item_models.serving(DEFAULT_TENANT) is not None) == promoted
    assert isinstance(decided, ModelPromoted if promoted else ModelRefused)
    assert decided.evidence.comparison is not None
    assert decided.evidence.comparison.lists == FEWEST_LISTS
    assert (decided.evidence.comparison.low >= 0.0) == promoted
    assert decided.evidence.log_position >= 2 * FEWEST_PEOPLE


def test_few_people_make_no_model(town: Town) -> None:
    """R-REC-10, C-41: and the model before serves no longer."""
    platform = town.platform
    train(platform, "ada", *KINDS[0])
    assert platform.fresh(platform.log.head(), 60.0)
    assert platform.model_training.train_model(DEFAULT_TENANT) is None
    assert platform.item_models.serving(DEFAULT_TENANT) is None


def test_the_queue_trains_once_a_day(town: Town) -> None:
    """R-EVT-07: for a completed session, and not for other events."""
    platform, training = town.platform, town.platform.model_training
    train(platform, "ada", *KINDS[0])
    assert platform.fresh(platform.log.head(), 60.0)
    for delivery in deliveries(platform):
        training.handle(delivery)
        is_completed = b"workout.completed" in str(delivery.message).encode()
        tried = platform.item_models.tried_at(DEFAULT_TENANT)
        assert (tried is not None) == is_completed
    first = platform.item_models.tried_at(DEFAULT_TENANT)
    assert first is not None
    training.train_if_due(DEFAULT_TENANT)
    assert platform.item_models.tried_at(DEFAULT_TENANT) == first
    later = replace(training, clock=lambda: platform.clock() + EVERY)
    later.train_if_due(DEFAULT_TENANT)
    assert platform.item_models.tried_at(DEFAULT_TENANT) != first


def deliveries(platform: Platform) -> list[Delivery]:
    """Return the session's first and last events, as the queue has them."""
    recorded = [
        each for each in platform.log.scan(after=0, limit=1000) if "session-" in each.stream
    ]
    chosen: list[Any] = [recorded[0], recorded[-1]]
    return [
        Delivery(to_message(encoded(each, CODEC.encode)), partition=0, offset=number)
        for number, each in enumerate(chosen)
    ]


def test_the_group_is_that_of_the_requirement() -> None:
    """R-EVT-07"""
    assert (GROUP.name, GROUP.dead_letters) == ("ai-training", "ai-training.dlq")
