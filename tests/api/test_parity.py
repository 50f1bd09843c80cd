"""REST and GraphQL return the same data (C-53)."""

from datetime import datetime
from typing import Any

from tests.api.driver import ApiDriver

SESSION = """
query($id: ID!) { session(id: $id) {
  id: sessionId athleteId workoutId exerciseId exercises status timeZone day startedAt completedAt
  durationMs frames framesWithPose setCount repetitionCount rejectedCount accuracy caloriesKcal
  performance { score completion form tempo rangeOfMotion }
  countedBy { source model definitionVersion learned }
  sets {
    number exerciseId status targetRepetitions loadKg repetitions rejected holdMs startMs endMs
    unjudged overridden countedBy { source model definitionVersion learned }
    looks { poses model frames repetitions faults } stands
  }
  tags
  repetitions {
    set number startMs endMs rangeOfMotionDeg symmetry form confidence faults unjudged byHand
    tempo { eccentricS bottomPauseS concentricS topPauseS }
  }
  rejectedRepetitions { set startMs endMs reason }
  cues { set repetition fault cue atMs }
  recording { id }
} }"""
RECORDING = """
query($id: ID!) { recording(id: $id) {
  id name description createdAt duration frameCount imageCount userId videoFilePath status sessionId
  durationMs aspectRatio videoMediaType
  frames(first: 3) { edges { node { id sessionId timestamp frameNumber poseData imagePath } } }
} }"""
EXERCISES = """
{ exercises { id name version kind views joints rangeOfMotionTargetDeg met faults { id cue } } }"""
TIMES = {"startedAt", "completedAt", "createdAt"}


def said(view: Any) -> Any:
    """The same in one spelling: GraphQL's enums are upper case, and times have two notations."""
    match view:
        case dict():
            return {
                name: datetime.fromisoformat(value) if name in TIMES and value else said(value)
                for name, value in view.items()
            }
        case list():
            return [said(each) for each in view]
        case str():
            return view.lower()
        case _:
            return view


def camel(snake: dict[str, Any]) -> dict[str, Any]:
    def spelt(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(word.title() for word in others)

    return {spelt(name): value for name, value in snake.items()}


def test_rest_and_graphql_return_the_same_session(driver: ApiDriver) -> None:
    """C-53."""
    for key in (driver.train(1), driver.analyzed()):
        rest = driver.client.get(f"/v1/sessions/{key}").json()
        graph = driver.ask(SESSION, id=key)["session"]
        recording = graph.pop("recording")
        assert rest.pop("recordingId") == recording["id"]
        assert said(rest) == said(graph)


def test_rest_and_graphql_return_the_same_list_of_sessions(driver: ApiDriver) -> None:
    """C-53."""
    for number in range(3):
        driver.train(number)
    rest = driver.client.get("/v1/sessions?first=2").json()
    graph = driver.ask(
        "{ sessions(first: 2) { edges { node { sessionId } } "
        "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    )["sessions"]
    assert [session["id"] for session in rest["items"]] == [
        edge["node"]["sessionId"] for edge in graph["edges"]
    ]
    assert rest["pageInfo"] == graph["pageInfo"]


def test_rest_and_graphql_return_the_same_recording(driver: ApiDriver) -> None:
    """C-53, C-18: REST keeps the literal names."""
    key = driver.analyzed()
    rest = driver.client.get(f"/v1/recordings/{key}").json()
    graph = driver.ask(RECORDING, id=key)["recording"]
    edges = graph.pop("frames")["edges"]
    assert said(camel(rest)) == said(graph)
    frames = driver.client.get(f"/v1/recordings/{key}/frames?first=3").json()["items"]
    view = [{**edge["node"], "id": int(edge["node"]["id"])} for edge in edges]
    assert [camel(frame) for frame in frames] == view


def test_rest_and_graphql_return_the_same_exercises(driver: ApiDriver) -> None:
    """C-53."""
    rest = driver.client.get("/v1/exercises").json()
    assert said(rest) == said(driver.ask(EXERCISES)["exercises"])
