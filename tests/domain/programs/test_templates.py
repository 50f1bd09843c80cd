"""Templates of programs, and how they fit an athlete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guidance.features import body_parts, equipment
from domain.intents.vocabulary import exercise_names
from domain.programs.content import check_weeks, days_of
from domain.programs.planning import NoExerciseFits
from domain.programs.templates import TemplateNotFound, find_template, templates, weeks_of


def test_each_goal_has_a_template() -> None:
    """R-PRG-02"""
    assert {each.goal for each in templates().values()} == {
        "strength", "muscle", "endurance", "weight", "skill", "return_from_injury"
    }  # fmt: skip


@pytest.mark.parametrize("name", list(templates()))
def test_a_template_is_a_program_as_it_is(name: str) -> None:
    """R-PRG-02: with the equipment that it names, every exercise is its own."""
    template = find_template(name)
    weeks = weeks_of(template)
    check_weeks(weeks)
    assert len(weeks) == template.weeks
    assert weeks[0] == template.week
    assert [each.is_deload for each in weeks] == [
        number % 4 == 0 for number in range(1, template.weeks + 1)
    ]
    needed = {
        need
        for day in template.week.days
        for each in day.exercises
        for need in exercise_names().entries[each.exercise_id].needs
    }
    assert needed <= set(template.equipment)


@given(
    st.sampled_from(list(templates())),
    st.sets(st.sampled_from(sorted(equipment()))),
    st.sets(st.sampled_from(sorted(body_parts()))),
    st.integers(1, 16),
)
def test_weeks_never_strain_what_hurts_nor_need_what_is_missing(
    name: str, has: set[str], hurts: set[str], count: int
) -> None:
    """R-PRG-01: exercises are replaced, or a template is refused."""
    try:
        weeks = weeks_of(
            find_template(name), equipment=tuple(has), spared=tuple(hurts), weeks=count
        )
    except NoExerciseFits:
        return
    check_weeks(weeks)
    for day in days_of(weeks):
        ids = [each.exercise_id for each in day.exercises]
        assert len(ids) == len(set(ids))
        for each in ids:
            entry = exercise_names().entries[each]
            assert entry.needs <= has
            assert not entry.strains & hurts


def test_an_unknown_template_is_refused() -> None:
    """R-API-08"""
    with pytest.raises(TemplateNotFound):
        find_template("nothing")
