"""E-mails about assigned workouts: sent once, and never to an athlete who has unsubscribed."""

from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from application.assignments import email_texts
from application.assignments.email_texts import email_text
from application.kernel.catalogues import languages, shown_date
from tests.api.assigning import assign, pair, start
from tests.api.people import Person, Town
from tests.api.supervising import withdraw
from tests.api.trainer_roles import grant_role, suspend, withdraw_role
from tests.mail_folder import read_mails, text_of

ONE_CLICK = {"Content-Type": "application/x-www-form-urlencoded"}
CHOICE = "/v1/me/emails"
CHANGE = """
mutation($input: ChangeEmailPreferencesInput!) { changeEmailPreferences(input: $input) {
  ... on UserPayload { repeated user { emailPreferences { assignedWorkouts } } }
  ... on Problem { code }
} }"""


def sent(town: Town, address: str = "ada@example.org") -> list[EmailMessage]:
    """Return the e-mails about workouts to an address, the newest last."""
    town.settled()
    mailer: Any = town.platform.accounts().email_delivery.mailer
    mails = read_mails(town.mail, mailer.cipher)
    return [each for each in mails if each["To"] == address and each["List-Unsubscribe"]]


def one_click(mail: EmailMessage) -> str:
    """Return the path and query that a mail program posts to."""
    header = str(mail["List-Unsubscribe"])
    assert (header[0], header[-1]) == ("<", ">")
    url = urlsplit(header[1:-1])
    return f"{url.path}?{url.query}"


def unsubscribe(town: Town, target: str) -> tuple[int, Any]:
    answer = town.client.post(target, content="List-Unsubscribe=One-Click", headers=ONE_CLICK)
    return answer.status_code, answer.json()


def wants(person: Person) -> bool:
    return bool(person.get(CHOICE).json()["assignedWorkouts"])


def test_an_assigned_workout_causes_one_email(town: Town) -> None:
    """R-CAT-06, R-EVT-03: with its link, and one to unsubscribe."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada, name="Heavy legs")
    (mail,) = sent(town)
    assert "Heavy legs" in mail["Subject"]
    text = text_of(mail)
    assert f"/workout_player.html?assignment={key}" in text
    assert f"/unsubscribe.html#{urlsplit(one_click(mail)).query}" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    lines = mail.as_bytes(policy=SMTP.clone(max_line_length=998)).splitlines()
    header = f"List-Unsubscribe: {mail['List-Unsubscribe']}".encode()
    assert header in lines, "mail programs read no folded or encoded URL"
    others = [each for each in town.emails("ada@example.org") if "unsubscribe" not in each]
    assert others, "other e-mails are part of a contract"


def test_one_click_unsubscribes_without_signing_in(town: Town) -> None:
    """RFC 8058: by a POST alone; a fact of the user, which they take back on their page."""
    ada, trainer = pair(town)
    assign(town, trainer, ada)
    target = one_click(sent(town)[0])
    opened = town.client.get(target, follow_redirects=False)
    page = f"/unsubscribe.html#{urlsplit(target).query}"
    assert (opened.status_code, opened.headers["Location"]) == (303, page)
    assert wants(ada), "opening a link changes nothing"
    for _ in range(2):
        assert unsubscribe(town, target) == (200, {"topic": "assigned_workouts"})
    assert not wants(ada)
    assert ada.graph(f'{{ user(id: "{ada.id}") {{ emailPreferences {{ assignedWorkouts }} }} }}')[
        "data"
    ] == {"user": {"emailPreferences": {"assignedWorkouts": False}}}
    assign(town, trainer, ada)
    assert len(sent(town)) == 1
    query = {"userId": ada.id, "commandId": str(uuid4()), "assignedWorkouts": True}
    for repeated in (False, True):
        changed = ada.graph(CHANGE, input=query)["data"]["changeEmailPreferences"]
        shown = {"emailPreferences": {"assignedWorkouts": True}}
        assert changed == {"repeated": repeated, "user": shown}
    assign(town, trainer, ada)
    assert len(sent(town)) == 2
    chosen = ada.ask("PUT", CHOICE, json={"assignedWorkouts": False})
    assert (chosen.status_code, wants(ada)) == (200, False)
    history = town.platform.log.load(ada_tenant(ada), f"user-{ada.id}")
    changes = [each.event for each in history if "email_preferences" in each.event.event_name]
    assert [each.source for each in changes] == ["link", "account", "account"]


def ada_tenant(person: Person) -> Any:
    return person.tenant


def test_nobody_unsubscribes_or_sees_the_choice_of_another_user(town: Town) -> None:
    """R-TEN-03: a link is for one user, one topic and one tenant."""
    ada, trainer = pair(town)
    assign(town, trainer, ada)
    path, _, token = one_click(sent(town)[0]).partition("?token=")
    tenant, topic, user, signature = token.split(".")
    forged = (
        f"{tenant}.{topic}.{trainer.id}.{signature}",
        f"{tenant}.{topic}.{user}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        f"elsewhere.{topic}.{user}.{signature}",
        f"{tenant}.invoices.{user}.{signature}",
        f"{tenant}.{topic}.nobody.{signature}",
        f"{tenant}.{topic}.{user}",
        "é",
        "",
    )
    for wrong in forged:
        status, problem = unsubscribe(town, f"{path}?token={wrong}")
        assert (status, problem["code"]) == (422, "email.link_refused"), wrong
    assert unsubscribe(town, path)[0] == 422
    assert wants(ada)
    seen = trainer.graph(f'{{ user(id: "{ada.id}") {{ emailPreferences {{ __typename }} }} }}')
    assert (seen["data"]["user"] or {"emailPreferences": None})["emailPreferences"] is None
    change = {"userId": ada.id, "assignedWorkouts": False}
    refused = trainer.graph(CHANGE, input=change)["data"]["changeEmailPreferences"]
    assert set(refused) == {"code"}
    assert wants(ada)
    assert town.client.get(CHOICE).status_code == 401
    assert ada.ask("PUT", CHOICE, json={"assignedWorkouts": "no", "other": 1}).status_code == 422


def test_a_suspended_athlete_gets_no_email_about_a_workout(town: Town) -> None:
    """R-CAT-06: the suspension may come while the e-mail waits for the mail server."""
    ada, trainer = pair(town)
    assign(town, trainer, ada)
    suspend(town, ada)
    assert sent(town) == []


def test_a_workout_that_is_not_offered_any_more_causes_no_email(town: Town) -> None:
    """R-CAT-06: begun before, withdrawn with the permission, or of someone who is no trainer."""
    ada, trainer = pair(town)
    start(ada, assign(town, trainer, ada))
    assert sent(town) == []
    assign(town, trainer, ada)
    withdraw_role(town, trainer)
    assert sent(town) == []
    withdraw(ada, trainer)
    assert sent(town) == []


def test_a_workout_of_a_trainer_who_lost_the_role_causes_no_email_after_its_return(
    town: Town,
) -> None:
    """R-CAT-06: the permission ended with the role, so the player does not offer the workout."""
    ada, trainer = pair(town)
    assign(town, trainer, ada)
    withdraw_role(town, trainer)
    grant_role(town, trainer)
    assert ada.get("/v1/me/assignments").json()["items"] == []
    assert sent(town) == []


@pytest.mark.parametrize("locale", ["en", "es", "ru"])
def test_texts_are_in_every_language(locale: str) -> None:
    """R-UIX-03: also without a profile of the trainer."""
    assert languages(email_texts.__name__) == {"en", "es", "ru"}
    day = shown_date(date(2030, 1, 2))
    named = email_text(locale, {"trainer": "Kim", "workout": "Legs", "date": day})
    assert "Legs" in named.subject
    assert "Kim" in named.body
    unnamed = email_text(locale, {"trainer": "", "workout": "", "date": day})
    assert all((unnamed.subject, unnamed.body, unnamed.action, unnamed.footer))
