"""Every write can be retried: a client that lost the response sends the request again.

The operations come from the OpenAPI document and the GraphQL schema. One that is new here has to be
added to `scenario`, or to the exceptions with a reason.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, get_nullable_type

from api.graphql.schema import schema
from bootstrap.settings import Settings
from tests.api.account_retries import ACCOUNT_WRITES, facts
from tests.api.people import Person, Town
from tests.api.retried_writes import RENAMED, Request, calling, people, rest_writes, scenario
from tests.api.unrepeated_writes import NOT_IN_SCENARIO

pytestmark = pytest.mark.both_compositions


def over_rest(person: Person) -> Callable[[Request, str], Any]:
    """Return a function that sends a request with an idempotency key; gives its response."""
    call = calling(person)

    def send(request: Request, key: str) -> Any:
        answer = call(request, key)
        assert answer.status_code < 400, (request.operation, answer.text)
        return answer.json() if answer.content else None

    return send


FRAGMENTS: Final = {
    "createShareLink": "... on ShareLinkPayload { shareLink { id } }",
    "enroll": "... on EnrollmentPayload { enrollment { enrollmentId } }",
    "requestContentUpload": "... on ContentPayload { contentItem { contentId } }",
    "requestExport": "... on ExportPayload { export { id } }",
}
"""Fields to select from the payload, by mutation."""


def over_graphql(person: Person) -> Callable[[Request, str], Any]:
    """Return a function that sends a mutation with a command id; gives its payload."""
    root = schema._schema.mutation_type
    assert root is not None

    def send(request: Request, key: str) -> Any:
        mutation = root.fields[request.operation]
        kind = mutation.args["input"].type
        values = {**(request.body or {}), **request.path}
        fields = get_nullable_type(kind).fields
        accepted = {name: value for name, value in values.items() if name in fields}
        document = (
            f"mutation($input: {kind}) {{ {request.operation}(input: $input) {{ __typename"
            f" ... on Problem {{ code message }} {FRAGMENTS.get(request.operation, '')} }} }}"
        )
        variables = _with_enums(kind, {**accepted, "commandId": key})
        answer = person.graph(document, input=variables)
        assert "errors" not in answer, (request.operation, answer)
        result = answer["data"][request.operation]
        assert result["__typename"] != "Problem", (request.operation, result)
        kept = (result.get(name) for name in ("shareLink", "enrollment", "contentItem"))
        return next(filter(None, kept), result)

    return send


def _with_enums(kind: Any, value: Any) -> Any:
    """Return a value of REST as GraphQL spells it."""
    match get_nullable_type(kind):
        case GraphQLInputObjectType(fields=fields) if isinstance(value, dict):
            return {name: _with_enums(fields[name].type, each) for name, each in value.items()}
        case GraphQLList(of_type=inner) if isinstance(value, list):
            return [_with_enums(inner, each) for each in value]
        case GraphQLEnumType():
            return value.upper()
        case _:
            return value


def walk(town: Town, send: Callable[[Request, str], Any], requests: Iterator[Request]) -> list[str]:
    """Send each request twice. Gives those whose retry changed the log or its response."""
    kept: dict[str, str] = {}
    wrong: list[str] = []
    for request in requests:
        path = {name: value.format_map(kept) for name, value in request.path.items()}
        ready = Request(request.operation, path, request.body)
        key = str(uuid4())
        first = send(ready, key)  # the response is lost
        log = facts(town)
        again = send(ready, key)
        if facts(town) != log:
            wrong.append(f"{request.operation} adds {facts(town)[len(log) :]}")
        before, after = _stable(first), _stable(again)
        if before != after:
            names = [name for name in after if after[name] != before.get(name)]
            wrong.append(f"{request.operation} responds with other {names}")
        if request.keep is not None:
            kept[request.keep] = again[request.keep]
    return wrong


PROGRESS: Final = {"nowMs", "repeated", "state", "size", "files", "position", "correlationId"}
"""Fields of responses that change by themselves, and the mark of a repetition."""


def _stable(view: Any) -> Any:
    """Return a response without what changes by itself."""
    if not isinstance(view, Mapping):
        return view
    return {name: value for name, value in view.items() if name not in PROGRESS}


def test_a_retry_over_rest_changes_nothing(town: Town, settings: Settings) -> None:
    """R-API-04: with the same `Idempotency-Key`, wherever the operation takes one."""
    person, other = people(town)
    is_embedded = settings.postgres_url is None
    requests = (
        each
        for each in scenario(person, other)
        if not each.graphql_only and (is_embedded or not each.embedded_only)
    )
    assert walk(town, over_rest(person), requests) == []


def test_a_retry_over_graphql_changes_nothing(town: Town) -> None:
    """R-API-04: with the same `commandId`."""
    person, other = people(town)
    requests = (each for each in scenario(person, other) if not each.rest_only)
    assert walk(town, over_graphql(person), requests) == []


def test_every_write_is_walked(town: Town) -> None:
    """R-API-04: or listed with the reason why not."""
    sent = list(scenario(*people(town)))
    rest = {RENAMED.get(each.operation, each.operation) for each in sent if not each.graphql_only}
    elsewhere = NOT_IN_SCENARIO.keys() | ACCOUNT_WRITES.keys()
    new = rest_writes().keys() - rest - elsewhere
    assert not new, f"Add {sorted(new)} to `scenario`, or to NOT_IN_SCENARIO with a reason."
    assert rest_writes().keys() - rest == elsewhere
    root = schema._schema.mutation_type
    assert root is not None
    current = {name for name, each in root.fields.items() if each.deprecation_reason is None}
    graph = {each.operation for each in sent if not each.rest_only}
    unsent = current - graph - NOT_IN_SCENARIO.keys()
    assert not unsent, f"Send {sorted(unsent)} over GraphQL in `scenario`, too."
    assert current - graph == NOT_IN_SCENARIO.keys() & current
    assert graph <= current
