"""The owner of an account requests its erasure, is told so, and may cancel it."""

from dataclasses import replace

from application.platform import Platform
from bootstrap.settings import Settings
from domain.erasures.erasure import Certified, Pending
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from tests.api.people import PASSWORD, Town
from tests.mail_folder import embedded_mails, text_of
from tests.privacy.person import settle


def test_an_erasure_needs_the_password_and_can_be_cancelled(town: Town) -> None:
    """R-TEN-12"""
    ada = town.citizen("ada@example.org")
    assert "auth.wrong_password" in ada.post("/v1/me/erasure", json={"password": "wrong"}).text
    assert ada.get("/v1/me/erasure").status_code == 404
    requested = ada.post("/v1/me/erasure", json={})
    assert erasure_emails(town) == 1
    assert (requested.status_code, requested.json()["state"]) == (202, "waiting")
    assert ada.get("/v1/me/erasure").json() == requested.json()
    assert ada.post("/v1/me/erasure", json={}).json() == requested.json()
    assert erasure_emails(town) == 1, "a repeated request sends no other e-mail"
    assert ada.ask("DELETE", "/v1/me/erasure").status_code == 204
    assert ada.get("/v1/me/erasure").status_code == 404
    assert ada.post("/v1/me/erasure", json={}).status_code == 202
    assert erasure_emails(town) == 2


def erasure_emails(town: Town) -> int:
    """Count the e-mails to Ada about an erasure."""
    return sum("delete your account" in mail for mail in town.emails("ada@example.org"))


def test_an_account_is_erased_after_the_email_about_it(
    platform: Platform, settings: Settings, origin: Origin
) -> None:
    """R-TEN-12: also if the erasure is due at once; afterwards nobody knows the address."""
    person = settle(platform)
    services, waits = platform.privacy(), list[float]()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        platform.accounts().follow_email_requests.run_once()

    notice = replace(services.notice, wait=wait)
    pending = services.erasure.request(person.id, origin=origin, at_once=True)
    assert isinstance(pending, Pending)
    for _ in range(2):
        notice.request(person.id, pending, origin=origin)
    notice.wait_until_sent(DEFAULT_TENANT, person.id)
    assert len(waits) == 1
    mails = [text_of(each) for each in embedded_mails(settings.home / "mail")]
    assert sum("delete your account" in mail for mail in mails) == 1
    replace(services, notice=notice).erase_at_once(person.id, origin=origin)
    assert isinstance(services.erasure.state(DEFAULT_TENANT, person.id), Certified)


def test_wrong_passwords_for_an_erasure_are_delayed(town: Town) -> None:
    """R-API-08, R-IDN-18: as at a sign-in, but for this device alone."""
    ada = town.citizen()
    again = town.log_in(ada, "ada@example.org")
    answers = [ada.post("/v1/me/erasure", json={"password": "wrong"}) for _ in range(6)]
    assert [each.status_code for each in answers] == [403] * 5 + [429]
    assert answers[-1].json()["code"] == "auth.too_many_attempts"
    assert again.post("/v1/me/erasure", json={"password": PASSWORD}).status_code == 202
