"""REST and GraphQL agree: the same commands lead to the same events and the same rejections."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.workouts import START, prescribe

Command = tuple[str, dict[str, Any]]

EXECUTION = {
    "beginNextSet": "/next",
    "logRepetitions": "/repetitions",
    "logDuration": "/duration",
    "undoRepetition": "/undo",
    "overruleRepetition": "/overrule",
    "finishSet": "/finish",
    "rateSet": "/rating",
    "skipSets": "/skip",
    "startRest": "/rest",
    "endRest": "/rest/end",
    "completeWorkout": "/complete",
    "confirmHealthKit": "/healthkit-sync",
}
"""Mutations of an execution, and the suffixes of their paths under `/v1/workouts/{id}`."""

SESSION = {"startSet": "/sets", "completeSession": ":complete", "overrideChecks": "/overrides"}
"""Mutations of a session, and the suffixes of their paths under `/v1/sessions/{id}`."""

ENUMS = {"source", "what", "status", "reason"}
"""Fields that GraphQL writes in upper case."""

numbers = iter(count())


def fields(**each: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a value for each field; None omits the field."""
    drawn = st.fixed_dictionaries(each)
    return drawn.map(lambda all_: {name: v for name, v in all_.items() if v is not None})


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def command(
    name: str, given_fields: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[Command]:
    return st.tuples(st.just(name), given_fields)


sets = st.integers(0, 3)
times = st.one_of(st.integers(-1, 90_000), st.just(86_400_001))
sources = st.sampled_from(["device", "server", "manual"])
exercises = st.sampled_from(["squat", "plank", "moonwalk"])
ends = st.sampled_from(
    ["2030-01-31T07:34:00Z", "2030-01-31T08:34:00+01:00", "2030-01-30T07:00:00Z"]
)
capture = {
    "at": ends,
    "frames": maybe(st.integers(-1, 100)),
    "framesWithPose": maybe(st.integers(0, 100)),
    "bodyMassKg": maybe(st.sampled_from([10.0, 61.5, 80.0])),
    "streamedSets": maybe(st.integers(-1, 2)),
}
COMMANDS = st.one_of(
    command(
        "beginNextSet",
        fields(
            set=maybe(sets), source=maybe(sources), model=maybe(st.just("lite")),
            exerciseId=maybe(exercises), loadKg=maybe(st.sampled_from([-1.0, 20.0])), atMs=times,
        ),
    ),
    command(
        "startSet",
        fields(
            set=sets, exerciseId=exercises, model=st.just("lite"), source=maybe(sources),
            targetRepetitions=maybe(st.integers(0, 9)), loadKg=maybe(st.just(20.0)),
        ),
    ),
    command("logRepetitions", fields(set=sets, repetitions=maybe(st.integers(0, 9)), atMs=times)),
    command("logDuration", fields(set=sets, durationMs=st.integers(0, 60_000), atMs=times)),
    command("undoRepetition", fields(set=sets)),
    command(
        "overruleRepetition",
        fields(set=sets, accepted=st.booleans(), number=maybe(sets), startMs=maybe(times)),
    ),
    command("finishSet", fields(set=sets, startMs=maybe(times), endMs=times)),
    command("rateSet", fields(set=sets, rpe=maybe(st.sampled_from([0.5, 7, 8.5, 8.75])))),
    command(
        "skipSets",
        fields(
            what=st.sampled_from(["set", "exercise"]),
            line=maybe(st.integers(1, 2)),
            round=maybe(st.integers(1, 2)),
        ),
    ),
    command("startRest", fields(plannedS=maybe(st.integers(-1, 90)), atMs=times)),
    command("endRest", fields(atMs=times)),
    command(
        "overrideChecks",
        fields(set=sets, checks=st.lists(st.sampled_from(["light", "mood"])), atMs=times),
    ),
    command("completeWorkout", fields(**capture)),
    command("completeSession", fields(**capture)),
    command(
        "confirmHealthKit",
        fields(
            status=st.sampled_from(["synced", "failed"]),
            reason=maybe(st.sampled_from(["denied", "locked"])),
            at=ends,
        ),
    ),
)  # fmt: skip
PERFORMED: list[Command] = [
    ("beginNextSet", {"atMs": 1000, "loadKg": 20.0}),
    ("logRepetitions", {"set": 1, "repetitions": 8, "atMs": 40_000}),
    ("finishSet", {"set": 1, "endMs": 41_000}),
    ("startRest", {"atMs": 41_500}),
]
"""The start of a workout, so that random commands also meet a session in progress."""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiDriver]:
    home: Path = tmp_path_factory.mktemp("agree")
    with (
        open_platform(Settings(home=home, cache=home, postgres_url=None)) as platform,
        TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client,
    ):
        opened = ApiDriver(client, platform)
        prescribe(opened)
        yield opened


def start(driver: ApiDriver, rest: str, graphql: str, *, is_prescribed: bool) -> None:
    """Start one session over REST and one by a mutation."""
    body: dict[str, Any] = {"athleteId": "ada", "at": START, "timeZone": "Europe/Berlin"}
    path, mutation = "/v1/sessions", "startSession"
    if is_prescribed:
        path, mutation = "/v1/workouts", "startWorkout"
        body["workoutId"] = "legs"
    response = driver.client.post(path, json={**body, "sessionId": rest})
    assert response.is_success, response.text
    assert by_graphql(driver, graphql, mutation, body) is None


def by_rest(
    driver: ApiDriver, session_id: str, name: str, given_fields: dict[str, Any]
) -> str | None:
    """Send a command over REST; return the code of its rejection."""
    end = EXECUTION.get(name)
    path = f"/v1/sessions/{session_id}{SESSION[name]}" if end is None else None
    response = driver.client.post(path or f"/v1/workouts/{session_id}{end}", json=given_fields)
    return None if response.is_success else str(response.json()["code"])


def by_graphql(
    driver: ApiDriver, session_id: str, name: str, given_fields: dict[str, Any]
) -> str | None:
    """Send a command as a mutation; return the code of its rejection."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"""mutation($input: {kind}!) {{
      result: {name}(input: $input) {{ ... on Problem {{ code }} }}
    }}"""
    key = "executionId" if name in {*EXECUTION, "startWorkout"} else "sessionId"
    written = {n: v.upper() if n in ENUMS else v for n, v in given_fields.items()}
    result = driver.ask(document, input={key: session_id, **written})["result"]
    return None if not result else str(result["code"])


def events_of(driver: ApiDriver, session_id: str) -> list[Any]:
    """Return the events of a session. They contain no session id, and only the commands' times."""
    log = driver.platform.log.load(DEFAULT_TENANT, f"session-{session_id}")
    return [recorded.event for recorded in log]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=st.lists(COMMANDS, max_size=10), is_prescribed=st.booleans(), goes_on=st.booleans())
def test_the_same_commands_lead_to_the_same_events(
    driver: ApiDriver,
    commands: list[Command],
    *,
    is_prescribed: bool,
    goes_on: bool,
) -> None:
    """C-53"""
    number = next(numbers)
    rest, graphql = f"rest-{number}", f"graphql-{number}"
    start(driver, rest, graphql, is_prescribed=is_prescribed)
    sent = [*(PERFORMED if goes_on else []), *commands]
    for name, given_fields in sent:
        refusal = by_rest(driver, rest, name, given_fields)
        assert by_graphql(driver, graphql, name, given_fields) == refusal, name
    assert events_of(driver, rest) == events_of(driver, graphql)


def test_figures_that_a_client_sends_are_ignored(driver: ApiDriver) -> None:
    """C-16, C-49: the deprecated arguments are still accepted; the server computes the figures."""
    start(driver, "old-rest", "old-graphql", is_prescribed=False)
    by_rest(driver, "old-rest", "startSet", {"set": 1, "exerciseId": "squat", "model": "lite"})
    counter = {"source": "SERVER", "model": "lite", "definitionVersion": 99, "learned": "mine"}
    started = {"set": 1, "exerciseId": "squat", "countedBy": counter}
    assert by_graphql(driver, "old-graphql", "startSet", started) is None
    for session_id in ("old-rest", "old-graphql"):
        logged = {"set": 1, "repetitions": 2, "atMs": 9000}
        assert by_rest(driver, session_id, "logRepetitions", logged) is None
        assert by_rest(driver, session_id, "finishSet", {"set": 1, "endMs": 20_000}) is None
    end = "2030-01-31T07:34:00Z"
    figures = {"durationMs": 1, "accuracy": 0.1, "caloriesKcal": 1e9}
    assert by_rest(driver, "old-rest", "completeSession", {"at": end}) is None
    assert by_graphql(driver, "old-graphql", "completeSession", {"at": end, **figures}) is None
    assert events_of(driver, "old-rest") == events_of(driver, "old-graphql")
