"""Recordings and share links in GraphQL: the same commands and data as over REST."""

from typing import Any

from tests.api.driver import ApiDriver

START = """mutation($input: StartRecordingInput!) { startRecording(input: $input) {
  ... on Problem { code }
  ... on RecordingPayload { position repeated recording { id name description status } } } }"""
UPDATE = """mutation($input: UpdateRecordingInput!) { updateRecording(input: $input) {
  ... on Problem { code } ... on RecordingPayload { recording { name description } } } }"""
DELETE = """mutation($id: ID!) { deleteRecording(input: {recordingId: $id}) {
  ... on Problem { code } ... on RecordingPayload { position recording { id } } } }"""
RESTORE = """mutation($id: ID!) { restoreRecording(input: {recordingId: $id}) {
  ... on Problem { code } ... on RecordingPayload { recording { id } } } }"""
LIST = """query($first: Int, $after: String, $sort: RecordingSort!, $exercise: ID) {
  recordings(first: $first, after: $after, sort: $sort, ascending: true, exerciseId: $exercise) {
    edges { node { id name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
SHARE = """mutation($id: ID!, $command: UUID) {
  createShareLink(input: {recordingId: $id, commandId: $command, expiresInS: 3600}) {
    ... on Problem { code }
    ... on ShareLinkPayload { shareLink { id url state createdAt expiresAt revokedAt } } } }"""
REVOKE = """mutation($id: ID!, $link: ID!) {
  revokeShareLink(input: {recordingId: $id, linkId: $link}) {
    ... on Problem { code } ... on ShareLinkPayload { shareLink { id url state } } } }"""
LINKS = "query($id: ID!) { shareLinks(recordingId: $id) { id url state } }"


def command(driver: ApiDriver, document: str, **variables: Any) -> Any:
    (result,) = driver.ask(document, **variables).values()
    return result


def test_a_recording_is_started_once_renamed_deleted_and_restored(driver: ApiDriver) -> None:
    """R-API-07, C-53."""
    key = "01890a5d-ac96-774b-bcce-b302099a8057"
    start = {"name": "Monday", "aspectRatio": 1.5, "userId": "ada", "commandId": key}
    first, again = (command(driver, START, input=start) for _ in range(2))
    assert first["recording"]["status"] == "RECORDING"
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert again["recording"] == first["recording"]
    recording_id = first["recording"]["id"]
    new = {"recordingId": recording_id, "description": "Slow"}
    renamed = command(driver, UPDATE, input=new)
    assert renamed["recording"] == {"name": "Monday", "description": "Slow"}
    rest = driver.client.get(f"/v1/recordings/{recording_id}").json()
    assert (rest["name"], rest["description"]) == ("Monday", "Slow")
    assert command(driver, DELETE, id=recording_id)["recording"] is None
    assert driver.client.get(f"/v1/recordings/{recording_id}").status_code == 404
    assert command(driver, RESTORE, id=recording_id)["recording"] == {"id": recording_id}
    assert driver.client.get(f"/v1/recordings/{recording_id}").status_code == 200
    assert command(driver, DELETE, id="unknown") == {"code": "recording.unknown"}


def test_rest_and_graphql_list_the_same_recordings(driver: ApiDriver) -> None:
    """R-RPL-13, C-53: pages, order and filters."""
    for number in range(3):
        driver.train(number)
    rest = driver.client.get("/v1/recordings?first=2&sort=name&ascending=true").json()
    graph = driver.ask(LIST, first=2, sort="NAME")["recordings"]
    assert [edge["node"]["id"] for edge in graph["edges"]] == [each["id"] for each in rest["items"]]
    assert graph["pageInfo"] == rest["pageInfo"]
    end = graph["pageInfo"]["endCursor"]
    (last,) = driver.ask(LIST, first=2, after=end, sort="NAME")["recordings"]["edges"]
    assert last["node"]["name"] == "Take 2"
    assert driver.ask(LIST, sort="NAME", exercise="push_up")["recordings"]["edges"] == []
    storage = driver.client.get("/v1/recordings/storage").json()
    assert driver.ask("{ recordingStorage { recordings bytes } }")["recordingStorage"] == storage


def test_share_links_are_created_once_listed_and_revoked(driver: ApiDriver) -> None:
    """R-RPL-13, C-53."""
    recording = driver.train(1)
    key = "01890a5d-ac96-774b-bcce-b302099a8057"
    link, again = (command(driver, SHARE, id=recording, command=key)["shareLink"] for _ in range(2))
    assert again == link
    (rest,) = driver.client.get(f"/v1/recordings/{recording}/share-links").json()["items"]
    assert (rest["id"], rest["url"]) == (link["id"], link["url"])
    assert driver.client.get(f"/v1{link['url'].replace('/session_replay', '')}").status_code != 500
    revoked = command(driver, REVOKE, id=recording, link=link["id"])["shareLink"]
    assert revoked == {"id": link["id"], "url": None, "state": "REVOKED"}
    assert driver.ask(LINKS, id=recording)["shareLinks"] == [revoked]
    unknown = command(driver, REVOKE, id=recording, link="unknown")
    assert unknown["code"] == "share_link.unknown"
