"""Settings, exports, jobs and accounts in GraphQL, as over REST, for users who sign in."""

import json
from typing import Any

from tests.api.people import Person, Town
from tests.api.stage import video_content

KEY = "01890a5d-ac96-774b-bcce-b302099a8057"

CHANGE = """mutation($input: ChangeTrainingSettingsInput!) {
  changeTrainingSettings(input: $input) {
    ... on Problem { code }
    ... on TrainingSettingsPayload { repeated trainingSettings { bodyMassKg healthKit } } } }"""
SETTINGS = "{ trainingSettings { bodyMassKg healthKit } }"
EXPORT = """mutation($key: UUID!) { requestExport(input: {commandId: $key}) {
  ... on Problem { code } ... on ExportPayload { export { id } } } }"""
STATE = "query($id: UUID!) { export(exportId: $id) { id state files size archiveUrl } }"
JOB = """query($id: UUID!) { job(jobId: $id) {
  id state progress revision name exercise sessionId problem { code detail } } }"""
PROGRESS = "subscription($id: UUID!, $after: Int!) { jobProgress(jobId: $id, after: $after) {"
PROGRESS += " revision state progress } }"


def test_training_settings_are_those_of_rest(town: Town) -> None:
    """C-53: changed once by a command id, and read on both transports."""
    ada = town.citizen()
    new = {"bodyMassKg": 61.5, "healthKit": True}
    first, again = (
        ada.graph(CHANGE, input={**new, "commandId": KEY})["data"]["changeTrainingSettings"]
        for _ in range(2)
    )
    assert first == {"repeated": False, "trainingSettings": new}
    assert again == {"repeated": True, "trainingSettings": new}
    assert ada.get("/v1/me/training-settings").json() == new
    assert ada.graph(SETTINGS)["data"]["trainingSettings"] == new
    heavy = ada.graph(CHANGE, input={"bodyMassKg": 10_000})["data"]["changeTrainingSettings"]
    assert heavy == {"code": "value.invalid"}


def test_an_export_is_made_once_and_never_another_users(town: Town) -> None:
    """R-API-04, C-53: the same command id of two users gives two exports."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")

    def request(person: Person) -> str:
        return str(person.graph(EXPORT, key=KEY)["data"]["requestExport"]["export"]["id"])

    export = request(ada)
    assert (request(ada), request(eve)) == (export, request(eve))
    assert request(eve) != export
    view = ada.graph(STATE, id=export)["data"]["export"]
    while view["state"] != "READY":
        view = ada.graph(STATE, id=export)["data"]["export"]
    assert ada.get(view["archiveUrl"]).status_code == 200
    assert ada.get(f"/v1/me/exports/{export}").json()["files"] == view["files"]
    (refusal,) = eve.graph(STATE, id=export)["errors"]
    assert refusal["extensions"]["code"] == "export.unknown"


def changes(person: Person, job: str, after: int = 0) -> list[Any]:
    """Follow a job by server-sent events until it is over."""
    body = {"query": PROGRESS, "variables": {"id": job, "after": after}}
    answer = person.post("/graphql", json=body, headers={"Accept": "text/event-stream"})
    data = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
    return [json.loads(each) for each in data]


def test_a_job_is_followed_to_its_end_by_its_owner_only(town: Town) -> None:
    """R-API-07, R-TEN-03: its progress is a subscription that resumes after a revision."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    ada.agrees("images_leave_device")
    files = {"video": ("morning.mp4", video_content(), "video/mp4")}
    job = ada.post("/v1/sessions:analyze", files=files).json()["id"]
    seen = [each["data"]["jobProgress"] for each in changes(ada, job)]
    assert seen[-1]["state"] == "SUCCEEDED"
    revisions = [each["revision"] for each in seen]
    assert revisions == sorted(set(revisions))
    assert changes(ada, job, after=revisions[-1]) == []
    view = ada.graph(JOB, id=job)["data"]["job"]
    rest = ada.get(f"/v1/jobs/{job}").json()
    assert {**rest, "state": rest["state"].upper()} == {**view, "createdAt": rest["createdAt"]}
    (refusal,) = eve.graph(JOB, id=job)["errors"]
    assert refusal["extensions"]["code"] == "job.unknown"
    (refused,) = changes(eve, job)
    assert refused["errors"][0]["extensions"]["code"] == "job.unknown"


GRANT = """mutation($id: ID!, $role: RoleInputRole!) {
  grantRole(input: {userId: $id, role: $role}) {
    ... on Problem { code } ... on AccountPayload { userId } } }"""
WITHDRAW = GRANT.replace("grantRole", "withdrawRole")
SUSPEND = """mutation($id: ID!) { suspendUser(input: {userId: $id}) {
  ... on Problem { code } ... on AccountPayload { userId } } }"""
REACTIVATE = SUSPEND.replace("suspendUser", "reactivateUser")
INVITE = """mutation($key: UUID!) { inviteUser(input: {
  commandId: $key, email: "new@example.org", roles: [TRAINER]}) {
    ... on Problem { code } ... on AccountPayload { userId } } }"""
ACCOUNT = "userId email username roles emailVerified hasPassword providers secondFactors"
ACCOUNT += " suspended registeredAt"
ACCOUNTS = f"{{ accounts(first: 10) {{ edges {{ node {{ {ACCOUNT} }} }} }} }}"


def test_administrators_manage_accounts_as_over_rest(town: Town) -> None:
    """R-TEN-06, C-53."""
    root, ada = town.staff("administrator", "root@example.org"), town.citizen()
    assert root.graph(GRANT, id=ada.id, role="TRAINER")["data"]["grantRole"] == {"userId": ada.id}
    assert root.get(f"/v1/users/{ada.id}").json()["roles"] == ["member", "trainer"]
    nodes = [each["node"] for each in root.graph(ACCOUNTS)["data"]["accounts"]["edges"]]
    graph = {each.pop("userId"): each for each in nodes}
    rest = {each.pop("id"): each for each in root.get("/v1/users?first=10").json()["items"]}
    for accounts in (graph, rest):
        for account in accounts.values():
            account["registeredAt"] = account["registeredAt"].replace("+00:00", "Z")
    assert graph == rest
    assert "errors" not in root.graph(WITHDRAW, id=ada.id, role="TRAINER")
    assert root.get(f"/v1/users/{ada.id}").json()["roles"] == ["member"]
    assert root.graph(SUSPEND, id=ada.id)["data"]["suspendUser"] == {"userId": ada.id}
    assert ada.get("/v1/me/profile").status_code == 401
    assert root.graph(REACTIVATE, id=ada.id)["data"]["reactivateUser"] == {"userId": ada.id}


def test_an_invitation_makes_one_account(town: Town) -> None:
    """R-API-04, R-TEN-06: however often it is retried with its command id."""
    root = town.staff("administrator", "root@example.org")
    first, again = (root.graph(INVITE, key=KEY)["data"]["inviteUser"] for _ in range(2))
    assert first == again
    assert len(town.emails("new@example.org")) == 1
    assert root.get(f"/v1/users/{first['userId']}").json()["roles"] == ["member", "trainer"]


def test_members_do_not_manage_accounts(town: Town) -> None:
    """R-TEN-06, R-TEN-03."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    forbidden = {"code": "authorization.not_allowed"}
    assert eve.graph(GRANT, id=eve.id, role="ADMINISTRATOR")["data"]["grantRole"] == forbidden
    assert eve.graph(SUSPEND, id=ada.id)["data"]["suspendUser"] == forbidden
    assert eve.graph(INVITE, key=KEY)["data"]["inviteUser"] == forbidden
    for document in (ACCOUNTS, f'{{ account(userId: "{ada.id}") {{ email }} }}'):
        (refusal,) = eve.graph(document)["errors"]
        assert refusal["extensions"]["code"] == "authorization.not_allowed"


TWO = """mutation($id: ID!) {
  first: startSession(input: {athleteId: $id}) {
    ... on SessionPayload { repeated session { sessionId } } }
  second: startSession(input: {athleteId: $id}) {
    ... on SessionPayload { repeated session { sessionId } } } }"""


def test_an_idempotency_key_applies_to_each_mutation_of_a_document(town: Town) -> None:
    """R-API-04: a retry returns the first results, and another document is refused."""
    ada = town.citizen()
    body = {"query": TWO, "variables": {"id": ada.id}}
    key = {"Idempotency-Key": "monday"}
    first, again = (ada.post("/graphql", json=body, headers=key).json() for _ in range(2))
    sessions = [each["session"]["sessionId"] for each in first["data"].values()]
    assert len(set(sessions)) == 2
    assert [each["session"]["sessionId"] for each in again["data"].values()] == sessions
    assert [each["repeated"] for each in again["data"].values()] == [True, True]
    other = ada.post("/graphql", json={"query": "{ __typename }"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.payload_differs")
