"""Azure API Management can import the OpenAPI document, and forwards requests unchanged.

R-OPS-07, R-TEN-02, C-38: checked against the documented restrictions of its import, not in Azure:
https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from api.app import build_routes
from tests.deploy.roles import ROOT

TEMPLATE = json.loads((ROOT / "deploy" / "azure" / "api-management.json").read_text())
DOCUMENT = json.loads((ROOT / "api" / "openapi.json").read_text())
API, POLICY = TEMPLATE["resources"]
IMPORTED_VERSION = re.compile(r"3\.(0\.[0-3]|1\.\d+)")
WITHOUT_BODY = {"get", "head", "options"}


def operations() -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    """Yield path, method, operation and parameters."""
    for path, item in DOCUMENT["paths"].items():
        for method, each in item.items():
            if method in {"get", "head", "options", "post", "put", "patch", "delete"}:
                yield path, method, each, [*item.get("parameters", []), *each.get("parameters", [])]


def references(tree: object) -> Iterator[str]:
    """Yield the targets of all references in a part of the document."""
    if isinstance(tree, dict):
        if isinstance(tree.get("$ref"), str):
            yield tree["$ref"]
        for each in tree.values():
            yield from references(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from references(each)


def test_the_version_of_the_document_can_be_imported() -> None:
    """R-OPS-07"""
    assert IMPORTED_VERSION.fullmatch(DOCUMENT["openapi"])


def test_names_are_unique_in_every_url() -> None:
    """R-OPS-07: over path and query, in any case."""
    for path, method, _, parameters in operations():
        names = [each["name"].lower() for each in parameters if each["in"] in {"path", "query"}]
        twice = [name for name, count in Counter(names).items() if count > 1]
        assert not twice, (method, path)


def test_parameters_of_paths_are_in_the_path() -> None:
    """R-OPS-07"""
    for path, method, _, parameters in operations():
        declared = {each["name"] for each in parameters if each["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path)), (method, path)


def test_no_reference_leads_outside_the_document() -> None:
    """R-OPS-07"""
    assert all(target.startswith("#/components/") for target in references(DOCUMENT))


def test_no_schema_refers_to_itself() -> None:
    """R-OPS-07"""
    schemas = DOCUMENT["components"]["schemas"]
    below = {
        name: {target.rpartition("/")[2] for target in references(schema)}
        for name, schema in schemas.items()
    }
    for name, direct in below.items():
        waiting, seen = set(direct), set[str]()
        while waiting:
            each = waiting.pop()
            seen.add(each)
            waiting |= below.get(each, set()) - seen
        assert name not in seen


def test_no_request_without_a_body_declares_one() -> None:
    """R-OPS-07: the import would discard it."""
    for path, method, each, _ in operations():
        assert method not in WITHOUT_BODY or "requestBody" not in each, (method, path)


def test_the_gateway_imports_the_document_that_the_api_serves() -> None:
    """R-OPS-07"""
    properties = API["properties"]
    assert (properties["format"], properties["path"]) == ("openapi+json-link", "")
    (path,) = re.findall(r", '(/[^']+)'", properties["value"])
    assert build_routes().openapi_url == path


def test_the_policy_forwards_the_client_s_address_and_hides_what_operators_read() -> None:
    """R-OPS-07, R-TEN-02, R-API-08: the tenant's header is not touched."""
    policy = ET.fromstring(POLICY["properties"]["value"])  # noqa: S314  our own file
    assert [each.tag for each in policy] == ["inbound", "backend", "outbound", "on-error"]
    headers = {each.attrib["name"]: each.findtext("value") for each in policy.iter("set-header")}
    assert headers == {"X-Forwarded-For": "@(context.Request.IpAddress)"}
    (hidden,) = policy.iter("when")
    assert set(re.findall(r'"(/\w+)"', hidden.attrib["condition"])) == {"/metrics", "/readyz"}
    (status,) = hidden.iter("set-status")
    assert status.attrib["code"] == "404"
    (forward,) = policy.iter("forward-request")
    assert forward.attrib["buffer-response"] == "false", "else events wait for the end of the feed"


def test_the_policy_belongs_to_the_api() -> None:
    """R-OPS-07"""
    assert POLICY["type"] == f"{API['type']}/policies"
    assert POLICY["name"] == API["name"].replace("/kinelog')", "/kinelog/policy')")
    assert POLICY["dependsOn"] == [
        f"[resourceId('{API['type']}', parameters('service'), 'kinelog')]"
    ]
