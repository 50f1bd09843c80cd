"""Sets of a session that performs a day of a program, and the lines of the day."""

from typing import Any

from tests.api.people import Person, Town
from tests.api.programs import SQUAT, create, loads, program

Sets = list[tuple[dict[str, Any], int]]
"""Sets of a session: what begins each of them, and its repetitions."""


def perform_sets(athlete: Person, key: str, sets: Sets) -> None:
    """Perform the next day by these sets."""
    finish_with(athlete, athlete.post(f"/v1/programs/{key}/start", json={}).json()["id"], sets)


def finish_with(athlete: Person, session: str, sets: Sets) -> None:
    """Perform these sets, and complete the session."""
    base = f"/v1/workouts/{session}"
    for number, (begun, repetitions) in enumerate(sets, 1):
        at_ms = 60_000 * number
        for step, body in (
            ("next", {**begun, "set": number, "atMs": at_ms}),
            ("repetitions", {"set": number, "repetitions": repetitions, "atMs": at_ms + 9000}),
            ("finish", {"set": number, "endMs": at_ms + 9500}),
        ):
            answer = athlete.post(f"{base}/{step}", json=body)
            assert answer.status_code < 300, (step, answer.text)
    assert athlete.post(f"{base}/complete", json={}).status_code < 300


def test_a_set_beyond_the_plan_is_no_miss(town: Town) -> None:
    """R-PRG-01: a lighter set after those of the day, which reached their target."""
    ada = town.citizen()
    key = create(ada, rule={"kind": "linear", "deloadAfter": 1})
    perform_sets(ada, key, [({"loadKg": 60}, 5), ({"loadKg": 40, "exerciseId": "squat"}, 10)])
    assert loads(program(ada, key)) == [60, 62.5, 62.5]


def test_a_set_in_place_of_another_exercise_is_no_miss(town: Town) -> None:
    """R-PRG-01: the squat became a lunge without a load; the lunges of the day reached theirs."""
    ada = town.citizen()
    lunge = {"exerciseId": "lunge", "sets": 1, "repetitions": 8, "loadKg": 20, "restS": 90}
    key = create(
        ada,
        rule={"kind": "linear", "deloadAfter": 1},
        weeks=[{"days": [{"exercises": [SQUAT, lunge]}] * 2}],
    )
    perform_sets(ada, key, [({"exerciseId": "lunge"}, 5), ({"loadKg": 20}, 8)])
    after = program(ada, key)["weeks"][0]["days"][1]["exercises"]
    assert [each["loadKg"] for each in after] == [60, 22.5]


def test_a_day_that_is_revised_during_its_session_is_judged_as_it_was_begun(town: Town) -> None:
    """R-PRG-01: the player asked for five repetitions, not for the eight that follow."""
    ada = town.citizen()
    key = create(ada, rule={"kind": "linear", "deloadAfter": 1})
    session = ada.post(f"/v1/programs/{key}/start", json={}).json()["id"]
    later = [{"exercises": [{**SQUAT, "repetitions": 8}]}] * 3
    revision = program(ada, key)["revision"]
    revised = {"revision": revision, "name": "Squats", "weeks": [{"days": later}]}
    assert ada.ask("PUT", f"/v1/programs/{key}", json=revised).status_code == 200
    finish_with(ada, session, [({"loadKg": 60}, 5)])
    after = program(ada, key)
    assert (after["performed"], loads(after)) == ([1], [60, 60, 60])
