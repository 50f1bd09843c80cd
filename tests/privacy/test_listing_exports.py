"""The list of a person's exports."""

from uuid import UUID

from application.platform import Platform
from domain.ids import DEFAULT_TENANT
from tests.api.people import Town


def test_exports_are_listed_newest_first_in_pages(town: Town) -> None:
    """R-PRG-06, R-TEN-12: by REST and GraphQL; those of others are not among them."""
    ada, bob = town.citizen("ada@example.org"), town.citizen("bob@example.org")
    made = [
        ada.post("/v1/me/exports", headers={"Idempotency-Key": key}).json()["id"]
        for key in ("one", "two")
    ]
    bob.post("/v1/me/exports", headers={"Idempotency-Key": "other"})
    first = ada.get("/v1/me/exports?first=1").json()
    assert [each["id"] for each in first["items"]] == made[1:]
    after = first["pageInfo"]["endCursor"]
    rest = ada.get(f"/v1/me/exports?first=1&after={after}").json()
    assert [each["id"] for each in rest["items"]] == made[:1]
    assert not rest["pageInfo"]["hasNextPage"]
    listed = ada.graph("{ exports { edges { node { id } } } }")["data"]["exports"]["edges"]
    assert [each["node"]["id"] for each in listed] == [*reversed(made)]
    assert ada.get("/v1/me/exports?after=none").status_code == 422
    assert town.client.get("/v1/me/exports").status_code == 401


def test_the_page_after_a_deleted_export_has_the_older_ones(town: Town, platform: Platform) -> None:
    """R-PRG-06: it expired while its reader turned the page."""
    ada = town.citizen("ada@example.org")
    made = [ada.post("/v1/me/exports", json={}).json()["id"] for _ in range(3)]
    after = ada.get("/v1/me/exports?first=1").json()["pageInfo"]["endCursor"]
    platform.privacy().exports.store.remove(DEFAULT_TENANT, UUID(made[2]))
    rest = ada.get("/v1/me/exports", params={"first": 1, "after": after}).json()
    assert [each["id"] for each in rest["items"]] == [made[1]]
    query = "query ($after: String) { exports(after: $after) { edges { node { id } } } }"
    listed = ada.graph(query, after=after)["data"]["exports"]["edges"]
    assert [each["node"]["id"] for each in listed] == [made[1], made[0]]
