"""REST and GraphQL take the same commands and return the same data (C-53)."""

from functools import cache
from typing import Any, Final

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from tests.api.described import committed_graphql, committed_openapi
from tests.api.driver import ApiDriver
from tests.api.notation import said
from tests.api.paying import CALLBACKS, WEBHOOKS

COMMON: Final = {"commandId", "clientMutationId"}
"""Arguments of every mutation. REST has a header for the first, and does not need the second."""

RENAMED: Final = {"startNextSet": "beginNextSet", "replaceProfile": "changeProfile"}
"""REST operations whose mutation has another name."""

ONE_TRANSPORT: Final = {
    name: reason
    for reason, names in {
        "Sign-in sets cookies and is throttled by address.": (
            "register", "passwordStrength", "sendVerification", "readVerificationLink",
            "verifyEmail", "login", "token", "exchangeIdToken", "refresh", "forgotPassword",
            "resetPassword", "linkIdentity", "oauthLink", "beginHealthLink",
            "oauthPostedCallback", "logout", "logoutEverywhere", "changePassword", "endSignIn",
            "unlinkIdentity", "confirmSignIn", "addApp", "confirmApp",
            "replaceRecoveryCodes", "removeSecondFactor", "beginPasskey", "addPasskey",
            "renamePasskey", "beginPasskeyConfirmation", "confirmSignInWithPasskey",
            "beginPasskeySignIn", "signInWithPasskey",
        ),
        "Erasure is throttled by address.": ("requestErasure", "cancelErasure"),
        "Mail programs call it, without signing in: RFC 8058.": ("unsubscribe",),
        "Media and frames: files, streams and WebRTC.": (
            "analyzeVideo", "streamFrames", "streamFramesLegacy", "openDataChannel",
            "completeRecording", "importHealthFile", "uploadContentPart", "recordCustomExercise",
        ),
        "Pages report errors before anybody has signed in, too.": ("reportClientError",),
        "It changes nothing.": ("recognizeIntent", "scoreRecommendations", "recommendations"),
        "A token that is shown once, to the device that sends by REST.": ("issueUploadToken",),
        "GraphQL itself.": ("graphql",),
        "The gateway or cloud calls it, and signs what it sends.": (
            *WEBHOOKS, "receiveHealthWebhook", "receiveBucketNotification",
        ),
        "REST registers an account with a password.": ("registerUser",),
        "REST counts and completes sets by the frames that it takes.": (
            "countRepetition", "completeSet",
        ),
    }.items()
    for name in names
}  # fmt: skip
"""Commands of only one transport, each with the reason."""

SNAKE_CASE: Final = {"userId", "user_id", "feedbackPoints", "feedback_points"}
OTHER_ARGUMENTS: Final = {
    "changeCuePreferences": ({"userId"}, "The path of REST is the signed-in user, `/v1/me`."),
    "changeDisplay": ({"userId"}, "The path of REST is the signed-in user, `/v1/me`."),
    "changeEmailPreferences": ({"userId"}, "The path of REST is the signed-in user, `/v1/me`."),
    "changeProfile": ({"userId", "username", "units"}, "GraphQL keeps what is omitted."),
    "stopWorkout": (SNAKE_CASE, "Clients of the pose coach send snake_case."),
    "startSet": ({"model"}, "Old clients of GraphQL name it in `countedBy`."),
}
"""Arguments that differ, each with the reason."""

Arguments = dict[str, tuple[Any, bool]]
"""Types of arguments, and whether they are required."""

SESSION = """
query($id: ID!) { session(id: $id) {
  id: sessionId athleteId workoutId exerciseId exercises status timeZone day startedAt completedAt
  durationMs frames framesWithPose setCount repetitionCount verifiedRepetitionCount rejectedCount
  accuracy caloriesKcal
  performance { score completion form tempo rangeOfMotion }
  countedBy { source model definitionVersion learned }
  sets {
    number exerciseId status targetRepetitions loadKg rpe repetitions rejected holdMs startMs endMs
    unjudged overridden verifiedRepetitions verifiedHoldMs
    countedBy { source model definitionVersion learned }
    sourceCounts { poses model frames repetitions faults } acceptedSource
    looks { poses model frames repetitions faults } stands
  }
  tags repetitions {
    set number startMs endMs rangeOfMotionDeg symmetry form confidence faults unjudged
    judgements { fault degree probability measured bound } formError byHand
    source verified tempo { eccentricS bottomPauseS concentricS topPauseS }
  }
  rejectedRepetitions { set startMs endMs reason }
  cues { set repetition fault cue atMs }
  faultFeedback { set repetition fault feedback } recording { id }
} }"""
RECORDING = """
query($id: ID!) { recording(id: $id) {
  id name description createdAt duration frameCount imageCount userId videoFilePath status sessionId
  durationMs aspectRatio videoMediaType videoStatus videoProblem mediaRemovedAt
  frames(first: 3) { edges { node { id sessionId timestamp frameNumber poseData imagePath } } }
} }"""
EXERCISES = """{ exercises { id name version kind category muscles equipment views joints
  rangeOfMotionTargetDeg met faults { id cue } } }"""


def spelt(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def camel(snake: dict[str, Any]) -> dict[str, Any]:
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


@cache
def rest_writes() -> dict[str, Arguments]:
    """Return the arguments of each operation of REST that changes something."""
    document = committed_openapi()
    components = document["components"]["schemas"]
    return {
        RENAMED.get(operation["operationId"], operation["operationId"]): {
            **{
                spelt(each["name"]): (json_type(each["schema"], components), True)
                for each in operation.get("parameters", ())
                if each["in"] == "path"
            },
            **json_fields(body_of(operation), components),
        }
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method != "get" and not operation.get("deprecated")
    }


def body_of(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def json_fields(schema: dict[str, Any], components: dict[str, Any]) -> Arguments:
    found = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = found.get("required", ())
    return {
        name: (json_type(each, components), name in required)
        for name, each in found.get("properties", {}).items()
    }


def json_type(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return json_type(option, components)
    if "$ref" in schema:
        return json_fields(schema, components)
    if schema.get("type") == "array":
        return [json_type(schema.get("items", {}), components)]  # a landmark has prefixItems
    return schema.get("type")


@cache
def mutations() -> dict[str, Arguments]:
    """Return the arguments of each mutation, without deprecated ones."""
    document = committed_graphql()
    kind: Any = document.type_map["Mutation"]
    return {
        name: graphql_type(field.args["input"].type)
        for name, field in kind.fields.items()
        if field.deprecation_reason is None
    }


def graphql_type(kind: Any) -> Any:
    match kind:
        case GraphQLNonNull():
            return graphql_type(kind.of_type)
        case GraphQLList():
            return [graphql_type(kind.of_type)]
        case GraphQLInputObjectType():
            return {
                name: (
                    graphql_type(field.type),
                    isinstance(field.type, GraphQLNonNull) and field.ast_node.default_value is None,
                )
                for name, field in kind.fields.items()
                if field.deprecation_reason is None and name not in COMMON
            }
        case GraphQLEnumType():
            return "string"
    scalars = {"Int": "integer", "Float": "number", "Boolean": "boolean"}
    return scalars.get(kind.name, "string")


GRAPHQL_READS: Final = {
    "listUsers": "accounts", "getUser": "account",
    "getExport": "export", "listExports": "exports",
    "getHealthImport": "healthImport", "listHealthImports": "healthImports",
    "listConsents": "consents",
    "getProfile": "user", "getCuePreferences": "user", "getDisplay": "user",
    "getEmailPreferences": "user",
    "listSessions": "sessions",
    "getSession": "session",
    "getSessionTags": "session",
    "getExerciseProgress": "exerciseProgress", "getExerciseHistory": "exerciseHistory",
    "getTrainingSettings": "trainingSettings", "listAchievements": "achievements",
    "listActivities": "activities",
    "listNextAchievements": "nextAchievements",
    "listSessionAchievements": "session",
    "listWorkoutPlans": "workouts", "getWorkoutPlan": "workout",
    "listTrainers": "trainers", "getTrainer": "trainer", "listOwnPlans": "ownPlans",
    "listPlans": "plans", "getPlan": "plan", "getPlanAccess": "hasAccess",
    "listEnrollments": "enrollments", "getEnrollment": "enrollment",
    "listSubscriptions": "planSubscriptions", "getSubscription": "planSubscription",
    "listPayments": "payments", "getPayment": "payment",
    "getPaymentIntent": "paymentIntent", "listPaymentFacts": "paymentFacts",
    "listSubscriptionFacts": "subscriptionFacts", "listWebhookDeliveries": "webhookDeliveries",
    "listReconciliations": "reconciliations", "getReconciliation": "reconciliation",
    "listInvoices": "invoices", "getInvoice": "invoice",
    "getUserWorkoutSessions": "workoutSessions", "getTodayWorkoutSessions": "workoutSessions",
    "getWeekWorkoutSessions": "workoutSessions", "getMonthWorkoutSessions": "workoutSessions",
    "getUserWorkoutStats": "workoutStats", "getWorkoutFeedback": "workoutFeedback",
    "getWorkoutSessionCopies": "workoutSessionCopies", "getPoseCoachReport": "poseCoachReport",
    "listContent": "contentItems", "getContent": "contentItem", "listCoupons": "coupons",
    "getContentUpload": "contentUpload", "getContentUsage": "contentUsage", "getCoupon": "coupon",
    "listSessionComments": "sessionComments", "listOwnTrainers": "ownTrainers",
    "listPublishedContent": "publishedContent", "getPublishedContent": "publishedContentItem",
    "getContentPlayback": "contentPlayback", "getContentViews": "contentViews",
    "listAthletes": "athletes", "getAthlete": "athlete", "getContentLesson": "contentLesson",
    "listAssignments": "assignments", "listOwnAssignments": "ownAssignments",
    "listAthleteInvitations": "athleteInvitations", "getAthleteInvitation": "athleteInvitation",
    "getPlanPrice": "planPrice", "getMethodSetup": "paymentMethodSetup",
    "listHealthMetricTypes": "healthMetricTypes", "listHealthSources": "healthSources",
    "listHealthRecords": "healthRecords", "listHealthDays": "healthDays",
    "listHealthIntegrations": "healthIntegrations", "listEndedAssignments": "endedAssignments",
    "listHealthGoals": "healthGoals", "listHealthSourceOrders": "healthSourceOrders",
    "getHealthSummary": "healthSummary", "getHealthTrend": "healthTrend",
    "listHealthTraining": "healthTraining", "listGoalProposals": "healthGoalProposals",
    "previewPlanChange": "planChangePreview", "getWorkoutExecution": "execution",
    "getWorkoutSummary": "workoutSummary", "listRecordings": "recordings",
    "followSession": "sessionEvents", "coachingEvents": "sessionEvents",
    "getJob": "job", "followJob": "jobProgress", "followContent": "contentProgress",
    "followWorkoutSessions": "latestWorkoutSessions",
    "getRecordingStorage": "recordingStorage", "getRecording": "recording",
    "getRecordingFrames": "recording",
    "listShareLinks": "shareLinks", "listCustomExercises": "customExercises",
    "listExercises": "exercises", "getExercise": "exercises", "getLeaderboard": "leaderboard",
    "getMonthComparison": "monthComparison", "getLeaderboardMembership": "leaderboardMembership",
    "getTenant": "tenant", "getGuidancePreferences": "guidancePreferences",
    "listPrograms": "programs", "listProgramTemplates": "programTemplates",
    "getProgram": "program", "backTestRule": "programBackTest", "getCaptionDraft": "captionDraft",
    "getRecommendations": "recommendations", "recommend": "recommendations",
    "getSuggestion": "suggestion", "getPopulation": "population",
}  # fmt: skip
"""Queries and subscriptions of GraphQL by the operations of REST that return the same."""

REST_READS: Final = {
    name: reason
    for reason, names in {
        "Signing in is REST's: it redirects, or sets cookies.": (
            "getCurrentSession", "listSignInProviders", "identities", "oauthBegin",
            "oauthCallback", "getMe", "listSignIns", "listSecondFactors", "getPublicKeys",
            "healthLinkCallback",
        ),
        "Erasure is confirmed and followed over REST.": ("getErasure",),
        "A file, an image, a video or speech.": (
            "downloadExport", "exportSessions", "getSessionTrace", "getInvoicePdf", "listPhrases",
            "getRecordingVideo", "getRecordingImage", "exerciseDemonstration", "synthesizeSpeech",
            "getPlaybackFile", "exportPopulation",
        ),
        "Only the person concerned reads it, as a log over all transports.": ("getAccessLog",),
        "Computed, not a read model.": ("searchKnowledge", "getSessionRecognition"),
        "It prepares another transport.": ("getIceServers", "getClientSettings"),
        "Others call it, and prove it.": (*CALLBACKS, "answerHealthChallenge"),
        "A redirect to a page.": ("openUnsubscribePage",),
        "For operators.": ("getHealth", "getReadiness"),
        "GraphQL itself.": ("graphqlQuery",),
    }.items()
    for name in names
}  # fmt: skip
"""Reads of REST without a counterpart in GraphQL, each with the reason."""

GRAPHQL_ONLY: Final = {
    name: reason
    for reason, names in {
        "Global ids are GraphQL's.": ("node", "nodes"),
        "REST returns them with the events of `followSession`.": ("sessionCues",),
        "Figures over many sessions, which REST exports.": (
            "totals", "streaks", "exerciseSums", "formTrend",
        ),
    }.items()
    for name in names
}  # fmt: skip
"""Reads of GraphQL without a counterpart over REST, each with the reason."""


def rest_reads() -> set[str]:
    """Return the ids of the operations of REST that change nothing."""
    document = committed_openapi()
    return {
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method == "get" and not operation.get("deprecated")
    }


def graphql_reads() -> set[str]:
    """Return the queries and subscriptions, without deprecated ones."""
    document = committed_graphql()
    roots = (document.query_type, document.subscription_type)
    return {
        name
        for root in roots
        if root is not None
        for name, field in root.fields.items()
        if field.deprecation_reason is None
    }


def test_both_transports_offer_the_same_reads() -> None:
    """C-53: a new read has a route and a field, or a reason in REST_READS or GRAPHQL_ONLY."""
    rest, graph = rest_reads(), graphql_reads()
    assert rest - GRAPHQL_READS.keys() == REST_READS.keys()
    assert graph - set(GRAPHQL_READS.values()) == GRAPHQL_ONLY.keys()
    assert GRAPHQL_READS.keys() <= rest
    assert set(GRAPHQL_READS.values()) <= graph


def test_both_transports_offer_the_same_commands() -> None:
    """C-53: a new command has a route and a mutation, or a reason in ONE_TRANSPORT."""
    rest, graph = rest_writes().keys(), mutations().keys()
    assert rest - graph - ONE_TRANSPORT.keys() == set(), "without a mutation"
    assert graph - rest - ONE_TRANSPORT.keys() == set(), "without a route"
    assert ONE_TRANSPORT.keys() - (rest ^ graph) == set(), "listed without need"


@pytest.mark.parametrize("name", sorted(rest_writes().keys() & mutations().keys()))
def test_both_transports_take_the_same_arguments(name: str) -> None:
    """C-53."""
    other, _ = OTHER_ARGUMENTS.get(name, (set[str](), ""))
    rest, graph = rest_writes()[name], mutations()[name]
    assert {
        each for each in rest.keys() | graph.keys() if rest.get(each) != graph.get(each)
    } == other
