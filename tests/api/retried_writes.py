"""Every write of the API, in a scenario in which it succeeds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from tests.api.described import committed_openapi
from tests.api.people import Person, Town
from tests.live.chunks import as_json, take

EXERCISES: Final = [
    {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5, "restS": 60},
    {"exerciseId": "plank", "sets": 1, "targetHoldS": 30, "restS": 60},
    {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5, "restS": 60},
]


@dataclass(frozen=True)
class Request:
    """A write that succeeds at its place in the scenario.

    `operation` of REST, or the mutation of the same name. `keep` names what later requests need
    of the response: a field of REST, and of a mutation's payload. `embedded_only`: on several
    machines it needs Kafka and workers, which tests/live has.
    """

    operation: str
    path: dict[str, str] = field(default_factory=dict[str, str])
    body: dict[str, Any] | None = None
    keep: str | None = None
    rest_only: bool = False
    graphql_only: bool = False
    embedded_only: bool = False


def scenario(person: Person, other: Person) -> Iterator[Request]:  # noqa: PLR0915  a list
    """Yield every write once, or again where a later one needs it: an administrator's day."""
    one, run, recording = {"sessionId": "s1"}, {"executionId": "e1"}, {"recordingId": "s1"}
    yield Request("changeTrainingSettings", body={"bodyMassKg": 70.0, "healthKit": True})
    yield Request("startSession", body={"sessionId": "s1", "athleteId": person.id})
    set_one = {"set": 1, "exerciseId": "squat", "model": "blazepose-full"}
    yield Request("startSet", one, set_one)
    yield Request("overrideChecks", one, {"set": 1, "checks": ["light"], "atMs": 0})
    counted = {"set": 1, "number": 1, "startMs": 0, "endMs": 2000, "faults": ["trunk_lean"]}
    yield Request("countRepetition", one, counted, graphql_only=True)
    about = {"set": 1, "repetition": 1, "fault": "trunk_lean"}
    yield Request("giveFaultFeedback", one, {**about, "feedback": "wrong"}, graphql_only=True)
    nothing_to_undo = {"set": 1, "fault": "trunk_lean"}  # repetitions are counted by GraphQL only
    yield Request("giveFaultFeedback", one, nothing_to_undo, rest_only=True)
    yield Request("completeSet", one, {"set": 1, "startMs": 0, "endMs": 3000}, graphql_only=True)
    frames = as_json(take("s2", repetitions=1)[0])
    yield Request("startSession", body={"sessionId": "s2", "athleteId": person.id})
    yield Request("streamFrames", body=frames, rest_only=True, embedded_only=True)
    yield Request("startSession", body={"sessionId": "s3", "athleteId": person.id})
    yield Request("completeSession", {"sessionId": "s3"}, {})
    yield Request("changeSessionTags", {"sessionId": "s3"}, {"tags": ["legs"]})
    yield Request("deleteSession", {"sessionId": "s3"})
    yield Request("restoreSession", {"sessionId": "s3"})
    plan = {"workoutId": "w1", "authorId": person.id, "name": "Legs", "exercises": EXERCISES}
    yield Request("prescribeWorkout", body=plan)
    revised = {"name": "Legs, again", "exercises": EXERCISES}
    yield Request("reviseWorkout", {"workoutId": "w1"}, revised)
    yield Request("deleteWorkout", {"workoutId": "w1"})
    yield Request("restoreWorkout", {"workoutId": "w1"})
    started = {"workoutId": "w1", "sessionId": "e1", "athleteId": person.id}
    yield Request("startWorkout", body=started)
    yield Request("beginNextSet", run, {"atMs": 1000})
    yield Request("logRepetitions", run, {"set": 1, "repetitions": 5, "atMs": 20_000})
    yield Request("undoRepetition", run, {"set": 1})
    yield Request("finishSet", run, {"set": 1, "endMs": 21_000})
    yield Request("rateSet", run, {"set": 1, "rpe": 8.5})
    yield Request("startRest", run, {"atMs": 22_000})
    yield Request("endRest", run, {"atMs": 60_000})
    yield Request("beginNextSet", run, {"atMs": 61_000})
    yield Request("logDuration", run, {"set": 2, "durationMs": 30_000, "atMs": 92_000})
    yield Request("finishSet", run, {"set": 2, "endMs": 93_000})
    yield Request("skipSets", run, {"what": "set"})
    yield Request("completeWorkout", run, {})
    yield Request("confirmHealthKit", run, {"status": "synced"})
    trainer, offered = {"trainerId": person.id}, {"planId": "p1"}
    yield Request("changeTrainerProfile", trainer, {"name": "Ada", "languages": ["en"]})
    content = {
        "title": "Legs", "level": "beginner", "weeks": 1, "sessionsPerWeek": 2, "workouts": ["w1"],
        "prices": [],
    }  # fmt: skip
    yield Request("draftPlan", body={**trainer, **offered, **content})
    yield Request("revisePlan", offered, {**content, "title": "Legs, again"})
    yield Request("publishPlan", offered)
    yield Request("changePlanTrial", offered, {"days": 7})
    yield Request("createCoupon", body={"code": "LEGS-25", "basisPoints": 2500, "plans": ["p1"]})
    yield Request("endCoupon", {"couponId": "LEGS-25"})
    file = {"mediaType": "video/mp4", "bytes": 1000, "sha256": "ab" * 32}
    yield Request("requestContentUpload", body={"title": "Legs", **file}, keep="contentId")
    yield Request("cancelContentUpload", {"contentId": "{contentId}"})
    yield Request("changeContentAudience", {"contentId": "{contentId}"}, {"plans": ["p1"]})
    yield Request("replaceContentFile", {"contentId": "{contentId}"}, file)
    today = datetime.now(UTC).date()
    begins = f"{today - timedelta(days=7)}"
    chosen = {"userId": person.id, "planId": "p1", "startOn": begins}
    yield Request("enroll", body=chosen, keep="enrollmentId")
    enrollment = {"enrollmentId": "{enrollmentId}"}
    yield Request("noteEnrollmentDay", enrollment, {"today": f"{today}"})
    yield Request("cancelEnrollment", enrollment)
    yield Request("withdrawPlan", offered)
    yield Request("withdrawTrainerProfile", trainer)
    new = {"name": "Garden", "aspectRatio": 1.5, "sessionId": "s1"}
    yield Request("startRecording", body=new)
    yield Request("updateRecording", recording, {"name": "Gym"})
    yield Request("createShareLink", recording, {}, keep="id")
    yield Request("revokeShareLink", {**recording, "linkId": "{id}"})
    yield Request("completeRecording", recording, rest_only=True)
    yield Request("deleteRecording", recording)
    yield Request("restoreRecording", recording)
    purposes = {each["purpose"]: each for each in person.get("/v1/me/consents").json()["items"]}
    research = {"purpose": "research", "given": True, "version": purposes["research"]["version"]}
    yield Request("recordConsent", body=research)
    profile = {"username": "Root", "units": "metric", "timeZone": "UTC", "locale": "en"}
    own = {"userId": person.id}
    yield Request("changeProfile", own, profile)
    yield Request("changeCuePreferences", own, {"praise": False})
    yield Request("changeDisplay", own, {"theme": "dark"})
    yield Request("changeEmailPreferences", own, {"assignedWorkouts": False})
    consent = person.get("/v1/me/leaderboards").json()["consentVersion"]
    yield Request("joinLeaderboards", body={"pseudonym": "Otter", "consentVersion": consent})
    yield Request("leaveLeaderboards")
    yield Request("registerUser", body={"userId": f"new-{uuid4()}"}, graphql_only=True)
    user = {"userId": other.id}
    health = {"purpose": "health_data", "version": purposes["health_data"]["version"]}
    yield Request("recordConsent", body={**research, **health})
    source = {"source": "apple_health"}
    yield Request("connectHealthSource", source, {"metrics": ["weight"]})
    weighed = {"metric": "weight", "unit": "kg", "start": f"{today}T00:00:00Z"}
    records = [{**weighed, "id": "r1", "value": 70.0, "end": f"{today}T00:00:00Z"}]
    yield Request("syncHealthRecords", source, {"timeZone": "UTC", "records": records})
    yield Request("deleteHealthRecords", body={"metric": "weight"})
    yield Request("orderHealthSources", {"metric": "weight"}, {"sources": ["health_connect"]})
    goal = {"target": 65.0, "direction": "at_most"}
    yield Request("setHealthGoal", {"metric": "weight"}, goal)
    yield Request("removeHealthGoal", {"metric": "weight"})
    yield Request("disconnectHealthSource", source)
    yield Request("deleteHealthProfile")
    yield Request("grantRole", user, {"role": "trainer"})
    yield Request("withdrawRole", user, {"role": "trainer"})
    yield Request("suspendUser", user)
    yield Request("reactivateUser", user)
    yield Request("inviteUser", body={"email": "new@example.org", "roles": ["trainer"]})
    yield Request("changeJoinPolicy", body={"kind": "closed"})
    yield Request("changeGuidancePreferences", body={"minutes": 30})
    for change in (
        "dismissRecommendation", "restoreRecommendation", "wantMore", "stopWantingMore",
    ):  # fmt: skip
        yield Request(change, {"kind": "exercise", "itemId": "plank"})
    yield Request("requestExport")
    yield Request("requestErasure", body={}, rest_only=True)
    yield Request("cancelErasure", rest_only=True)


RENAMED: Final = {"beginNextSet": "startNextSet", "changeProfile": "replaceProfile"}
"""Operations of REST by the names of their mutations."""


def rest_writes() -> dict[str, tuple[str, str, frozenset[str]]]:
    """Return method, path and names of path parameters of each write of REST."""
    return {
        operation["operationId"]: (
            method,
            path,
            frozenset(
                each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"
            ),
        )
        for path, methods in committed_openapi()["paths"].items()
        for method, operation in methods.items()
        if method != "get" and not operation.get("deprecated")
    }


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def calling(person: Person) -> Callable[[Request, str], Any]:
    """Return a function that sends a request with an idempotency key; gives its HTTP response."""
    writes = rest_writes()

    def call(request: Request, key: str) -> Any:
        method, path, names = writes[RENAMED.get(request.operation, request.operation)]
        values = {
            snake(name): value for name, value in {**(request.body or {}), **request.path}.items()
        }
        named = path.format_map({name: values[name] for name in names})
        body = {
            name: value for name, value in (request.body or {}).items() if snake(name) not in names
        }
        sent = {} if request.body is None else {"json": body}
        return person.ask(method, named, headers={"Idempotency-Key": key}, **sent)

    return call


def people(town: Town) -> tuple[Person, Person]:
    other = town.citizen("bob@example.org")
    person = town.staff("administrator", "root@example.org")
    town.staff("administrator", "next@example.org")  # only then may the first one leave
    return person, other
