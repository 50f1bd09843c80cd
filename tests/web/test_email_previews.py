"""The page that shows every e-mail in every language."""

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from application.kernel.catalogues import languages
from tests.web.conftest import NewPage
from tools.email_previews import PACKAGES, main, messages, previews

ROOT = Path(__file__).parents[2]
ALL = list(previews())


@pytest.mark.parametrize("package", PACKAGES.values())
def test_every_email_is_shown_in_every_language(package: str) -> None:
    group = next(name for name, each in PACKAGES.items() if each == package)
    shown = {(each.name, each.language) for each in ALL if each.group == group}
    catalog = (files(package) / "en.ftl").read_text(encoding="utf-8")
    assert len(messages(package)) == catalog.count("\n    .body = ") > 0
    expected = {(name, language) for name in messages(package) for language in languages(package)}
    assert shown == expected


def test_every_catalogue_of_emails_is_shown() -> None:
    folders = (ROOT / "application").glob("*/email_texts")
    assert {f"application.{each.parent.name}.email_texts" for each in folders} == {
        *PACKAGES.values()
    }


def test_each_reason_shows_its_text() -> None:
    rejected = {
        each.variant: each.mail.text
        for each in ALL
        if each.name == "rejected" and each.language == "en"
    }
    assert "damaged at 00:12" in rejected["damaged_at"]
    assert "found malware" in rejected["malware_found"]
    assert "Viewers still get the version before." in rejected["yes"]


def test_no_variable_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert not [each.name for each in ALL if "{" in each.mail.text + each.mail.subject]


def test_the_page_shows_the_emails(
    tmp_path: Path, new_page: NewPage, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--output", str(tmp_path / "emails.html")])
    page: Page = new_page(tmp_path.as_uri())
    page.goto(capsys.readouterr().out.strip())
    expect(page.locator("article")).to_have_count(len(ALL))
    first = page.frame_locator("article[lang=es] iframe").first
    expect(first.get_by_role("link")).to_have_attribute("href", "https://kinelog.example/")
