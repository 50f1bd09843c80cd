"""Write a page that shows every e-mail in every language, with sample values: build/emails.html.

.venv/bin/python -m tools.email_previews
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from application.kernel import catalogues
from application.users import email_texts as account_texts
from application.users.emails import UnsubscribeLink, compose_mail
from application.users.ports import Mail
from domain.money import Money

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "build" / "emails.html"
BASE_URL: Final = "https://kinelog.example"

PACKAGES: Final = {
    "account": "application.users.email_texts",
    "payments": "application.payments.email_texts",
    "assigned workouts": "application.assignments.email_texts",
    "content": "application.content.email_texts",
}
"""The catalogue of each kind of e-mails."""

SAMPLES: Final[Mapping[str, Any]] = {
    "amount": catalogues.shown_money(Money(1990, "EUR")),
    "at": "00:12",
    "date": catalogues.shown_date(date(2027, 1, 31)),
    "live": "no",
    "minutes": 12,
    "months": 3,
    "plan": "Strength in 8 weeks",
    "provider": "Google",
    "reason": "",
    "title": "Squats for beginners",
    "trainer": "Ana Pérez",
    "workout": "Legs and core",
}
"""A value of each variable. An empty reason shows the text for any other one."""

STYLE: Final = """
body { margin: 0 auto; max-width: 1280px; padding: 16px; font: 16px/1.5 sans-serif; }
nav ul { columns: 16rem; padding-left: 1.2rem; }
.languages { display: grid; gap: 16px; }
.languages { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
article { border: 1px solid #bbb; border-radius: 8px; padding: 12px; min-width: 0; }
article h3 { margin: 0 0 8px; font-size: 1rem; overflow-wrap: anywhere; }
iframe { width: 100%; height: 14rem; border: 1px solid #ddd; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """An e-mail in one language; `variant` names the choices of its text, such as a reason."""

    group: str
    name: str
    variant: str
    language: str
    mail: Mail


class _Choices(Visitor):
    """Collects the values of each variable by which a message chooses among texts."""

    def __init__(self) -> None:
        self.by_variable: dict[str, list[str]] = {}

    def visit_SelectExpression(self, node: Any) -> None:  # noqa: N802  named by the library
        if isinstance(node.selector, ast.VariableReference):
            keys = [each.key.name for each in node.variants if isinstance(each.key, ast.Identifier)]
            self.by_variable.setdefault(node.selector.id.name, []).extend(keys)
        self.generic_visit(node)


def messages(package: str) -> dict[str, list[dict[str, str]]]:
    """Return the e-mails of a catalogue by name, each with the choices to show."""
    source = (files(package) / f"{catalogues.DEFAULT_LANGUAGE}.ftl").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, str]]] = {}
    for entry in FluentParser().parse(source).body:
        if not isinstance(entry, ast.Message) or not entry.attributes:
            continue  # a part of other messages
        choices = _Choices()
        choices.visit(entry)
        found[entry.id.name] = [
            {variable: key} for variable, keys in choices.by_variable.items() for key in keys
        ] or [{}]
    return found


def previews() -> Iterator[Preview]:
    """Yield each e-mail in each language and variant."""
    for group, package in PACKAGES.items():
        for name, variants in messages(package).items():
            for choice in variants:
                for language in sorted(catalogues.languages(package)):
                    mail = _mail(package, name, language, {**SAMPLES, **choice})
                    yield Preview(group, name, ", ".join(choice.values()), language, mail)


def _mail(package: str, name: str, language: str, values: Mapping[str, Any]) -> Mail:
    texts = account_texts.parts_of(catalogues.texts_of(package, name, language, values))
    unsubscribe = None
    if package == PACKAGES["assigned workouts"]:
        label = account_texts.unsubscribe_label(language)
        page = f"{BASE_URL}/unsubscribe.html"
        unsubscribe = UnsubscribeLink(label, page, f"{BASE_URL}/v1/emails/unsubscribe")
    return compose_mail(
        UUID(int=0),
        "athlete@example.org",
        texts.subject,
        texts.body,
        (texts.action, f"{BASE_URL}/"),
        texts.footer,
        language=language,
        unsubscribe=unsubscribe,
    )


def render() -> str:
    """Return the page."""
    sections: dict[str, list[Preview]] = {}
    for each in previews():
        title = f"{each.group}: {each.name}" + (f" ({each.variant})" if each.variant else "")
        sections.setdefault(title, []).append(each)
    contents = "".join(
        f'<li><a href="#mail-{number}">{escape(title)}</a></li>'
        for number, title in enumerate(sections)
    )
    body = "".join(
        f'<section><h2 id="mail-{number}">{escape(title)}</h2>'
        f'<div class="languages">{"".join(map(_article, shown))}</div></section>'
        for number, (title, shown) in enumerate(sections.items())
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>E-mails</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>E-mails</h1>"
        f"<nav><ul>{contents}</ul></nav>{body}</body></html>\n"
    )


def _article(preview: Preview) -> str:
    mail, language = preview.mail, preview.language
    return (
        f'<article lang="{language}"><h3>{language}: {escape(mail.subject)}</h3>'
        f'<iframe title="{escape(mail.subject)}" sandbox srcdoc="{escape(mail.html)}"></iframe>'
        f'<details><summary lang="en">Text</summary><pre>{escape(mail.text)}</pre></details>'
        "</article>"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and print its address."""
    parser = argparse.ArgumentParser(prog="make emails", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--output", type=Path, default=PAGE, help="the file to write")
    page: Path = parser.parse_args(arguments).output.resolve()
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(render(), encoding="utf-8")
    print(page.as_uri())


if __name__ == "__main__":
    main()
