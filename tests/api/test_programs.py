"""Programs are planned, performed and changed by their rule, each change with its reason."""

from typing import Any
from uuid import uuid4

import pytest

from domain.programs.commands import MAX_PROGRAMS
from tests.api.people import Town
from tests.api.programs import OWN, SQUAT, WEEKS, create, loads, perform, program

PROGRAM = "query($id: ID!) { program(id: $id) { name goal nextDay performed ended: endedAt"
PROGRAM += " weeks { days { exercises { targetRpe } } } } }"


def test_a_program_is_planned_for_its_goal(town: Town) -> None:
    """Without weeks, they are planned from goal, days, equipment and what hurts (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada, weeks=None, weekCount=5, daysAWeek=2, spared=["knee"], goal="muscle")
    shown = program(ada, key)
    assert (len(shown["weeks"]), {len(week["days"]) for week in shown["weeks"]}) == (5, {2})
    exercises = {
        each["exerciseId"]
        for week in shown["weeks"]
        for day in week["days"]
        for each in day["exercises"]
    }
    assert "push_up" in exercises
    assert not exercises & {"squat", "lunge", "bench_press"}


def test_a_program_starts_from_a_template(town: Town) -> None:
    """R-PRG-02: with its rule, for the weeks, equipment and injuries of the athlete."""
    ada = town.citizen()
    found = {each["id"]: each for each in ada.get("/v1/programs/templates").json()["items"]}
    template = found["strength_basics"]
    key = create(ada, weeks=None, rule=None, weekCount=5, template=template["id"],
                 equipment=template["equipment"])  # fmt: skip
    shown = program(ada, key)
    assert [week["isDeload"] for week in shown["weeks"]] == [False] * 3 + [True, False]
    assert shown["weeks"][0] == template["week"]
    assert shown["rule"] == template["rule"]
    listed = ada.graph("{ programTemplates { id weekCount } }")["data"]["programTemplates"]
    assert listed == [{"id": each["id"], "weekCount": each["weekCount"]} for each in found.values()]
    whole = create(ada, weeks=None, rule=None, template=template["id"])
    shown = program(ada, whole)
    assert (len(shown["weeks"]), shown["weeks"][0]) == (template["weekCount"], template["week"])
    assert (shown["level"], shown["equipment"]) == (template["level"], template["equipment"])
    other = ada.post("/v1/programs", json={**OWN, "weeks": None, "template": template["id"],
                                           "daysAWeek": 5})  # fmt: skip
    assert (other.status_code, other.json()["detail"]) == (
        422, "This template has 3 days a week. Leave out daysAWeek.")  # fmt: skip
    body = {**OWN, "weeks": None, "template": "nothing"}
    refused = ada.post("/v1/programs", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "program.template_unknown")


@pytest.mark.parametrize("name", ["weekCount", "daysAWeek"])
def test_weeks_are_either_given_or_planned(town: Town, name: str) -> None:
    """R-PRG-01: a number beside the weeks is refused, and no program is created."""
    ada = town.citizen()
    refused = ada.post("/v1/programs", json={**OWN, name: 1})
    reason = "The weeks are given. Leave out weekCount and daysAWeek."
    assert (refused.status_code, refused.json()["detail"]) == (422, reason)
    document = f"""mutation($weeks: [ProgramWeekInput!]) {{
        createProgram(input: {{name: "Squats", goal: STRENGTH, weeks: $weeks, {name}: 1}}) {{
            ... on Problem {{ code message }} }} }}"""
    problem = ada.graph(document, weeks=WEEKS)["data"]["createProgram"]
    assert problem == {"code": refused.json()["code"], "message": reason}
    assert ada.get("/v1/programs").json()["items"] == []


def test_a_performed_day_raises_later_days_with_a_reason_in_facts(town: Town) -> None:
    """The target was reached: later days have 2.5 kg more, and the program says why (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada)
    perform(ada, key)
    shown = program(ada, key)
    assert (loads(shown), shown["performed"], shown["nextDay"]) == ([60, 62.5, 62.5], [1], 2)
    (change,) = shown["changes"]
    assert change["change"]["reason"] == "The set reached the target of 5."
    assert {each["name"]: each["number"] for each in change["change"]["facts"]} == {
        "sets": 1,
        "target": 5,
        "sessions": 1,
    }


def test_a_rule_by_effort_follows_what_the_athlete_says(town: Town) -> None:
    """R-PRG-01: once for each day, after it was performed."""
    ada = town.citizen()
    key = create(ada, rule={"kind": "effort", "reserve": 2, "stepKg": 5})
    exercise = program(ada, key)["weeks"][0]["days"][0]["exercises"][0]["exerciseId"]
    path = f"/v1/programs/{key}/efforts"
    body = {"day": 1, "exerciseId": exercise, "reserve": 4}
    early = ada.post(path, json=body)
    assert (early.status_code, early.json()["code"]) == (409, "program.day_not_performed")
    perform(ada, key)
    before = program(ada, key)
    assert before["changes"] == []
    for _ in range(2):
        assert ada.post(path, json=body).status_code == 200
    other = ada.post(path, json={**body, "reserve": 0})
    assert (other.status_code, other.json()["code"]) == (409, "program.effort_reported")
    after = program(ada, key)
    assert loads(after)[1:] == [each + 5 for each in loads(before)[1:]]
    assert after["efforts"] == [body]
    (dated,) = after["changes"]
    expected = "You had 4 repetitions in reserve, more than the 2 of the rule."
    assert dated["change"]["reason"] == expected
    shown = ada.graph("{ programs { efforts { reserve } } }")["data"]["programs"]
    assert shown == [{"efforts": [{"reserve": 4}]}]


def test_a_missed_target_changes_nothing(town: Town) -> None:
    """Four of five repetitions are a miss (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada)
    perform(ada, key, repetitions=4)
    assert loads(program(ada, key)) == [60, 60, 60]


def test_a_repeated_completion_progresses_once(town: Town) -> None:
    """Neither a retry nor a second session of the day progresses again (R-PRG-01, R-EVT-16)."""
    ada = town.citizen()
    key = create(ada)
    done = perform(ada, key)
    headers = {"Idempotency-Key": done["Idempotency-Key"]}
    again = ada.post(f"/v1/workouts/{done['session']}/complete", json={}, headers=headers)
    assert again.json()["repeated"]
    assert loads(program(ada, key)) == [60, 62.5, 62.5]
    perform(ada, key, day=1)
    shown = program(ada, key)
    assert (shown["performed"], loads(shown)) == ([1], [60, 62.5, 62.5])


def test_writes_are_repeated_without_effect(town: Town) -> None:
    """A retry with the same key gives the same program and the same session (R-EVT-16)."""
    ada = town.citizen()
    headers = {"Idempotency-Key": str(uuid4())}
    first, again = (ada.post("/v1/programs", json=OWN, headers=headers).json() for _ in range(2))
    assert (first["programId"], again["repeated"]) == (again["programId"], True)
    path = f"/v1/programs/{first['programId']}"
    started = [ada.post(f"{path}/start", json={}, headers=headers) for _ in range(2)]
    assert {each.status_code for each in started} <= {201, 409, 422}
    key = {"Idempotency-Key": str(uuid4())}
    one, two = (ada.post(f"{path}/start", json={}, headers=key).json() for _ in range(2))
    assert one["id"] == two["id"]


def test_edits_of_a_running_program_keep_performed_days(town: Town) -> None:
    """Later days can change, performed ones cannot, and stale edits are refused (R-PRG-02)."""
    ada = town.citizen()
    key = create(ada)
    perform(ada, key)
    shown = program(ada, key)
    body = {"revision": shown["revision"], "name": "Legs", "weeks": shown["weeks"]}
    body["weeks"][0]["days"][2]["exercises"][0]["sets"] = 4
    revised = ada.ask("PUT", f"/v1/programs/{key}", json=body)
    assert revised.status_code == 200, revised.text
    assert program(ada, key)["name"] == "Legs"
    stale = ada.ask("PUT", f"/v1/programs/{key}", json=body)
    assert (stale.status_code, stale.json()["code"]) == (409, "program.changed")
    body["revision"] += 1
    body["weeks"][0]["days"][0]["exercises"][0]["sets"] = 2
    past = ada.ask("PUT", f"/v1/programs/{key}", json=body)
    assert (past.status_code, past.json()["code"]) == (409, "program.performed_day")


REVISE = """mutation($key: ID!, $revision: Int!, $weeks: [ProgramWeekInput!]!) {
  reviseProgram(input: {programId: $key, name: "Renamed", revision: $revision, weeks: $weeks}) {
    ... on ProgramPayload { program { name } } ... on Problem { message } } }"""


def test_a_change_by_an_older_client_keeps_targets_of_exertion(town: Town) -> None:
    """R-WKT-02: so it changes no performed day, and is not refused. Null removes a target."""
    ada = town.citizen()
    key = create(ada)
    perform(ada, key)
    older = {name: SQUAT[name] for name in SQUAT if name != "targetRpe"}

    def revise(*days: Any) -> list[Any]:
        shown = program(ada, key)
        weeks = [{"days": [{"exercises": exercises} for exercises in days]}]
        body = {"name": "Renamed", "revision": shown["revision"], "weeks": weeks}
        answer = ada.ask("PUT", f"/v1/programs/{key}", json=body)
        assert answer.status_code == 200, answer.text
        (week,) = program(ada, key)["weeks"]
        return [[each["targetRpe"] for each in day["exercises"]] for day in week["days"]]

    light, without = {**older, "targetRpe": 5}, {**older, "targetRpe": None}
    assert revise([older], [{**older, "sets": 4}], [older]) == [[8], [8], [8]]
    assert revise([older], [older, light], [without]) == [[8], [8, 5], [None]]
    plank = {"exerciseId": "plank", "sets": 1, "holdS": 30}
    assert revise([older], [plank, older, older], [older]) == [[8], [None, 8, 5], [None]]
    weeks = [{"days": [{"exercises": [older]}] * 3}]
    answer = ada.graph(REVISE, key=key, revision=program(ada, key)["revision"], weeks=weeks)
    assert answer["data"]["reviseProgram"] == {"program": {"name": "Renamed"}}
    targets = [day["exercises"][0]["targetRpe"] for day in program(ada, key)["weeks"][0]["days"]]
    assert targets == [8, 8, None]


def test_exercises_have_notes_until_they_are_removed(town: Town) -> None:
    """R-PRG-02: a change of the weeks keeps them; GraphQL shows the same."""
    ada = town.citizen()
    notes = [{"exerciseId": "squat", "text": "Heels down."}]
    key = create(ada, notes=notes)
    assert program(ada, key)["notes"] == notes
    shown = ada.graph("{ programs { notes { exerciseId text } } }")["data"]["programs"]
    assert shown == [{"notes": notes}]
    path = f"/v1/programs/{key}"
    changes: list[tuple[dict[str, Any], Any]] = [
        ({"name": "Legs"}, notes),
        ({"notes": [{"exerciseId": "lunge", "text": "Slowly."}]}, None),
        ({"notes": []}, []),
    ]
    for revision, (change, expected) in enumerate(changes, 1):
        body = {"name": "Squats", "weeks": WEEKS, "revision": revision, **change}
        assert ada.ask("PUT", path, json=body).status_code == 200
        assert program(ada, key)["notes"] == (change["notes"] if expected is None else expected)


def test_a_back_test_shows_what_a_rule_would_have_done(town: Town) -> None:
    """It runs over the athlete's own sessions and changes nothing (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada, rule=None)
    for _ in range(2):
        perform(ada, key)
    params = {"exerciseId": "squat", "kind": "linear", "stepKg": "5"}
    steps = ada.get(f"/v1/programs/{key}/back-test", params=params).json()["steps"]
    assert [each["planned"]["loadKg"] for each in steps] == [60, 65]
    assert [len(each["changes"]) for each in steps] == [1, 0]
    assert loads(program(ada, key)) == [60, 60, 60]


def test_weeks_are_added_with_the_targets_reached(town: Town) -> None:
    """They repeat the latest week with the load that the rule has reached; once (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada)
    perform(ada, key)
    headers = {"Idempotency-Key": str(uuid4())}
    for repeated in (False, True):
        added = ada.post(f"/v1/programs/{key}/weeks", json={"weeks": 3}, headers=headers)
        assert (added.status_code, added.json()["repeated"]) == (200, repeated)
    shown = program(ada, key)
    assert loads(shown) == [60] + [62.5] * 11
    assert [each["isDeload"] for each in shown["weeks"]] == [False] * 3 + [True]
    too_many = ada.post(f"/v1/programs/{key}/weeks", json={"weeks": 13})
    assert (too_many.status_code, too_many.json()["code"]) == (422, "value.invalid")
    ada.ask("DELETE", f"/v1/programs/{key}")
    over = ada.post(f"/v1/programs/{key}/weeks", json={})
    assert (over.status_code, over.json()["code"]) == (409, "program.over")


def test_programs_are_their_owners_alone(town: Town) -> None:
    """Nobody else reads, changes or performs a program, whatever their role (R-PRG-01)."""
    ada, other = town.citizen(), town.staff("trainer", "coach@example.org")
    key = create(ada)
    requests: tuple[tuple[str, str, Any], ...] = (
        ("GET", "", None),
        ("PUT", "", {"revision": 1, "name": "Mine", "weeks": WEEKS}),
        ("PUT", "/rule", {"kind": "none"}),
        ("POST", "/weeks", {"weeks": 1}),
        ("POST", "/start", {}),
        ("DELETE", "", None),
    )
    for method, path, body in requests:
        answer = other.ask(method, f"/v1/programs/{key}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "program.unknown")
    assert other.get("/v1/programs").json()["items"] == []
    assert program(ada, key)["endedAt"] is None


def test_only_a_day_of_the_program_begins(town: Town) -> None:
    """A program of three days has no fourth one (R-PRG-01)."""
    ada = town.citizen()
    key = create(ada)
    head = town.platform.log.head()
    refused = ada.post(f"/v1/programs/{key}/start", json={"day": 4})
    assert (refused.status_code, refused.json()["code"]) == (404, "program.day_unknown")
    assert town.platform.log.head() == head


def test_an_athlete_has_a_limited_number_of_programs(town: Town) -> None:
    """Ten programs run at once; an ended one makes room (R-PRG-01)."""
    ada = town.citizen()
    keys = [create(ada) for _ in range(MAX_PROGRAMS)]
    refused = ada.post("/v1/programs", json=OWN)
    assert (refused.status_code, refused.json()["code"]) == (409, "program.too_many")
    assert ada.ask("DELETE", f"/v1/programs/{keys[0]}").status_code == 200
    create(ada)


def test_graphql_shows_the_same_program(town: Town) -> None:
    """The query has what REST has (R-PRG-01, R-WKT-02)."""
    ada = town.citizen()
    key = create(ada)
    answer = ada.post("/graphql", json={"query": PROGRAM, "variables": {"id": key}}).json()
    assert answer["data"]["program"] == {
        "name": "Squats",
        "goal": "STRENGTH",
        "nextDay": 1,
        "performed": [],
        "ended": None,
        "weeks": [{"days": [{"exercises": [{"targetRpe": 8}]}] * 3}],
    }
    started = ada.post(f"/v1/programs/{key}/start", json={}).json()
    assert (started["next"]["targetRpe"], started["lines"][0]["targetRpe"]) == (8, 8)


@pytest.mark.parametrize(
    "other",
    [
        {"equipment": ["rocket"]},
        {"weeks": []},
        {"weeks": [{"days": [{"exercises": [{**SQUAT, "holdS": 30}]}]}]},
        {"weeks": [{"days": [{"exercises": [{**SQUAT, "targetRpe": 7.7}]}]}]},
        {"rule": {"kind": "linear", "stepKg": 0}},
        {"name": "two\nlines"},
        {"notes": [{"exerciseId": "squat", "text": ""}]},
        {"notes": [{"exerciseId": "squat", "text": "x" * 501}]},
        {"notes": [{"exerciseId": "squat", "text": "Down."}] * 2},
    ],
)
def test_an_invalid_program_is_refused(town: Town, other: dict[str, Any]) -> None:
    """The refusal says what is wrong (R-PRG-01)."""
    refused = town.citizen().post("/v1/programs", json={**OWN, **other})
    assert refused.status_code == 422
    assert refused.json()["detail"]
