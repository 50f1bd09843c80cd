"""Every write can be retried at any time: after any later write, its repeat changes nothing."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adapters.payments.stripe import StripeGateway
from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from domain.content.events import Audience
from domain.ids import UserId
from tests.api import published
from tests.api.conftest import WEB
from tests.api.paying import KEY, SECRET
from tests.api.people import Person, Town
from tests.api.retried_writes import Request, calling, people, scenario
from tests.api.supervising import trained
from tests.api.trainer_writes import ADA, ADMIN, COACH, trainer_writes
from tools.payments.stripe_simulator import StripeSimulator

IN_BACKGROUND: Final = {"streamFrames", "requestExport"}
"""Writes whose work goes on after their answer, so that the tables change by themselves."""

QUIET: Final = ("edition", "projection_table")
"""Tables that say up to which event the read models are; whether one was added, the log says."""

SEALED_AGAIN: Final = ".captions"
"""A shelf of files that a repeat seals again. They are named by the digest of what they hold."""

Rows = dict[str, set[str]]

Steps = Iterator[tuple[str, Callable[[], Any]]]
"""Writes that were sent once, and what sends them again."""


def stored(home: Path) -> Rows:
    """Return the rows of all tables, and the digests of all other files."""
    found: Rows = {}
    for path in (each for each in home.rglob("*") if each.is_file()):
        if path.name.endswith(("-wal", "-shm", ".lock")):  # of SQLite, and of processes
            continue
        if path.suffix != ".sqlite3":
            is_named_by_content = path.parent.name.endswith(SEALED_AGAIN)
            digest = "" if is_named_by_content else sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(home))] = {digest}
            continue
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608  its own name
                found[f"{path.name} {table}"] = {*map(repr, rows)}
    return {name: rows for name, rows in found.items() if not name.endswith(QUIET)}


def changes(before: Rows, after: Rows) -> Rows:
    """Return new and missing rows by table, without notes that a command did nothing."""
    differing = {name: before.get(name, set()) ^ after.get(name, set()) for name in after | before}
    noted = "log.sqlite3 command_log"
    differing[noted] = {each for each in differing[noted] if not each.endswith(", 0)")}
    return {name: rows for name, rows in differing.items() if rows}


def walk(town: Town, state: Callable[[], Rows], steps: Steps) -> list[tuple[str, Rows]]:
    """Send all earlier writes again after each. Gives those after which that changed something.

    The answers may be others, such as that what a write named is deleted.
    """
    sent: list[Callable[[], Any]] = []
    wrong: list[tuple[str, Rows]] = []
    for name, send in steps:
        town.settled()
        before = state()
        for each in sent:
            assert each().status_code not in {401, 500}, name
        town.settled()
        if changed := changes(before, state()):
            wrong.append((name, changed))
        sent.append(send)
    return wrong


def own_steps(person: Person, other: Person) -> Steps:
    call = calling(person)
    kept: dict[str, str] = {}
    for request in scenario(person, other):
        if request.graphql_only or request.operation in IN_BACKGROUND:
            continue
        path = {name: value.format_map(kept) for name, value in request.path.items()}
        send = partial(call, Request(request.operation, path, request.body), str(uuid4()))
        answer = send()
        assert answer.status_code < 400, (request.operation, answer.text)
        if request.keep is not None:
            kept[request.keep] = answer.json()[request.keep]
        yield request.operation, send


def trainer_steps(town: Town, stripe: StripeSimulator) -> Steps:
    who = {
        ADA: town.citizen("ada@example.org"),
        COACH: town.staff("trainer", "coach@example.org"),
        ADMIN: town.staff("administrator", "root@example.org"),
    }
    published.publish(town.platform, UserId(who[COACH].id), Audience(is_free=True))
    purposes = who[ADA].get("/v1/me/consents").json()["items"]
    named: dict[str, Any] = {name: each.id for name, each in who.items()}
    named |= {"session": trained(town, who[ADA]), "versions": {}}
    named["versions"] = {each["purpose"]: each["version"] for each in purposes}
    for write in trainer_writes(town.platform.clock(), named):
        path = write.path.format_map(named)
        if write.method == "PAY":
            stripe.pay(path, "pm_card_visa")
            hook = stripe.webhooks[-1]
            headers = hook.headers(SECRET.get_secret_value(), at=int(time.time()))
            send = partial(town.client.post, "/v1/webhooks/stripe", content=hook.body)
            send = partial(send, headers=headers)
        else:
            texts = {
                name: value.format_map(named)
                for name, value in (write.body or {}).items()
                if isinstance(value, str)
            }
            more = {} if write.body is None else {"json": write.body | texts}
            key = {"Idempotency-Key": str(uuid4())}
            send = partial(who[write.who].ask, write.method, path, headers=key, **more)
        answer = send()
        assert answer.status_code < 400, (write, answer.text)
        if answer.content:
            named |= answer.json()
        if write.method != "GET":
            yield f"{write.method} {path}", send


@pytest.mark.slow
def test_a_retry_after_later_writes_changes_nothing(town: Town, settings: Settings) -> None:
    """R-API-04"""
    assert walk(town, partial(stored, settings.home), own_steps(*people(town))) == []


@pytest.mark.slow
def test_a_retry_of_trainers_and_buyers_after_later_writes_changes_nothing(
    platform: Platform, settings: Settings, stripe: StripeSimulator
) -> None:
    """R-API-04: not at the gateway either."""

    def state() -> Rows:
        gateway = {f"gateway {name}": {repr(each)} for name, each in vars(stripe).items()}
        return stored(settings.home) | gateway

    gateway = StripeGateway(KEY, [SECRET], publishable_key="pk_test_1", url=stripe.url)
    with closing(gateway):
        selling = replace(platform, gateways={"stripe": gateway})
        app = build_app(selling, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app, raise_server_exceptions=False) as client:
            town = Town(client, selling, settings.home / "mail")
            assert walk(town, state, trainer_steps(town, stripe)) == []
