"""Every HTTP request of ours has an explicit time limit."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "adapters", "api", "application", "benchmarks", "bootstrap", "streams", "tests",
    "tools",
)  # fmt: skip
LIBRARIES = {"httpx", "httpx2"}
CLIENTS = {"AsyncClient", "Client"}
REQUESTS = {"delete", "get", "head", "options", "patch", "post", "put", "request", "stream"}


def calls_without_timeout(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of clients and requests that rely on the library's default.

    A request by a client has the limit of the client. Nothing waits for a peer in a client whose
    transport answers in this process.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=library), attr=name), keywords=keywords
            ) if library in LIBRARIES and name in CLIENTS | REQUESTS:
                names = {each.arg for each in keywords}
                if "timeout" not in names and None not in names:
                    yield node.lineno
            case ast.ImportFrom(module=str(module), names=names) if module in LIBRARIES:
                if {each.name for each in names} & (CLIENTS | REQUESTS):
                    yield node.lineno  # such calls would not be found
            case _:
                pass


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_http_client_and_request_has_a_timeout(folder: str) -> None:
    """R-EVT-20: an unresponsive peer holds no thread for ever."""
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if any(library in (source := path.read_text()) for library in LIBRARIES)
        for line in calls_without_timeout(ast.parse(source))
    ] == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("httpx2.Client()", [1]),
        ("async def f():\n    async with httpx.AsyncClient(base_url=b) as c: ...", [2]),
        ("httpx2.get(url, headers=h)", [1]),
        ("from httpx2 import Client", [1]),
        ("httpx2.get(url, timeout=5)", []),
        ("httpx2.Client(**options)", []),
        ("client.get(url)", []),
        ("from httpx2 import HTTPError", []),
    ],
)
def test_calls_without_a_timeout_are_found(source: str, lines: list[int]) -> None:
    assert list(calls_without_timeout(ast.parse(source))) == lines
