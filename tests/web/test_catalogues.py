"""Catalogues of the pages' texts: complete, used, and with the plurals of each language."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final, get_args

import pytest
from fluent.syntax import FluentParser, ast

from bootstrap.pages import SOURCES as WEB
from domain.payments.commands import Outcome
from domain.payments.states import AttemptState
from tests.web.catalogues import LANGUAGES, _entries, texts

PLURALS: Final = {
    "en": {"one", "other"},
    "es": {"one", "other"},
    "ru": {"one", "few", "many", "other"},
}
"""Forms of a whole number, and `other`, the form of a decimal number in Russian."""


STORAGE: Final = ("buffer-full", "storage-failed")
"""Ends of the codes of problems of the browser's storage."""

CUES: Final = "said-"
"""Translations of English cues, which are generated: see `bootstrap/sentence_files.py`."""

PAGES: Final = {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.html"))}

SCRIPTS: Final = {
    str(path.relative_to(WEB / "src")): path.read_text(encoding="utf-8")
    for path in sorted((WEB / "src").rglob("*.ts"))
}


def _ids(language: str) -> set[str]:
    return {each.partition(".")[0] for each in texts(language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_well_formed(language: str) -> None:
    """R-UIX-07."""
    wrong = [entry.content for entry in _entries(language) if isinstance(entry, ast.Junk)]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_languages_have_the_same_texts_with_the_same_variables(language: str) -> None:
    """R-UIX-07: also their order of words and plurals may differ."""
    english, others = texts("en"), texts(language)
    assert set(english) == {each for each in others if not each.startswith(CUES)}
    differing = [each for each in english if english[each].variables != others[each].variables]
    assert not differing
    files = {path.name for path in (WEB / "locales" / language).iterdir()}
    assert files == {path.name for path in (WEB / "locales" / "en").iterdir()}


def test_all_translations_have_the_same_cues() -> None:
    russian, spanish = texts("ru"), texts("es")
    cues = {each for each in russian if each.startswith(CUES)}
    assert len(cues) > 300
    assert cues == {each for each in spanish if each.startswith(CUES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_the_forms_of_the_language(language: str) -> None:
    wrong = {
        each: [set(forms) for forms in text.plurals if forms != PLURALS[language]]
        for each, text in texts(language).items()
    }
    assert not {each: forms for each, forms in wrong.items() if forms}


VERBS: Final = frozenset({"counts", "does", "has", "is", "waits", "was"})

NEVER_ONE: Final = frozenset(
    {
        "coupons-amount-wrong",
        "cue-times",
        "editor-wrong-amount",
        "field-decimal",
        "field-too-short",
        "health-import-how",
        "health-import-stored",
        "health-records",
        "home-without-time",
        "plans-every-months",
        "say-reps",
        "say-seconds",
        "seen-share",
        "tags-limit",
    }
)
"""English texts with a plural only: they are limits, or a text of its own says it of one."""


def _counted(pattern: ast.Pattern, chosen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the words after variables that choose no plural form."""
    following = (*pattern.elements[1:], None)
    for element, after in zip(pattern.elements, following, strict=True):
        match element:
            case ast.Placeable(expression=ast.SelectExpression(selector=selector, variants=forms)):
                by = selector.id.name if isinstance(selector, ast.VariableReference) else ""
                for form in forms:
                    yield from _counted(form.value, chosen | {by})
            case ast.Placeable(expression=ast.VariableReference(id=ast.Identifier(name=name))):
                if name not in chosen and isinstance(after, ast.TextElement):
                    yield from re.findall(r"^ ([a-z]+s)\b", after.value)
            case _:
                pass


def test_english_nouns_after_a_number_have_a_singular() -> None:
    """R-UIX-07: never "1 sessions"."""
    found = {
        entry.id.name: words
        for entry in _entries("en")
        if isinstance(entry, ast.Message) and entry.value and entry.id.name not in NEVER_ONE
        if (words := set(_counted(entry.value)) - VERBS)
    }
    assert found == {}


def _without_comments(script: str) -> str:
    return re.sub(r"/\*[\s\S]*?\*/|(?<![:\"'`])//[^\n]*", "", script)


DIRECT: Final = re.compile(r'(?<![\w.$])(?:t|textOr|hasText)\((?:[^"`(){}]*\?\s*)?"([\w-]+)"')
OTHERWISE: Final = re.compile(r'(?<![\w.$])t\([^"`{}]*\?\s*"[\w-]+"\s*:\s*"([\w-]+)"')
BUILT: Final = re.compile(r"(?<![\w.$])(?:t|textOr)\(`([\w-]+-)\$\{")


def _requested() -> set[str]:
    """IDs that scripts and pages name."""
    named = {
        each for page in PAGES.values() for each in re.findall(r'data-l10n-id="([\w-]+)"', page)
    }
    for script in map(_without_comments, SCRIPTS.values()):
        named.update(DIRECT.findall(script), OTHERWISE.findall(script))
    return named


def test_every_text_that_is_used_exists() -> None:
    assert _requested() - _ids("en") == set()


def test_every_text_is_used() -> None:
    scripts = "\n".join(map(_without_comments, SCRIPTS.values()))
    quoted = set(re.findall(r'"([\w-]+)"', scripts))
    prefixes = (*BUILT.findall(scripts), "problem-")
    unused = {each for each in _ids("en") - _requested() - quoted if not each.startswith(prefixes)}
    assert unused == set()


def test_every_state_in_a_difference_of_payments_has_a_text() -> None:
    """R-PAY-12: at the gateway, its name is that of the outcome."""
    outcomes = {each.__name__.lower() for each in get_args(Outcome)}
    states = {*get_args(AttemptState), *outcomes, "unknown", "listed"}
    assert {f"payments-side-{each}" for each in states} - _ids("en") == set()


@pytest.mark.parametrize(
    ("language", "replays"), [("en", "replays"), ("es", "las grabaciones"), ("ru", "записи")]
)
def test_the_consent_to_a_trainer_names_the_replays(language: str, replays: str) -> None:
    """R-TEN-13"""
    assert replays in texts(language)["trainers-what"].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_storage_says_what_follows(language: str) -> None:
    """R-UIX-05: for a session and for a recording, which are lost in different ways."""
    codes = {f"problem-{of}-{what}" for of in ("live", "recording") for what in STORAGE}
    assert {f"{each}.detail" for each in codes} - set(texts(language)) == set()


FORMAL: Final = re.compile(r"\b(вы|вас|вам|вами|ваш\w*|\w+[иьй]те(сь)?)\b", re.IGNORECASE)
"""Russian words that address a user formally: forms of "вы", and imperatives of the plural."""


def test_russian_texts_address_users_informally() -> None:
    """R-UIX-07"""
    formal = {each for each, text in texts("ru").items() if FORMAL.search(text.value)}
    assert not formal


PAGE_TEXTS: Final = re.findall(
    r'"virtual:texts/([\w-]+)"', (WEB / "src" / "i18n" / "catalogues.ts").read_text("utf-8")
)


@pytest.mark.parametrize("name", PAGE_TEXTS)
def test_texts_that_one_page_loads_are_used_by_its_scripts_only(name: str) -> None:
    """Scripts of other pages would not find them."""
    resource = FluentParser().parse((WEB / "locales" / "en" / f"{name}.ftl").read_text("utf-8"))
    own = {f'"{each.id.name}"' for each in resource.body if isinstance(each, ast.Message)}
    others = {
        path: sorted(each for each in own if f"t({each}" in script)
        for path, script in SCRIPTS.items()
        if not path.startswith(f"{name}/")
    }
    assert own
    assert not {path: found for path, found in others.items() if found}


def _arguments(script: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the IDs of texts with the names of their variables, where both are written out."""
    for call in re.finditer(r'(?<![\w.$])t\("([\w-]+)"(\)|, \{)', script):
        names: list[str] = []
        depth, start, at = 0, call.end(), call.end()
        while call[2] != ")" and depth >= 0:
            depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(script[at], 0)
            if depth < 0 or (depth == 0 and script[at] == ","):
                names.append(script[start:at].partition(":")[0].strip())
                start = at + 1
            at += 1
        yield call[1], frozenset(name for name in names if name)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_pass_the_variables_of_their_texts(name: str) -> None:
    english = texts("en")
    for each, passed in _arguments(_without_comments(SCRIPTS[name])):
        assert passed == english[each].variables, each


ELEMENT: Final = re.compile(r'<(\w+)([^<>]*?) data-l10n-id="([\w-]+)"([^<>]*)>([^<]*)')


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_the_english_texts_of_the_catalogue(page: str) -> None:
    """They are shown without a translation, and without scripts."""
    english = texts("en")
    for _, before, each, after, content in ELEMENT.findall(PAGES[page]):
        if each in english:
            assert " ".join(unescape(content).split()) == english[each].value.strip(), each
        for name, value in re.findall(r'([\w-]+)="([^"]*)"', before + after):
            if f"{each}.{name}" in english:
                assert unescape(value) == english[f"{each}.{name}"].value, each


TEXT_ATTRIBUTE: Final = re.compile(r'<[^<>]*(?:aria-label|placeholder|title|alt)="[^"]+"[^<>]*>')


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_text_of_its_own(page: str) -> None:
    body = re.sub(r"<noscript>.*?</noscript>", "", PAGES[page], flags=re.DOTALL)
    loose = re.findall(r"<(\w+)([^<>]*)>([^<]*[A-Za-z]{2}[^<]*)", body)
    assert [text.strip() for _, attributes, text in loose if "data-l10n-id" not in attributes] == []
    assert [tag for tag in TEXT_ATTRIBUTE.findall(body) if "data-l10n-id" not in tag] == []


SENTENCE: Final = re.compile(
    r'"([A-Z][a-z]+(?: [^"]*)?|[a-z]+ [a-z ]*[a-z]\.)"|`([A-Z][a-z]+[ .][^`]*)`'
)
"""A literal that begins with a capital letter, or that ends like a sentence."""

NO_TEXT: Final = re.compile(
    r"^(?:[A-Z][a-z]+Error|Accept|Arrow\w+|Authorization|Bearer .*|Content-Type|End|Enter|Error|"
    r"Escape|Home|Russia$|Idempotency-Key|If-Match|Kinelog|Language|Request-ID|Space|"
    r"There is no \w+ .*|The page has no element .*|UTC|Google|Apple|Stripe$|Sberbank$|English|"
    r"Español|Русский)"
)
"""Names of headers, keys, errors and products, and messages of errors in the program."""

DEFAULTS: Final = frozenset(
    {
        "api/constraints.ts",
        "api/problem.ts",
        "api/client.ts",
        "coach/sentences.ts",
    }
)
"""Scripts with the English texts of problems, which are translated by their codes, and generated
ones. All scripts of `live/` have such texts, because some of them run in workers, without a
catalogue."""


@pytest.mark.parametrize(
    "name", sorted(each for each in set(SCRIPTS) - DEFAULTS if not each.startswith("live/"))
)
def test_a_script_has_no_text_of_its_own(name: str) -> None:
    code = re.sub(
        r"throw new Error\([^\n]*|new (?:api\.)?Problem\([^\n]*|Schemas\[\"\w+\"\]",
        "",
        _without_comments(SCRIPTS[name]),
    )
    literals = ("".join(each) for each in SENTENCE.findall(code))
    assert [each for each in literals if not NO_TEXT.match(each)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["second_factor_required", "enrolment_required", "another_user"])
def test_a_training_page_says_in_its_language_why_it_does_not_send(
    language: str, code: str
) -> None:
    assert f"problem-auth-{code.replace('_', '-')}" in texts(language)


def test_the_checks_find_gaps() -> None:
    assert dict(_arguments('t("a", { b, c: f(1, 2) })')) == {"a": frozenset({"b", "c"})}
    assert SENTENCE.findall('h("p", null, "No text here.")') == [("No text here.", "")]
    broken: Any = FluentParser().parse("a = { $b").body
    assert isinstance(broken[0], ast.Junk)
