"""Workout executions over GraphQL return the same as over REST (C-53)."""

from typing import Any

import pytest

from tests.api.driver import ApiDriver
from tests.api.notation import said
from tests.api.workouts import WorkoutDriver, prescribe

SET = """
  number line exerciseId status source targetRepetitions targetHoldS loadKg rpe repetitions rejected
  heldMs startMs endMs countedBy { source model definitionVersion learned }
  movements { number accepted byHand startMs endMs form faults reason }
  sourceCounts { poses model frames repetitions faults } acceptedSource
  looks { poses model frames repetitions faults } stands"""
EXECUTION = f"""
  id: executionId workoutId athleteId status startedAt timeZone
  lines {{
    line exerciseId sets targetRepetitions targetHoldS restS loadKg targetRpe performed skipped
    over
  }}
  sets {{ {SET} }}
  rest {{ afterSet plannedS startedMs }}
  next {{ set line round exerciseId targetRepetitions targetHoldS restS targetRpe }}
  healthKit {{ status reason }}"""
RECORD = "{ best sessionId at }"
PROGRESS = f"""
  athleteId exerciseId sessions lastSessionId lastAt
  lastSets {{ set repetitions heldMs loadKg form }}
  mostRepetitions {RECORD} heaviestKg {RECORD} longestHoldMs {RECORD} bestForm {RECORD}
  mostVerifiedRepetitions {RECORD} heaviestVerifiedKg {RECORD} longestVerifiedHoldMs {RECORD}"""
SUMMARY = f"""
  id: executionId workoutId athleteId startedAt completedAt durationMs
  setCount repetitionCount verifiedRepetitionCount rejectedCount skippedCount
  calories {{
    kcal bodyMass bodyMassKg formula exercises {{ exerciseId seconds met source }}
  }}
  accuracy performance {{ score completion form tempo rangeOfMotion }}
  points {{ completion form tempo rangeOfMotion }}
  sets {{ {SET} }}
  feedbackDetails {{ set repetition fault cue atMs }} feedbackPoints
  progress {{ {PROGRESS} }}
  healthConnect {{
    clientRecordId exerciseType start end timeZone energyKcal left
    segments {{ segmentType start end repetitions }} }}
  healthKit {{
    status reason workout {{ activityType start end energyKcal metadata }}
  }}"""


class Graph:
    """An execution over GraphQL."""

    def __init__(self, driver: ApiDriver) -> None:
        self.driver = driver

    def ask(self, name: str, fields: str, payload: str = "ExecutionPayload", view: str = "") -> Any:
        shown = view or f"execution {{ {EXECUTION} }}"
        document = f"""mutation {{ {name}(input: {{ {fields} }}) {{ __typename
          ... on {payload} {{ position repeated {shown} }}
          ... on Problem {{ code }} }} }}"""
        return self.driver.ask(document)[name]

    def change(self, name: str, fields: str) -> Any:
        answer = self.ask(name, f'executionId: "e1", {fields}')
        assert answer["__typename"] == "ExecutionPayload", answer
        return answer["execution"]


@pytest.fixture
def graph(driver: ApiDriver) -> Graph:
    prescribe(driver)
    return Graph(driver)


def test_a_whole_workout_goes_through_graphql_and_rest_tells_the_same(graph: Graph) -> None:
    """R-WKT-01, R-WKT-03, R-WKT-04, C-53"""
    begun = graph.ask(
        "startWorkout",
        'workoutId: "legs", executionId: "e1", athleteId: "ada", at: "2030-01-31T07:30:00Z",'
        ' timeZone: "Europe/Berlin"',
    )
    first = begun["execution"]["next"]
    assert (first["exerciseId"], first["targetRpe"]) == ("squat", 8.5)
    graph.change("beginNextSet", "atMs: 1000, loadKg: 20")
    graph.change("logRepetitions", "set: 1, repetitions: 8, atMs: 40000")
    assert graph.change("undoRepetition", "set: 1")["sets"][0]["repetitions"] == 7
    again = graph.change("overruleRepetition", "set: 1, number: 8, accepted: true")
    assert again["sets"][0]["repetitions"] == 8
    graph.change("finishSet", "set: 1, endMs: 41000")
    assert graph.change("startRest", "atMs: 41500")["rest"]["plannedS"] == 90
    assert graph.change("endRest", "atMs: 60000")["rest"] is None
    assert graph.change("skipSets", "what: EXERCISE")["next"]["exerciseId"] == "plank"
    graph.change("beginNextSet", "atMs: 100000")
    graph.change("logDuration", "set: 2, durationMs: 30000, atMs: 131000")
    last = graph.change("finishSet", "set: 2, endMs: 131000")
    rest = WorkoutDriver(graph.driver).read()
    assert said(rest) == said(last)
    queried = graph.driver.ask(f'{{ execution(executionId: "e1") {{ {EXECUTION} }} }}')
    assert queried["execution"] == last

    done = graph.ask(
        "completeWorkout",
        'executionId: "e1", at: "2030-01-31T07:34:00Z"',
        "WorkoutCompletedPayload",
        f"summary {{ {SUMMARY} }}",
    )
    summary = graph.driver.client.get("/v1/workouts/e1/summary").json()
    assert said(done["summary"]) == said(summary)
    sent = graph.driver.ask(f'{{ workoutSummary(executionId: "e1") {{ {SUMMARY} }} }}')
    assert sent["workoutSummary"] == done["summary"]
    progress = graph.driver.ask(
        f"""query($after: Position!) {{ exerciseProgress(
          athleteId: "ada", exerciseIds: ["squat", "plank"], consistency: {{after: $after}}
        ) {{ {PROGRESS} }} }}""",
        after=done["position"],
    )["exerciseProgress"]
    assert progress == done["summary"]["progress"]


def test_rejections_carry_their_code(graph: Graph) -> None:
    """R-HLT-11"""
    graph.ask("startWorkout", 'workoutId: "legs", executionId: "e1", athleteId: "ada"')
    early = graph.ask(
        "confirmHealthKit", 'executionId: "e1", status: SYNCED', "HealthKitPayload", "executionId"
    )
    assert early["code"] == "healthkit.too_early"
    nothing = graph.ask("logRepetitions", 'executionId: "e1", set: 1')
    assert nothing["code"] == "session.no_set_underway"
    unknown = graph.ask("beginNextSet", 'executionId: "e9"')
    assert unknown["code"] == "session.unknown"


def test_the_same_command_is_carried_out_once(graph: Graph) -> None:
    graph.ask("startWorkout", 'workoutId: "legs", executionId: "e1", athleteId: "ada"')
    graph.change("beginNextSet", "atMs: 0")
    new_value = 'commandId: "0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c99", set: 1, repetitions: 2'
    assert graph.change("logRepetitions", new_value)["sets"][0]["repetitions"] == 2
    assert graph.change("logRepetitions", new_value)["sets"][0]["repetitions"] == 2


def test_a_workout_of_long_ago_can_still_be_looked_at(graph: Graph) -> None:
    """Its age in milliseconds exceeds 32 bits; times within a session do not."""
    begun = graph.ask(
        "startWorkout", 'workoutId: "legs", executionId: "e1", at: "2020-01-31T07:30:00Z"'
    )
    assert begun["__typename"] == "ExecutionPayload", begun
    view = graph.driver.ask('{ execution(executionId: "e1") { nowMs } }')["execution"]
    assert view["nowMs"] == WorkoutDriver(graph.driver).read()["nowMs"] == 86_400_000


def test_unknown_fields_are_rejected(graph: Graph) -> None:
    """Too many exercises in one query are rejected, as over REST."""
    named = ["squat"] * 51
    many = """query($ids: [ID!]!) { exerciseProgress(athleteId: "ada", exerciseIds: $ids) {
      exerciseId } }"""
    view = graph.driver.answer(many, ids=named)
    assert view["errors"][0]["extensions"]["code"] == "value.invalid"
    rest = graph.driver.client.get("/v1/exercise-progress", params={"exercise": named})
    assert rest.status_code == 422
