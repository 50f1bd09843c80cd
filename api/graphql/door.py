"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.callers import AnyCaller, Caller
from api.graphql.context import Context
from api.graphql.problems import told
from api.graphql.schema import schema
from api.problems import At, Unprocessable, documented

router = APIRouter(prefix="/graphql", tags=["graphql"], responses=documented(405, 422))

MEDIA_TYPE: Final = "application/graphql-response+json"


class Operation(BaseModel):
    """A GraphQL document, and what to do with it."""

    query: str = Field(description="The document.")
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  the protocol's name
    extensions: dict[str, Any] | None = None


class Result(BaseModel):
    """What a GraphQL operation led to."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] | None = None


@router.post("", operation_id="graphql", summary="A query or mutation", response_model=Result)
def operate(operation: Operation, request: Request, caller: AnyCaller) -> JSONResponse:
    """Carry an operation out. The thread is this request's own, so resolvers may block."""
    return _answer(operation, request, caller, {OperationType.QUERY, OperationType.MUTATION})


@router.get("", operation_id="graphqlQuery", summary="A query", response_model=Result)
def ask(
    request: Request,
    caller: AnyCaller,
    query: Annotated[str, Query(description="The document.")],
    variables: Annotated[str | None, Query(description="A JSON object.")] = None,
    operation_name: Annotated[str | None, Query(alias="operationName")] = None,
) -> JSONResponse:
    """Answer a query; mutations are posted."""
    operation = Operation(
        query=query, variables=_variables(variables), operationName=operation_name
    )
    try:
        return _answer(operation, request, caller, {OperationType.QUERY})
    except InvalidOperationTypeError:
        raise HTTPException(
            405, "Only queries are asked with GET.", headers={"Allow": "POST"}
        ) from None


def _variables(given: str | None) -> dict[str, Any] | None:
    try:
        return TypeAdapter(dict[str, Any]).validate_json(given) if given else None
    except ValidationError:
        detail = "The variables are no JSON object."
        at = At(pointer="#/variables", location="query", detail=detail, code="json_invalid")
        raise Unprocessable(at) from None


def _answer(
    operation: Operation, request: Request, caller: Caller, allowed: set[OperationType]
) -> JSONResponse:
    result = schema.execute_sync(
        operation.query,
        variable_values=operation.variables,
        context_value=Context.of(caller),
        operation_name=operation.operationName,
        allowed_operation_types=allowed,
    )
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = told(result.errors, caller.correlation_id)
    if MEDIA_TYPE not in request.headers.get("accept", ""):
        return JSONResponse(content)
    status = 400 if result.errors and result.data is None else 200
    return JSONResponse(content, status, media_type=MEDIA_TYPE)
