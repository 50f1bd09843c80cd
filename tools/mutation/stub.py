"""Pytest plugin: run with one function stubbed, `-p tools.mutation.stub --stub module:function`."""

import importlib
from functools import cached_property
from types import FunctionType
from typing import Any

import pytest


def stub(name: str) -> None:
    """Make a function do nothing and return None, wherever it was imported.

    `name` is `module:function` or `module:Class.method`. Raises AttributeError or KeyError for an
    unknown one, ModuleNotFoundError, and TypeError for what is no function without a closure.
    """
    function = resolve(name)
    function.__code__ = _nothing.__code__.replace(
        co_name=function.__code__.co_name, co_qualname=function.__code__.co_qualname
    )
    function.__defaults__ = None
    function.__kwdefaults__ = None


def resolve(name: str) -> FunctionType:
    """Return a function by its name. Raises as `stub` does."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = found.__dict__[part] if isinstance(found, type) else getattr(found, part)
    found = _unwrapped(found)
    if not isinstance(found, FunctionType) or found.__closure__:
        raise TypeError(f"{name} is not a function without a closure.")
    return found


def _unwrapped(found: Any) -> Any:
    if isinstance(found, property):
        return found.fget
    if isinstance(found, cached_property):
        return found.func
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found


def _nothing(*_: object, **__: object) -> None:
    return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption("--stub", action="append", default=[], help="module:function to stub")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Stub once all tests are imported: modules may use the function while they are imported."""
    names: list[str] = session.config.getoption("--stub") or []
    for name in names:
        stub(name)
