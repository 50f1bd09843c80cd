"""Evaluator of the subset of Firestore's security rules that Kinelog uses.

From "Get started with Cloud Firestore Security Rules" and "Structuring Cloud Firestore Security
Rules": `read` is get and list, `write` is create, update and delete; a match of version 2
covers whole paths; a request that no rule allows is denied, and so is one whose condition
cannot be evaluated. The parser rejects anything outside the subset, so that nothing is ignored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

TOKEN: Final = re.compile(
    r"\s*(?://[^\n]*\n\s*)*"
    r"(?P<token>'[^']*'|/(?:[\w]+|\{\w+(?:=\*\*)?\})(?:/(?:\w+|\{\w+(?:=\*\*)?\}))*"
    r"|[A-Za-z_][\w.]*|&&|==|!=|[{}();:,=])"
)

METHODS: Final = {
    "read": {"get", "list"},
    "write": {"create", "update", "delete"},
    **{each: {each} for each in ("get", "list", "create", "update", "delete")},
}

Values = Mapping[str, Any]


class NotUnderstoodError(ValueError):
    """The rules contain something that this evaluator does not support."""


@dataclass
class Rule:
    """Path, methods and condition of one rule."""

    path: str
    methods: set[str]
    holds: Callable[[Values], bool]


@dataclass
class Rules:
    """All rules of a file."""

    rules: list[Rule] = field(default_factory=list[Rule])

    def allow(self, method: str, path: str, uid: str | None) -> bool:
        """Return whether a request is allowed; without a uid, the caller is anonymous."""
        auth = None if uid is None else {"uid": uid}
        for rule in self.rules:
            named = _matched(rule.path, path)
            if named is not None and method in rule.methods:
                try:
                    if rule.holds({"request": {"auth": auth}, **named}):
                        return True
                except (KeyError, TypeError):
                    continue  # a condition that cannot be evaluated is false
        return False


def read(text: str) -> Rules:
    """Read a rules file. Raises NotUnderstoodError."""
    tokens = _Tokens(list(_tokens(text + "\n")))
    tokens.take("rules_version", "=", "'2'", ";", "service", "cloud.firestore", "{")
    rules = Rules()
    _matches(tokens, "", rules)
    tokens.take("}")
    tokens.end()
    return rules


@dataclass
class _Tokens:
    left: list[str]

    def take(self, *expected: str) -> None:
        for each in expected:
            if self.next() != each:
                raise NotUnderstoodError(each)

    def next(self) -> str:
        if not self.left:
            raise NotUnderstoodError("the end")
        return self.left.pop(0)

    def sees(self, token: str) -> bool:
        return bool(self.left) and self.left[0] == token

    def end(self) -> None:
        if self.left:
            raise NotUnderstoodError(self.left[0])


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            raise NotUnderstoodError(text[at : at + 40])
        yield found["token"]
        at = found.end()


def _matches(tokens: _Tokens, above: str, rules: Rules) -> None:
    while not tokens.sees("}"):
        match tokens.next():
            case "match":
                path = above + tokens.next()
                tokens.take("{")
                _matches(tokens, path, rules)
                tokens.take("}")
            case "allow":
                rules.rules.append(_allow(tokens, above))
            case other:
                raise NotUnderstoodError(other)


def _allow(tokens: _Tokens, path: str) -> Rule:
    methods: set[str] = set()
    while True:
        method = tokens.next()
        if method not in METHODS:
            raise NotUnderstoodError(method)
        methods |= METHODS[method]
        if not tokens.sees(","):
            break
        tokens.take(",")
    if tokens.sees(";"):
        tokens.take(";")
        return Rule(path, methods, lambda _: True)
    tokens.take(":", "if")
    parts = [_comparison(tokens)]
    while tokens.sees("&&"):
        tokens.take("&&")
        parts.append(_comparison(tokens))
    tokens.take(";")
    return Rule(path, methods, lambda values: all(part(values) for part in parts))


def _comparison(tokens: _Tokens) -> Callable[[Values], bool]:
    left = _value(tokens.next())
    if tokens.sees("&&") or tokens.sees(";"):
        return lambda values: left(values) is True
    operator = tokens.next()
    right = _value(tokens.next())
    match operator:
        case "==":
            return lambda values: bool(left(values) == right(values))
        case "!=":
            return lambda values: bool(left(values) != right(values))
        case other:
            raise NotUnderstoodError(other)


def _value(token: str) -> Callable[[Values], Any]:
    if token in {"null", "true", "false"}:
        return lambda _: {"null": None, "true": True, "false": False}[token]
    if token.startswith("'"):
        return lambda _: token[1:-1]
    if not re.fullmatch(r"[A-Za-z_][\w.]*", token):
        raise NotUnderstoodError(token)

    def looked_up(values: Values) -> Any:
        found: Any = values
        for name in token.split("."):
            found = found[name]
        return found

    return looked_up


def _matched(pattern: str, path: str) -> dict[str, str] | None:
    """Return the values of the variables in a pattern, or None if the path does not match."""
    expression = re.sub(r"\\\{(\w+)=\\\*\\\*\\\}", r"(?P<\1>.+)", re.escape(pattern))
    expression = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", expression)
    found = re.fullmatch(expression, path)
    return None if found is None else found.groupdict()
