"""The OpenAPI document: authentication, and the refusals that every operation has."""

from collections.abc import Collection, Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.caller import requires_sign_in
from api.middleware.authentication import is_public_path
from api.problem_details import problem_responses


def ids_with_sign_in(routers: Iterable[APIRouter]) -> frozenset[str]:
    """Return the ids of the operations that require a signed-in caller even without sign-in."""
    return frozenset(
        route.operation_id
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        and route.operation_id is not None
        and requires_sign_in(route.dependant)
    )


def document_authentication(document: dict[str, Any], with_sign_in: Collection[str]) -> None:
    """Document on each operation whether it requires, accepts or ignores an access token."""
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    document["components"]["securitySchemes"] = {"accessToken": bearer}
    refusals = {str(status): response for status, response in problem_responses(401, 403).items()}
    mismatch = {"403": refusals["403"]}  # the token is for another tenant than X-Tenant-ID
    for path, methods in document["paths"].items():
        for operation in methods.values():
            required = operation["operationId"] in with_sign_in
            operation["security"] = [{"accessToken": []}, *([] if required else [{}])]
            if is_public_path(path):
                if not required:
                    operation["security"] = []
                parameters = operation.get("parameters", ())
                if any(each["name"].lower() == "x-tenant-id" for each in parameters):
                    operation["responses"] = mismatch | operation["responses"]
                continue
            operation["responses"] = refusals | operation["responses"]


def document_rejected_requests(document: dict[str, Any]) -> None:
    """Document how every operation rejects requests that no handler sees.

    400: the body cannot be decoded; 412: the log does not reach `After-Position`; 422: the query or
    the body has unstorable text.
    """
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    for methods in document["paths"].values():
        for operation in methods.values():
            names = {each["name"].lower() for each in operation.get("parameters", ())}
            operation["responses"].pop("422", None)  # FastAPI's own, which we never send
            statuses = [422]
            if "requestBody" in operation:
                statuses.append(400)
            if "after-position" in names:
                statuses.append(412)
            for status, response in problem_responses(*statuses).items():
                operation["responses"].setdefault(str(status), response)
