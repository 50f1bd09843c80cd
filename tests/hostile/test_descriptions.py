"""Fuzzing: every operation responds as its OpenAPI description says, without server errors.

FUZZ=200 sends that many requests of each kind instead of a few: `FUZZ=200 pytest
tests/hostile`.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.walking import ENDLESS
from tests.hostile.conftest import WAYS, Besieged

pytestmark = pytest.mark.slow

EXAMPLES: Final = int(os.environ.get("FUZZ", "2"))
CHECKS: Final[list[CheckFunction]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DESCRIBED: Final = json.loads((Path(__file__).parents[2] / "api" / "openapi.json").read_text())
FOUND: Final[Any] = schemathesis.openapi.from_dict(DESCRIBED).get_all_operations()
OPERATIONS: Final[dict[str, Any]] = {
    each.ok().label: each.ok()
    for each in FOUND
    if each.ok().definition.raw["operationId"] not in ENDLESS
}

UNREADY: Final = {"read_model.stale", "auth.busy", "auth.provider_unavailable"}
"""Codes of 503 that a caller can provoke, and that say when to retry."""

few = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def is_challenge(answer: Any) -> bool:
    """Return whether a 503 answers a request such as `After-Position` and is no defect."""
    return answer.status_code == 503 and answer.json().get("code") in UNREADY


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_answers_as_it_is_described(besieged: Besieged, label: str) -> None:
    """R-API-02, R-API-03: to anonymous callers, members and administrators."""
    callers = [besieged.headers(way) for way in WAYS]

    @few
    @given(case=OPERATIONS[label].as_strategy())
    def is_as_described(case: Any) -> None:
        for headers in callers:
            answer = case.call(
                base_url=besieged.url, session=besieged.session, headers=headers, timeout=60
            )
            if not is_challenge(answer):
                case.validate_response(answer, checks=CHECKS)

    is_as_described()


def test_the_session_is_one_of_plain_requests(besieged: Besieged) -> None:
    """The server still answers after the attack."""
    assert isinstance(besieged.session, requests.Session)
    for path in ("/healthz", "/v1/auth/providers"):
        assert requests.get(besieged.url + path, timeout=60).status_code == 200
