"""Printed training reports, in every language."""

from dataclasses import replace

import pytest

from adapters.exports.typst_report import TEMPLATE, TypstReportPrinter
from application.exports import texts
from application.exports.report import ExerciseLine, ReportPage, SessionLine, WeekBar
from application.kernel.catalogues import languages, texts_of
from tests.printed_pages import FONT, FONTS, is_margin_empty

FIGURES = {"sessions": 2, "sets": 4, "repetitions": 40, "hours": 1.5, "listed": 25, "weeks": 26}
DAYS = {"range": "both", "since": "2026-11-01", "until": "2026-11-30"}


def page(language: str) -> ReportPage:
    figures = texts_of(
        texts.__name__, "figures", language, {**FIGURES, **DAYS, "date": "2026-11-23"}
    )
    return ReportPage(
        language=language,
        words=texts_of(texts.__name__, "labels", language, {}) | figures,
        athlete="Ada #strong[x] $1$ \\",
        weeks=[WeekBar("1", 0, None), WeekBar("2", 40, 88)],
        exercises=[ExerciseLine("squat", 4, 40)],
        sessions=[SessionLine("1", "*squat*", 4, 40, 45, None)] * 60,
    )


@pytest.mark.parametrize("language", sorted(languages(texts.__name__)))
def test_the_same_content_gives_the_same_file(language: str) -> None:
    """R-PRG-05: names with the characters of the markup are texts."""
    printer, content = TypstReportPrinter(), page(language)
    first = printer.print_pdf(content)
    assert first.startswith(b"%PDF-")
    assert printer.print_pdf(content) == first
    assert printer.print_pdf(replace(content, athlete="Bob")) != first


def test_there_are_catalogues_for_all_languages_of_the_pages() -> None:
    """R-PRG-05"""
    assert languages(texts.__name__) == {"en", "es", "ru"}


def test_a_report_without_sessions_says_so() -> None:
    """R-PRG-05"""
    empty = replace(page("en"), weeks=[WeekBar("1", 0, None)] * 26, exercises=[], sessions=[])
    assert TypstReportPrinter().print_pdf(empty).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["m" * 200, "Squats " * 28])
def test_long_names_are_not_printed_over_figures(name: str) -> None:
    """R-PRG-05"""
    named = replace(
        page("en"),
        athlete=name[:100],
        exercises=[ExerciseLine(name, 4, 40)],
        sessions=[SessionLine("1", name, 4, 40, 45, None)],
    )
    assert is_margin_empty(TEMPLATE, named.content(), 22)


def test_letters_that_the_built_in_fonts_lack_are_printed_with_others() -> None:
    """R-PRG-05"""
    named = replace(page("en"), athlete="\N{TIFINAGH LETTER YAZ}")
    assert FONT not in TypstReportPrinter().print_pdf(named)
    assert FONT in TypstReportPrinter(FONTS).print_pdf(named)
