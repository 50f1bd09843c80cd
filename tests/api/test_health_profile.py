"""Deletion of one's health profile over REST and GraphQL."""

from uuid import uuid4

from domain.ids import TenantId
from projections.user_health_profile import USER_HEALTH_PROFILE
from tests.api.people import Person, Town
from tests.api.pose_coach_items import SUMMARY, items, summary, uid

PROFILE = "/v1/me/health/profile"
DELETE = (
    "mutation($input: DeleteHealthProfileInput!) { deleteHealthProfile(input: $input) {"
    " __typename ... on HealthPayload { healthGoals { metric } }"
    " ... on Problem { code } } }"
)


def profiles(town: Town, *people: Person) -> list[bool]:
    read = town.platform.read
    rows = [read.get(USER_HEALTH_PROFILE, TenantId(each.tenant), each.id) for each in people]
    return [row is not None for row in rows]


def test_a_profile_is_deleted_with_its_sessions(town: Town) -> None:
    """R-TEN-16, R-TEN-03: those of the person alone; the account stays."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    for person in (ada, eve):
        assert person.post(SUMMARY, json=summary(uid(person))).status_code == 200
    done = ada.ask("DELETE", PROFILE)
    assert done.status_code == 200, done.text
    assert items(town, ada) == []
    assert len(items(town, eve)) == 1
    assert profiles(town, ada, eve) == [False, True]
    again = ada.ask("DELETE", PROFILE)
    assert (again.status_code, again.json()["code"]) == (404, "health.profile_unknown")
    assert ada.post(SUMMARY, json=summary(uid(ada))).json()["code"] == "pose_session.deleted"
    later = summary(uid(ada), timestamp="2025-10-18T14:30:00.000Z")
    assert ada.post(SUMMARY, json=later).status_code == 200
    assert len(items(town, ada)) == 1
    assert profiles(town, ada) == [True]
    graph = ada.graph(DELETE, input={"commandId": str(uuid4())})["data"]["deleteHealthProfile"]
    assert graph == {"__typename": "HealthPayload", "healthGoals": []}
    assert items(town, ada) == []
