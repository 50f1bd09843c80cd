"""Export of sessions as CSV or JSON: exactly those of the list."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.session_export import Write, as_json
from application.kernel.ports import StorageUnavailable
from application.sessions import session_export
from application.sessions.session_export import Exported, as_csv
from domain.ids import DEFAULT_TENANT
from projections.exercise_set import EXERCISE_SET
from projections.session_summary import SESSION_SUMMARY
from tests.api.driver import ApiDriver
from tests.api.training import day, set_of, train

pytestmark = pytest.mark.both_compositions


def exported(driver: ApiDriver, **query: Any) -> Any:
    answer = driver.client.get("/v1/sessions/export", params=query)
    assert answer.status_code == 200, answer.text
    return answer


def rows(driver: ApiDriver, **query: Any) -> list[dict[str, str]]:
    text = exported(driver, format="csv", **query).text
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_file_has_one_row_a_set_in_words_that_other_programs_read(driver: ApiDriver) -> None:
    """R-UIX-08."""
    weighted = set_of(1, "push_up", 10, 22.5)
    train(driver, "a", weighted, set_of(2, "plank", 0), zone="Asia/Tokyo")
    answer = exported(driver)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kinelog-sessions.csv"'
    assert answer.text == (
        "Date,Workout Name,Exercise Name,Set Order,Weight,Weight Unit,Reps,Seconds,Notes,Session,"
        "Verified Reps"
        "\r\n"
        "2030-01-31 16:30:00,Push-up,Push-up,1,22.5,kg,10,40,,a,0\r\n"
        "2030-01-31 16:30:00,Push-up,Plank,2,,,0,30,,a,0\r\n"
    )


def test_an_export_has_what_the_list_has_in_its_order(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-UIX-03, R-UIX-08."""
    monkeypatch.setattr(session_export, "AT_ONCE", 2)
    for number in range(5):
        train(driver, f"s{number}", set_of(1, "push_up", 5 - number), day=number)
    train(driver, "other", set_of(1, "squat", 9), day=1)
    driver.client.delete("/v1/sessions/s3")
    asks: list[dict[str, Any]] = [
        {},
        {"exercise": "push_up", "sort": "repetitions", "ascending": True},
        {"since": day(1), "until": day(2), "own_days": True, "completed": True},
        {"recorded": True},
    ]
    for query in asks:
        items = driver.client.get("/v1/sessions", params=query).json()["items"]
        listed = [each["id"] for each in items]
        assert [row["Session"] for row in rows(driver, **query)] == listed
        view = exported(driver, format="json", **query).json()
        assert [each["id"] for each in view] == listed
        for one, item in zip(view, items, strict=True):
            assert {name: one[name] for name in item} == item


def test_a_session_in_json_has_its_sets_and_its_name(driver: ApiDriver) -> None:
    """R-UIX-08, C-53."""
    key = driver.train(1)
    (view,) = exported(driver, format="json").json()
    state = driver.client.get(f"/v1/sessions/{key}").json()
    assert view["sets"] == state["sets"]
    assert (view["workoutName"], view["notes"]) == ("Take 1", "")


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1"]
)
def test_cells_cannot_be_spreadsheet_formulas(driver: ApiDriver, words: str) -> None:
    """R-UIX-08."""
    key, read = train(driver, "a", set_of(1, "push_up", 1)), driver.platform.read
    row = read.get(SESSION_SUMMARY, DEFAULT_TENANT, key)
    assert row is not None
    sets = read.by(EXERCISE_SET, DEFAULT_TENANT, "session_id", [key])[key]
    named = Exported(row, tuple(sets), name=words, notes=f'{words}, "quoted"\nand on')
    view = "".join(as_csv([[named]]))
    (line,) = csv.DictReader(io.StringIO(view, newline=""), strict=True)
    assert line["Workout Name"] == f"'{words}"
    assert line["Notes"] == f'\'{words}, "quoted"\nand on'


@pytest.mark.parametrize("write", [as_csv, as_json])
def test_a_page_is_written_before_the_next_one_is_read(driver: ApiDriver, write: Write) -> None:
    """R-UIX-08: an export of any length holds at most one page in memory."""
    key = train(driver, "a", set_of(1, "push_up", 1))
    row = driver.platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, key)
    assert row is not None
    page = [Exported(row, (), name="", notes="")]
    read: list[int] = []

    def pages() -> Iterator[list[Exported]]:
        for number in range(3):
            read.append(number)
            yield page

    seen = [len(read) for _ in write(pages())]
    assert sorted(set(seen)) == ([0, 1, 2, 3] if write is as_csv else [1, 2, 3])


def test_export_errors_are_returned_before_the_file(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = {"since": day(0), "zone": "Mars/Olympus"}
    unknown = driver.client.get("/v1/sessions/export", params=query)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "value.invalid")
    other = driver.client.get("/v1/sessions/export", params={"format": "xlsx"})
    assert other.status_code == 422

    def gone(*_: Any, **__: Any) -> Any:
        raise StorageUnavailable

    monkeypatch.setattr(session_export, "list_sessions", gone)
    assert driver.client.get("/v1/sessions/export").status_code == 503
