"""The documented accuracy of form faults is that of the synthetic athletes."""

from pathlib import Path

import pytest

from tools.form.form_accuracy import markdown, on_mannequins, scores, sources

pytestmark = pytest.mark.slow

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "form.md"


def test_every_fault_is_found_where_it_was_made_and_only_there() -> None:
    """R-POS-05: the table in the documentation is the script's result."""
    found = scores(on_mannequins())
    assert markdown(found) in DOCUMENTATION.read_text(encoding="utf-8")
    assert {score.precision for score in found} == {1.0}
    assert [score for score in found if (score.recall or 0.0) < 0.8] == []


def test_the_document_has_the_accuracy_with_the_noise_of_videos() -> None:
    """R-POS-05: as they are reported; the slight degree is judged where the figures allow it."""
    found = scores(on_mannequins(real=True))
    assert markdown(found) in DOCUMENTATION.read_text(encoding="utf-8")
    expected = {(each.exercise, each.fault): each.can_be_slight for each in found}
    assert expected == {(each.exercise, each.fault): each.slight_judged for each in found}


def test_the_document_lists_every_fault_with_its_source() -> None:
    assert sources() in DOCUMENTATION.read_text(encoding="utf-8")
