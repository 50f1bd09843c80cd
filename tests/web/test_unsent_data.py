"""Training data that a browser has not sent, at sign-out, withdrawal of consent, and erasure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.people import PASSWORD, sign_up
from tests.web.server import PlatformServer, opened

STORES: Final = """
  const open = (name, stores) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      for (const [store, options, index] of stores) {
        const made = opening.result.createObjectStore(store, options);
        if (index) made.createIndex("bySession", "sessionId");
      }
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const bySession = { keyPath: "sessionId" };
  const numbered = { keyPath: "id", autoIncrement: true };
  const [recordings, live] = await Promise.all([
    open("kinelog-recordings", [["recordings", bySession], ["batches", numbered, true]]),
    open("kinelog-live", [["sessions", bySession], ["entries", numbered, true]]),
  ]);
"""
"""Opens the databases of the pages."""

LEAVE: Final = (
    """async (others) => {"""
    + STORES
    + """
  const { athlete } = await import("/static/src/api/client.js");
  const mine = await athlete();
  const done = (work) => new Promise((resolve) => { work.oncomplete = resolve; });
  const recorded = recordings.transaction(["recordings", "batches"], "readwrite");
  const sent = live.transaction(["sessions", "entries"], "readwrite");
  for (const [athleteId, name] of [[mine, "mine"], [others, "others"]]) {
    const [recording, session] = [{ sessionId: `${name}-recorded` }, { sessionId: `${name}-live` }];
    const state = { athleteId, startedAt: Date.now() };
    recorded.objectStore("recordings").put({ ...recording, ...state, commands: [] });
    recorded.objectStore("batches").add({ ...recording, first: 0, frames: [{ timeMs: 0 }] });
    sent.objectStore("sessions").put({ ...session, ...state });
    sent.objectStore("entries").add({ ...session, kind: "chunk", bytes: new Uint8Array(3) });
  }
  await Promise.all([done(recorded), done(sent)]);
  recordings.close();
  live.close();
}"""
)
"""Leaves a recording and a session of the user, and those of another one."""

LEFT: Final = (
    """async () => {"""
    + STORES
    + """
  const all = (database, name) => new Promise((resolve) => {
    const found = database.transaction(name).objectStore(name).getAll();
    found.onsuccess = () => resolve(found.result.map(({ sessionId }) => sessionId));
  });
  const left = (await Promise.all([
    all(recordings, "recordings"), all(recordings, "batches"),
    all(live, "sessions"), all(live, "entries"),
  ])).flat().sort();
  recordings.close();
  live.close();
  return left;
}"""
)
"""Sessions of which the browser has something, once for each store that has it."""

LEAVE_RESULTS: Final = """async (others) => {
  const { athlete } = await import("/static/src/api/client.js");
  const result = (sessionId) => ({ commandId: crypto.randomUUID(), sessionId, exercise: "squat" });
  const store = (user, results) =>
    localStorage.setItem(`kinelog.stopped-workouts.${user}`, JSON.stringify(results));
  store(await athlete(), [result("mine-live"), result("mine-done"), result("mine-done")]);
  store(others, [result("others-done")]);
}"""
"""Leaves results of stopped workouts of the user, and those of another one."""

WITH_RESULTS: Final = """Object.keys(localStorage)
  .filter((key) => key.startsWith("kinelog.stopped-workouts."))
  .map((key) => key.split(".").at(-1))"""
"""Users of whom the browser has results."""

OTHERS: Final = ["others-live"] * 2 + ["others-recorded"] * 2
ALL: Final = ["mine-live"] * 2 + ["mine-recorded"] * 2 + OTHERS


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PlatformServer, Path]]:
    """A server that requires sign-in, and its folder of messages."""
    home = tmp_path_factory.mktemp("club")
    with opened(home, home / "no-video", sign_in="required") as server:
        yield server, home / "mail"


@pytest.fixture
def account(
    club: tuple[PlatformServer, Path], new_page: NewPage, request: pytest.FixtureRequest
) -> Page:
    """The account page of a new user whose browser has unsent data, also of somebody else."""
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, f"{request.node.name[-40:]}@example.org")
    page.goto("/account.html")
    expect(page.locator("#account")).not_to_have_attribute("aria-busy", "true")
    page.evaluate(LEAVE, "somebody-else")
    return page


def left(page: Page) -> list[str]:
    """Return the sessions of which the browser has something."""
    found: Any = page.evaluate(LEFT)
    return list(found)


def test_sign_out_asks_what_becomes_of_unsent_data(account: Page) -> None:
    """R-LIV-10: it is kept if the user cancels or wants to keep it."""
    dialog = account.get_by_role("dialog")
    account.get_by_role("button", name="Sign out on this device").click()
    expect(dialog).to_contain_text("This browser has data of 2 sessions that Kinelog has not")
    assert violations(account) == []
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(account.locator("h1")).to_have_text("Account")
    account.get_by_role("button", name="Sign out on this device").click()
    dialog.get_by_role("button", name="Sign out and keep it").click()
    expect(account.locator("h1")).to_have_text("Sign in")
    assert left(account) == ALL


def test_sign_out_deletes_the_users_own_unsent_data_on_request(account: Page) -> None:
    account.get_by_role("button", name="Sign out on all devices").click()
    account.get_by_role("button", name="Sign out and delete it").click()
    expect(account.locator("h1")).to_have_text("Sign in")
    assert left(account) == OTHERS


def test_sign_out_asks_what_becomes_of_unsent_results(account: Page) -> None:
    """R-LIV-10"""
    account.evaluate(LEAVE_RESULTS, "somebody-else")
    account.get_by_role("button", name="Sign out on this device").click()
    expect(account.get_by_role("dialog")).to_contain_text("This browser has data of 3 sessions")
    account.get_by_role("button", name="Sign out and delete it").click()
    expect(account.locator("h1")).to_have_text("Sign in")
    assert account.evaluate(WITH_RESULTS) == ["somebody-else"]


def test_the_erasure_of_an_account_deletes_its_unsent_results(account: Page) -> None:
    """R-TEN-12"""
    account.evaluate(LEAVE_RESULTS, "somebody-else")
    account.locator("#erasure-password").fill(PASSWORD)
    account.get_by_role("button", name="Delete my account").click()
    dialog = account.get_by_role("dialog")
    expect(dialog).to_contain_text("data of 3 sessions that Kinelog has not received")
    dialog.get_by_role("button", name="Delete account", exact=True).click()
    expect(account.locator("#keep-account")).to_be_focused()
    assert account.evaluate(WITH_RESULTS) == ["somebody-else"]


def test_the_erasure_of_an_account_deletes_its_unsent_data(account: Page) -> None:
    """R-TEN-12: it is said before, and nothing is deleted if the request is refused."""
    dialog = account.get_by_role("dialog")
    account.locator("#erasure-password").fill("not my password")
    account.get_by_role("button", name="Delete my account").click()
    expect(dialog).to_contain_text("data of 2 sessions that Kinelog has not received. It is")
    dialog.get_by_role("button", name="Delete account", exact=True).click()
    expect(account.locator("#banner")).to_contain_text("This is not your password.")
    assert left(account) == ALL
    account.locator("#erasure-password").fill(PASSWORD)
    account.get_by_role("button", name="Delete my account").click()
    dialog.get_by_role("button", name="Delete account", exact=True).click()
    expect(account.locator("#erasure-state")).to_contain_text("will be deleted on")
    expect(account.locator("#keep-account")).to_be_focused()
    assert left(account) == OTHERS


def test_withdrawn_consent_offers_to_delete_unsent_data(account: Page) -> None:
    """Results need no consent: they are kept."""
    account.evaluate(LEAVE_RESULTS, "somebody-else")
    box = account.locator("#consent-list input[aria-describedby=since-movement_recording]")
    box.check()
    expect(account.locator("#since-movement_recording")).to_contain_text("Agreed on")
    box.uncheck()
    dialog = account.get_by_role("dialog")
    expect(dialog).to_contain_text("data of 2 sessions")
    expect(dialog).to_contain_text("Without your consent it is not sent.")
    dialog.get_by_role("button", name="Delete it").click()
    expect(account.locator("#status")).to_have_text("The unsent data is deleted.")
    assert left(account) == OTHERS
    assert len(account.evaluate(WITH_RESULTS)) == 2


def test_sign_out_asks_nothing_if_everything_is_sent(
    club: tuple[PlatformServer, Path], new_page: NewPage
) -> None:
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, "everything-sent@example.org")
    page.goto("/account.html")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")
