"""Consents of a person, withdrawn."""

from tests.api.people import Person


def takes_back(person: Person, purpose: str) -> None:
    change = {"purpose": purpose, "given": False}
    assert person.ask("PUT", "/v1/me/consents", json=change).status_code == 200
