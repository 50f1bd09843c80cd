"""The simulator of Stripe, held to Stripe's own description of its API."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, Self

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # without types

from tools.payments.stripe_http import RefusedError
from tools.payments.stripe_simulator import StripeSimulator
from tools.stripe_description import load_stripe_description

FORM: Final = "application/x-www-form-urlencoded"


class DescribedStripe(StripeSimulator):
    """Compares each request and answer with the description; the end of its context fails.

    Of requests, the names of the parameters and their enumerated values are compared. Of answers,
    everything: required fields, types, enumerations, and the objects that a request expands.
    """

    def answer(
        self, method: str, path: str, params: dict[str, str], idempotency_key: str | None
    ) -> dict[str, Any]:
        try:
            found = super().answer(method, path, params, idempotency_key)
        except RefusedError as refused:
            self._compare(method, path, refused.status, {"error": refused.error})
            raise
        self._compare(method, path, 200, found)
        name = operation(method, path)
        self._deviations.update(
            f"{name}: the parameter {each} is not described" for each in undescribed(name, params)
        )
        return found

    def __enter__(self) -> Self:
        self._deviations = set[str]()
        return super().__enter__()

    def __exit__(self, *errors: object) -> None:
        super().__exit__(*errors)
        assert not self._deviations, "\n".join(sorted(self._deviations))

    def _compare(self, method: str, path: str, status: int, body: object) -> None:
        name = operation(method, path)
        sent = json.loads(json.dumps(body))
        self._deviations.update(
            f"{name} {status}: {error.json_path}: {error.message[:200]}"
            for error in validator(name, status).iter_errors(sent)
        )


@cache
def described() -> Any:
    """Return Stripe's description, with its schemas as JSON Schema."""
    return json.loads(load_stripe_description(), object_hook=_as_json_schema)


def _as_json_schema(found: dict[str, Any]) -> dict[str, Any]:
    """Translate the `nullable` of OpenAPI 3.0, which JSON Schema does not have."""
    if found.pop("nullable", False) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def operation(method: str, path: str) -> tuple[str, str]:
    """Return the method and the described path of a request."""
    fitting = [
        each
        for each, operations in described()["paths"].items()
        if method.lower() in operations
        and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each), path) is not None
    ]
    return method, min(fitting, key=lambda each: each.count("{"))  # no parameter before any


def _definition(name: tuple[str, str]) -> Any:
    method, path = name
    return described()["paths"][path][method.lower()]


@cache
def validator(name: tuple[str, str], status: int) -> Draft202012Validator:
    """Return the validator of the answers of an operation with a status."""
    answers = _definition(name)["responses"]
    answer = answers.get(str(status), answers["default"])
    schema = answer["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": described()["components"]})


def undescribed(name: tuple[str, str], params: Mapping[str, str]) -> Iterator[str]:
    """Yield the parameters of a request, or values of them, that an operation does not have."""
    schema = _parameters(name)
    for each, value in params.items():
        names = re.findall(r"[^\[\]]+", each)
        if not _has(schema, names, value):
            yield f"{each}={value}"


def _parameters(name: tuple[str, str]) -> Any:
    definition = _definition(name)
    body = definition.get("requestBody", {"content": {FORM: {"schema": {"properties": {}}}}})
    query = {each["name"]: each["schema"] for each in definition.get("parameters", [])}
    return {"properties": query | body["content"][FORM]["schema"].get("properties", {})}


def _has(schema: Any, names: list[str], value: str) -> bool:
    """Return whether a schema has a value under the names."""
    choices = schema.get("anyOf", [schema])
    if len(choices) > 1:
        return any(_has(each, names, value) for each in choices)
    if not names:
        return value in {*schema.get("enum", [value])}
    first, *rest = names
    if "items" in schema:
        return first.isdigit() and _has(schema["items"], rest, value)
    inner = schema.get("properties", {}).get(first, schema.get("additionalProperties"))
    return isinstance(inner, dict) and _has(inner, rest, value)
