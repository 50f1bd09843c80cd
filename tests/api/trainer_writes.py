"""Writes of an athlete, a trainer and an administrator, in an order in which each succeeds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tests.api.assigning import SQUATS
from tests.api.exercise_examples import example
from tests.api.offers import EU
from tests.api.programs import OWN
from tests.api.published import LESSON

ADA: Final = "ada"
COACH: Final = "coach"
ADMIN: Final = "admin"
CUE: Final = "WEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\n"


@dataclass(frozen=True)
class Write:
    """A request. Its path, and texts of its body, name fields of earlier answers in braces.

    GET reads what later ones need. PAY is a payment at the simulator, whose webhook arrives.
    """

    who: str
    method: str
    path: str
    body: dict[str, Any] | None = None


def trainer_writes(now: datetime, given: dict[str, Any]) -> list[Write]:
    """Return the writes. `given`: ids of people as `ada` and `coach`, and of Ada's `session`."""
    today, version = f"{now.date()}", given["versions"]
    line = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5, "restS": 60}
    legs = {"name": "Legs", "note": "Slowly.", "exercises": [SQUATS], "dueOn": today}
    heavier = {**legs, "exercises": [{**SQUATS, "loadKg": 70}], "revision": 1}
    terms = {"title": "Legs", "level": "beginner", "weeks": 1, "sessionsPerWeek": 2,
             "workouts": ["w1"], "prices": []}  # fmt: skip
    trainer, ours = "/v1/me/trainers/{coach}", "/v1/athletes/{ada}/assignments"
    session, recording = "/v1/sessions/{session}", "/v1/recordings/{session}"
    content, health = f"/v1/content/{LESSON}", "/v1/me/health/sources/apple_health"
    subscription = "/v1/subscriptions/{subscriptionId}"
    invited = {"video": True, "assign": True, "invitationId": "{invitationId}"}
    enroll = {"userId": "{ada}", "planId": "free", "startOn": today}
    buy = {**enroll, "planId": "paid", "region": "EU", "couponCode": "LEGS-25"}
    dear = {**EU, "amountMinor": 5000}
    weighed = {"id": "r1", "metric": "weight", "unit": "kg", "start": f"{today}T00:00:00Z",
               "end": f"{today}T00:00:00Z"}  # fmt: skip
    agreed = {"purpose": "health_data", "given": True, "version": version["health_data"]}
    board = {"consentVersion": version["leaderboards"]}
    profile = {"name": "Coach", "languages": ["en"]}
    return [
        Write(COACH, "POST", "/v1/athlete-invitations"),
        Write(ADA, "PUT", trainer, invited),
        Write(COACH, "POST", "/v1/athlete-invitations"),
        Write(COACH, "DELETE", "/v1/athlete-invitations/{invitationId}"),
        Write(COACH, "POST", ours, legs),
        Write(COACH, "PUT", f"{ours}/{{assignmentId}}", heavier),
        Write(COACH, "DELETE", f"{ours}/{{assignmentId}}"),
        Write(COACH, "POST", ours, legs),
        Write(ADA, "POST", "/v1/me/assignments/{assignmentId}/start", {}),
        Write(ADA, "DELETE", "/v1/sessions/{id}"),
        Write(ADA, "POST", "/v1/sessions/{id}:restore"),
        Write(COACH, "POST", ours, legs),
        Write(ADA, "POST", "/v1/me/assignments/{assignmentId}/decline", {}),
        Write(COACH, "POST", f"{session}/comments", {"text": "Good", "set": 1, "repetition": 1}),
        Write(COACH, "DELETE", f"{session}/comments/{{commentId}}"),
        Write(ADA, "POST", f"{recording}/share-links", {}),
        Write(ADA, "DELETE", f"{recording}/share-links/{{id}}"),
        Write(ADA, "PATCH", recording, {"name": "A"}),
        Write(ADA, "PATCH", recording, {"name": "B"}),
        Write(ADA, "DELETE", recording),
        Write(ADA, "POST", f"{recording}:restore"),
        Write(ADA, "DELETE", session),
        Write(ADA, "POST", f"{session}:restore"),
        Write(ADA, "DELETE", trainer),
        Write(COACH, "POST", "/v1/athlete-invitations"),
        Write(ADA, "PUT", trainer, {**invited, "video": False}),
        Write(COACH, "POST", ours, legs),
        Write(ADA, "POST", "/v1/custom-exercises", example()),
        Write(ADA, "PUT", "/v1/custom-exercises/{exerciseId}", {"name": "Raise"}),
        Write(ADA, "PUT", "/v1/custom-exercises/{exerciseId}", {"name": "Lift"}),
        Write(ADA, "DELETE", "/v1/custom-exercises/{exerciseId}"),
        Write(ADA, "POST", "/v1/programs", OWN),
        Write(ADA, "POST", "/v1/programs/{programId}/weeks", {}),
        Write(ADA, "PUT", "/v1/programs/{programId}/rule", {"kind": "none"}),
        Write(ADA, "DELETE", "/v1/programs/{programId}"),
        Write(COACH, "PUT", "/v1/trainers/{coach}", profile),
        Write(COACH, "POST", "/v1/workout-plans",
              {"workoutId": "w1", "authorId": "{coach}", "name": "L", "exercises": [line]}),
        *(
            write
            for plan, prices in (("free", []), ("paid", [EU]), ("more", [dear]))
            for write in (
                Write(COACH, "POST", "/v1/plans",
                      {**terms, "trainerId": "{coach}", "planId": plan, "prices": prices}),
                Write(COACH, "POST", f"/v1/plans/{plan}/publish"),
            )
        ),
        Write(ADA, "POST", "/v1/enrollments", enroll),
        Write(ADA, "DELETE", "/v1/enrollments/{enrollmentId}"),
        Write(ADA, "POST", "/v1/enrollments", enroll),
        Write(ADA, "POST", "/v1/enrollments/{enrollmentId}/day", {"today": today}),
        Write(ADA, "DELETE", "/v1/enrollments/{enrollmentId}"),
        Write(COACH, "POST", "/v1/coupons",
              {"code": "LEGS-25", "basisPoints": 2500, "plans": ["paid"]}),
        Write(ADA, "POST", "/v1/enrollments", buy),
        Write(ADA, "DELETE", "/v1/enrollments/{enrollmentId}"),
        Write(ADA, "POST", "/v1/enrollments", buy),
        Write(COACH, "POST", "/v1/coupons/LEGS-25/end"),
        Write(ADA, "PAY", "pi_2"),
        Write(ADA, "POST", f"{subscription}/cancel", {}),
        Write(ADA, "POST", f"{subscription}/resume"),
        Write(ADA, "POST", f"{subscription}/pause", {"days": 10}),
        Write(ADA, "POST", f"{subscription}/resume"),
        Write(ADA, "GET", f"{subscription}/change-preview?planId=more"),
        Write(ADA, "POST", f"{subscription}/change-plan", {"planId": "more", "token": "{token}"}),
        Write(ADA, "POST", f"{subscription}/withdraw-plan-change"),
        Write(ADMIN, "POST", "/v1/payments/{paymentId}/refund", {}),
        Write(ADA, "POST", f"{subscription}/cancel", {"atOnce": True}),
        Write(COACH, "POST", "/v1/plans/paid/withdraw"),
        Write(COACH, "POST", "/v1/plans/paid/publish"),
        Write(COACH, "DELETE", "/v1/trainers/{coach}"),
        Write(COACH, "PUT", "/v1/trainers/{coach}", {**profile, "name": "Coach again"}),
        Write(COACH, "PUT", content, {"title": "T", "description": "d"}),
        Write(COACH, "PUT", f"{content}/captions", {"language": "es", "text": f"{CUE}Abajo\r\n"}),
        Write(COACH, "PUT", f"{content}/captions", {"language": "es", "text": f"{CUE}Arriba\r\n"}),
        Write(COACH, "POST", f"{content}/captions/remove", {"language": "es"}),
        Write(COACH, "POST", f"{content}/unpublish"),
        Write(COACH, "POST", f"{content}/republish"),
        Write(COACH, "PUT", f"{content}/audience", {"plans": ["free"]}),
        Write(COACH, "PUT", f"{content}/audience", {"isFree": True}),
        Write(ADA, "PUT", f"{content}/position", {"positionMs": 5000}),
        Write(ADA, "PUT", f"{content}/position", {"positionMs": 100}),
        Write(ADMIN, "POST", f"{content}/take-down", {"reason": "copyright"}),
        Write(COACH, "DELETE", content),
        Write(ADA, "PUT", "/v1/me/leaderboards", {**board, "pseudonym": "Falcon"}),
        Write(ADA, "DELETE", "/v1/me/leaderboards"),
        Write(ADA, "PUT", "/v1/me/leaderboards", {**board, "pseudonym": "Eagle"}),
        Write(ADA, "PUT", "/v1/me/consents", agreed),
        Write(ADA, "PUT", health, {"metrics": ["weight"]}),
        *(
            Write(ADA, "POST", f"{health}/records",
                  {"timeZone": "UTC", "records": [{**weighed, "value": value}]})
            for value in (70, 71)
        ),
        Write(ADA, "POST", "/v1/me/health/record-deletions", {"metric": "weight"}),
        Write(ADA, "DELETE", health),
        Write(ADA, "PUT", health, {"metrics": ["steps"]}),
        *(
            Write(ADA, "PUT", "/v1/me/health/goals/weight",
                  {"target": target, "direction": "at_most"})
            for target in (60, 65)
        ),
        Write(ADA, "DELETE", "/v1/me/health/goals/weight"),
        Write(ADA, "PUT", "/v1/me/consents", {"purpose": "health_data", "given": False}),
        Write(ADA, "PUT", "/v1/me/consents", agreed),
    ]  # fmt: skip
