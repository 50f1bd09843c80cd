"""Roles whose processes open the keys of people, found by following calls in the wiring."""

import ast
from collections import defaultdict
from functools import cache

from tests.deploy.roles import IMAGES, ROOT

OPENS_KEYS = "build_encryption"
COMMANDS = ROOT / "bootstrap" / "cli"
MODULES = {"serve": "serve.py", "events": "events.py", "worker": "worker.py", "db": "db.py"}


@cache
def _names_by_function() -> dict[str, set[str]]:
    """Return the names that each top-level function of `bootstrap` mentions, by its own name."""
    mentioned: defaultdict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "bootstrap").rglob("*.py"):
        if path.is_relative_to(COMMANDS):
            continue
        for each in ast.parse(path.read_text()).body:
            if isinstance(each, ast.FunctionDef):
                mentioned[each.name] |= _names_in(each)
    return mentioned


def _names_in(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}


def _names_of_command(words: list[str]) -> set[str]:
    """Return the names that a command such as `worker pose` mentions, and its module's helpers."""
    functions = {
        each.name: each
        for each in ast.parse((COMMANDS / MODULES[words[0]]).read_text()).body
        if isinstance(each, ast.FunctionDef)
    }
    command = functions[words[0] if words[0] == "serve" else words[1].replace("-", "_")]
    waiting, seen = [command.name], set[str]()
    while waiting:
        names = _names_in(functions[waiting.pop()])
        helpers = {each for each in names & functions.keys() if not functions[each].decorator_list}
        waiting += helpers - seen
        seen |= names
    return seen


def opens_keys(role: str) -> bool:
    """Check whether a role's command calls, directly or not, what opens the keys of people."""
    names = _names_by_function()
    waiting, seen = _names_of_command(IMAGES[role]), set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= names.get(name, set()) - seen
    return OPENS_KEYS in seen
