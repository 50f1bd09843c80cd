"""Names in one line, in any language."""

from collections.abc import Callable
from typing import Final

import pytest

from domain.catalog.commands import _check_texts as check_plan
from domain.content.commands import _check_texts as check_video
from domain.custom_exercises.commands import _check_name as check_exercise
from domain.pose_coach.commands import _check_text as check_point
from domain.programs.commands import _check_name as check_program
from domain.sessions.tags import normalize_tags
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue

NAMES: Final = {
    "emoji with a joiner": "Legs 🏋️\u200d♀️",
    "new emoji": "Shaking 🫨",
    "Persian with a non-joiner": "می\u200cخواهم",  # noqa: RUF001  it is Persian
    "Japanese with its space": "脚\u3000トレ",
    "French with its space": "Jambes\u00a0: force",
}

REFUSED: Final = {
    "line break": "Legs\nArms",
    "end of a line": "Legs\u2028Arms",
    "control character": "Legs\x07",
    "half of a character": "Legs\ud83d",
    "reversed text": "Legs\u202egnp",
    "only a joiner": "\u200d",
    "only spaces": " \u3000",
    "only a filler": "\u3164",
    "only a mark": "\ufe0f",
    "nothing": "",
}

CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "plan": lambda name: check_plan(name, ""),
    "video": lambda name: check_video(name, ""),
    "custom exercise": check_exercise,
    "program": check_program,
    "tag": lambda name: normalize_tags([name]),
    "point of feedback": lambda name: check_point("point", name, 100),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_many_languages_are_one_line(name: str) -> None:
    """R-UIX-05"""
    assert is_one_line(name)
    assert not is_blank(name)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_everything_that_people_name_takes_them(check: Callable[[str], object]) -> None:
    """R-UIX-05: plans, videos, exercises, programs, tags and feedback."""
    for name in NAMES.values():
        check(name)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_other_texts_are_refused(check: Callable[[str], object], name: str) -> None:
    """R-UIX-05"""
    with pytest.raises(InvalidValue):
        check(name)
