"""GraphQL mutations: executed once, or rejected by rule."""

from typing import Any
from uuid import uuid4

import pytest

from domain.ids import DEFAULT_TENANT
from domain.sessions.events import SetStarted
from tests.api.driver import ApiDriver
from tests.api.mutations import COMPLETE, PROBLEM, change, refusal, session_mutation

REGISTER = f"""
mutation($input: RegisterUserInput!) {{ registerUser(input: $input) {{
  __typename {PROBLEM}
  ... on UserPayload {{
    commandId position repeated clientMutationId user {{ id userId timeZone }}
  }}
}} }}"""
CHANGE = f"""
mutation($input: ChangeProfileInput!) {{ changeProfile(input: $input) {{
  __typename {PROBLEM} ... on UserPayload {{ position user {{ timeZone locale }} }}
}} }}"""
PRESCRIBE = f"""
mutation($input: PrescribeWorkoutInput!) {{ prescribeWorkout(input: $input) {{
  __typename {PROBLEM}
  ... on WorkoutPayload {{ workout {{ id workoutId name exercises {{ exerciseId sets restS }} }} }}
}} }}"""
REVISE = f"""
mutation($input: ReviseWorkoutInput!) {{ reviseWorkout(input: $input) {{
  __typename {PROBLEM} ... on WorkoutPayload {{ workout {{ name revisedAt }} }}
}} }}"""
SQUATS = {"exerciseId": "squat", "sets": 3, "targetRepetitions": 8}


START = session_mutation("startSession", "StartSessionInput")
START_SET = session_mutation("startSet", "StartSetInput")
COUNT = session_mutation("countRepetition", "CountRepetitionInput")
COMPLETE_SET = session_mutation("completeSet", "CompleteSetInput")
DEVICE = {"source": "DEVICE", "model": "blazepose-full", "definitionVersion": 1}


def test_each_change_of_an_operation_tells_the_parts_it_came_to(driver: ApiDriver) -> None:
    """R-API-07: also objects that an earlier mutation has loaded."""
    change(driver, START, sessionId="s1", athleteId="ada")
    both = """
    mutation($one: StartSetInput!, $two: CompleteSetInput!) {
      one: startSet(input: $one) { ... on SessionPayload { session { sets { status } } } }
      two: completeSet(input: $two) { ... on SessionPayload { session { sets { status } } } }
    }"""
    begun = {"sessionId": "s1", "set": 1, "exerciseId": "squat", "countedBy": DEVICE}
    over = {"sessionId": "s1", "set": 1, "startMs": 0, "endMs": 6000}
    view = driver.ask(both, one=begun, two=over)
    assert [view[name]["session"]["sets"] for name in ("one", "two")] == [
        [{"status": "UNDERWAY"}], [{"status": "COMPLETED"}],
    ]  # fmt: skip


def test_a_session_is_trained_over_the_api(driver: ApiDriver) -> None:
    """R-API-07, C-53."""
    started = change(driver, START, athleteId="ada", at="2030-01-31T07:30:00+01:00")
    session = started["session"]
    assert (session["status"], session["repetitionCount"]) == ("UNDERWAY", 0)
    assert session["startedAt"] == "2030-01-31T06:30:00+00:00"
    key = session["sessionId"]
    change(driver, START_SET, sessionId=key, set=1, exerciseId="squat", countedBy=DEVICE)
    tempo = {"eccentricS": 1.5, "bottomPauseS": 0, "concentricS": 1.25, "topPauseS": 0}
    counted = {"sessionId": session["id"], "set": 1, "startMs": 0, "endMs": 3000, "tempo": tempo}
    change(driver, COUNT, number=1, **counted)
    change(driver, COUNT, number=2, **counted)
    change(driver, COMPLETE_SET, sessionId=key, set=1, startMs=0, endMs=6000)
    done = change(driver, COMPLETE, sessionId=key, durationMs=6000, accuracy=0.5)
    assert done["position"] == driver.platform.log.head()
    assert done["session"]["status"] == "COMPLETED"
    assert done["session"]["repetitionCount"] == 2
    assert done["session"]["sets"] == [
        {
            "number": 1,
            "status": "COMPLETED",
            "repetitions": 2,
            "countedBy": {"source": "DEVICE"},
        }
    ]
    assert done["session"]["repetitions"][1] == {"number": 2, "tempo": {"eccentricS": 1.5}}


@pytest.mark.parametrize(
    "named", [{"model": "blazepose"}, {"countedBy": DEVICE | {"source": "SERVER"}}]
)
def test_a_client_that_names_our_counter_has_not_counted_by_it(
    driver: ApiDriver, named: dict[str, Any]
) -> None:
    """C-49: neither old clients nor those that name no source; the log says that it is a claim."""
    key = change(driver, START, athleteId="ada")["session"]["sessionId"]
    change(driver, START_SET, sessionId=key, set=1, exerciseId="squat", **named)
    claimed = change(driver, COUNT, sessionId=key, set=1, number=1, startMs=0, endMs=3000)
    (shown,) = claimed["session"]["sets"]
    assert shown["countedBy"] == {"source": "DEVICE"}
    change(driver, COMPLETE_SET, sessionId=key, set=1, startMs=0, endMs=6000)
    change(driver, COMPLETE, sessionId=key)
    ((source, verified),) = [
        (each["countedBy"]["source"], each["verifiedRepetitionCount"])
        for each in driver.client.get("/v1/sessions").json()["items"]
    ]
    assert (source, verified) == ("device", 0)
    stored = [each.event for each in driver.platform.log.load(DEFAULT_TENANT, f"session-{key}")]
    (started,) = [each for each in stored if isinstance(each, SetStarted)]
    assert started.claimed


def test_the_same_id_in_two_tenants_is_two_sessions(driver: ApiDriver) -> None:
    for tenant in ("default", "gym"):
        driver.ask(START, tenant=tenant, input={"athleteId": "ada", "sessionId": "first"})
    sent = {"sessionId": "first", "set": 1, "exerciseId": "squat", "countedBy": DEVICE}
    change(driver, START_SET, **sent)
    sets = '{ session(id: "first") { sets { number } } }'
    assert driver.ask(sets)["session"]["sets"] == [{"number": 1}]
    assert driver.ask(sets, tenant="gym")["session"]["sets"] == []


def test_a_command_sent_again_is_carried_out_once(driver: ApiDriver) -> None:
    """R-API-04: over GraphQL, by `commandId`."""
    command_id = str(uuid4())
    first = change(driver, REGISTER, commandId=command_id, clientMutationId="one")
    again = change(driver, REGISTER, commandId=command_id, clientMutationId="two")
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["user"] == again["user"]
    assert first["position"] == again["position"] == driver.platform.log.head()
    assert (first["clientMutationId"], again["clientMutationId"]) == ("one", "two")
    assert again["commandId"] == command_id


def test_a_command_id_is_bound_to_the_mutation_and_its_arguments(driver: ApiDriver) -> None:
    """R-API-04: a client that uses one twice learns that its second command was not executed."""
    command_id = str(uuid4())
    change(driver, REGISTER, userId="ada", commandId=command_id)
    other = change(driver, REGISTER, userId="bob", commandId=command_id)
    assert (other["code"], other["kind"]) == ("idempotency.payload_differs", "INVALID")
    assert change(driver, REGISTER, userId="ada", commandId=command_id)["repeated"]
    started = change(driver, START, athleteId="ada", commandId=command_id)
    assert started["code"] == "idempotency.payload_differs"


def test_repeating_a_command_with_a_new_id_is_rejected_by_rule(driver: ApiDriver) -> None:
    change(driver, REGISTER, userId="ada")
    result = change(driver, REGISTER, userId="ada", clientMutationId="mine")
    assert (result["code"], result["kind"]) == ("user.already_registered", "CONFLICT")
    assert result["message"] == "This user is already registered."
    assert result["clientMutationId"] == "mine"


def test_a_profile_is_changed(driver: ApiDriver) -> None:
    user = change(driver, REGISTER, userId="ada", timeZone="Europe/London")["user"]
    changed = change(driver, CHANGE, userId=user["id"], timeZone="Asia/Tokyo", locale="ja")
    assert changed["user"] == {"timeZone": "Asia/Tokyo", "locale": "ja"}
    found = driver.ask('{ user(id: "ada") { timeZone } }')["user"]
    assert found == {"timeZone": "Asia/Tokyo"}


def test_a_workout_is_prescribed_and_revised(driver: ApiDriver) -> None:
    written = change(driver, PRESCRIBE, authorId="coach", name="Legs", exercises=[SQUATS])
    workout = written["workout"]
    assert workout["exercises"] == [{"exerciseId": "squat", "sets": 3, "restS": 60}]
    revised = change(
        driver, REVISE, workoutId=workout["id"], name="Legs, heavier", exercises=[SQUATS]
    )
    assert revised["workout"]["name"] == "Legs, heavier"
    assert revised["workout"]["revisedAt"]
    listed = driver.ask('{ workouts(authorId: "coach") { edges { node { name } } } }')["workouts"]
    assert listed["edges"] == [{"node": {"name": "Legs, heavier"}}]
    found = driver.ask(
        "query($id: ID!) { node(id: $id) { ... on Workout { workoutId } } }", id=workout["id"]
    )
    assert found["node"]["workoutId"] == workout["workoutId"]


@pytest.mark.parametrize(
    ("document", "sent", "code", "kind"),
    [
        (START, {"athleteId": " "}, "id.invalid", "INVALID"),
        (START, {"athleteId": "a/b"}, "id.invalid", "INVALID"),
        (START, {"athleteId": "ada", "sessionId": "a/b"}, "id.invalid", "INVALID"),
        (START, {"athleteId": "ada", "timeZone": "Mars"}, "value.invalid", "INVALID"),
        (
            START,
            {"athleteId": "ada", "at": "2030-01-31T07:30:00"},
            "value.time_without_zone",
            "INVALID",
        ),
        (
            START,
            {"athleteId": "ada", "at": "0001-01-01T00:00:00+14:00"},
            "value.invalid",
            "INVALID",
        ),
        (
            START,
            {"athleteId": "ada", "at": "9999-12-31T23:59:59-12:00"},
            "value.invalid",
            "INVALID",
        ),
        (
            START_SET,
            {"sessionId": "none", "set": 1, "exerciseId": "squat", "countedBy": DEVICE},
            "session.not_underway",
            "CONFLICT",
        ),
        (
            START_SET,
            {"sessionId": "none", "set": 1, "exerciseId": "levitation", "countedBy": DEVICE},
            "motion.unknown_exercise",
            "NOT_FOUND",
        ),
        (
            COUNT,
            {"sessionId": "none", "set": 1, "number": 1, "startMs": 9, "endMs": 1},
            "value.invalid",
            "INVALID",
        ),
        (
            CHANGE,
            {"userId": "none", "timeZone": "UTC", "locale": "en"},
            "user.unknown",
            "NOT_FOUND",
        ),
        (
            PRESCRIBE,
            {"authorId": "coach", "name": "", "exercises": [SQUATS]},
            "workout.empty",
            "INVALID",
        ),
        (
            REVISE,
            {"workoutId": "none", "name": "Legs", "exercises": [SQUATS]},
            "workout.unknown",
            "NOT_FOUND",
        ),
    ],
)
def test_rejections_are_returned_as_problems(
    driver: ApiDriver, document: str, sent: dict[str, Any], code: str, kind: str
) -> None:
    assert refusal(driver, document, **sent) == (code, kind)
    assert driver.platform.log.head() == 0


def test_a_refusal_can_be_found_in_the_log(driver: ApiDriver) -> None:
    identity = str(uuid4())
    answer = driver.client.post(
        "/graphql",
        json={"query": START, "variables": {"input": {"athleteId": " "}}},
        headers={"Request-ID": identity},
    )
    assert answer.json()["data"]["startSession"]["correlationId"] == identity


def test_events_carry_actor_and_correlation_id(driver: ApiDriver) -> None:
    identity = uuid4()
    driver.client.post(
        "/graphql",
        json={"query": START, "variables": {"input": {"athleteId": "ada"}}},
        headers={"Request-ID": str(identity), "X-Tenant-ID": "gym"},
    )
    (recorded,) = driver.platform.log.scan(after=0, limit=2)
    origin = recorded.origin
    assert (origin.tenant_id, origin.actor, origin.correlation_id) == ("gym", "ada", identity)
