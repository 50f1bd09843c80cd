"""Population figures over REST and GraphQL: who sees them, and that their file leaves a line."""

import csv
import io
from datetime import UTC, datetime, time, timedelta

from application.analytics.population import WEEK, settled_day
from application.leaderboards.rankings import FEWEST
from tests.api.people import Person, Town
from tests.api.rivals import settle, squat

PATH = "/v1/population"
FIGURES = """
query($since: Date!, $until: Date!) { population(since: $since, until: $until) {
  since until cohorts { cohort months { month athletes } }
  weeks {
    week athletes sessions repetitions recommendationsViewed recommendationsOpened
    plans { planId enrolled paid } currencies { currency payments amountMinor }
  } } }
"""


def trained_week(town: Town, people: int = FEWEST) -> tuple[str, datetime]:
    """Let people who consented squat in a settled week; return a range of it, and its Monday."""
    last = settled_day(town.platform.clock())
    monday = last - timedelta(days=last.weekday()) - WEEK
    at = datetime.combine(monday, time(12), UTC)
    for number in range(people):
        squat(town.platform, settle(town.platform, f"R {number:02}", compared=True), 5, at=at)
    until = monday + timedelta(days=6)
    return f"?since={monday}&until={until}", at


def test_analysts_and_administrators_see_the_same_figures(town: Town) -> None:
    """R-PRG-08, C-41: over REST and GraphQL; nobody else sees them."""
    wanted, monday = trained_week(town)
    analyst = town.staff("analyst", "ann@example.org")
    shown = analyst.get(PATH + wanted)
    (week,) = shown.json()["weeks"]
    assert week["week"] == str(monday.date())
    assert (week["athletes"], week["sessions"], week["repetitions"]) == (20, 20, 100)
    assert week["recommendationsViewed"] is None
    assert shown.headers["Cache-Control"] == "private, no-store"
    administrator = town.staff("administrator", "root@example.org")
    since, until = (each.partition("=")[2] for each in wanted[1:].split("&"))
    graph = administrator.graph(FIGURES, since=since, until=until)
    assert graph["data"]["population"] == shown.json()
    for other in (town.staff("trainer", "coach@example.org"), town.citizen("eve@example.org")):
        assert other.get(PATH).status_code == 403
        assert other.get(f"{PATH}/export").status_code == 403
        refused = other.graph("{ population { since } }")
        assert refused["errors"][0]["extensions"]["code"] == "authorization.not_allowed"
    assert town.client.get(PATH).status_code == 401


def exports(person: Person) -> list[str]:
    log = person.get("/v1/me/access-log").json()["items"]
    return [each["which"].partition(":")[0] for each in log if each["what"] == "export"]


def test_a_file_of_figures_leaves_a_line(town: Town) -> None:
    """R-PRG-06, R-PRG-08: in the access log of whoever takes it; a refused one leaves none."""
    wanted, monday = trained_week(town)
    analyst = town.staff("analyst", "ann@example.org")
    file = analyst.get(f"{PATH}/export{wanted}")
    assert file.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(file.text)))
    assert rows[:2] == [
        ["Start", "Figure", "Of", "Value"],
        [str(monday.date()), "athletes", "", "20"],
    ]
    assert [str(monday.date()), "recommendations viewed", "", "not shown"] in rows
    assert exports(analyst) == ["population"]
    eve = town.citizen("eve@example.org")
    eve.get(f"{PATH}/export")
    assert exports(eve) == []


def test_fewer_than_twenty_people_have_no_figures(town: Town) -> None:
    """C-41"""
    wanted, _ = trained_week(town, people=FEWEST - 1)
    analyst = town.staff("analyst", "ann@example.org")
    (week,) = analyst.get(PATH + wanted).json()["weeks"]
    assert {week[name] for name in ("athletes", "sessions", "repetitions")} == {None}


def test_a_range_that_cannot_be_is_refused(town: Town) -> None:
    analyst = town.staff("analyst", "ann@example.org")
    refused = analyst.get(f"{PATH}?since=2030-02-01&until=2030-01-01")
    assert (refused.status_code, refused.json()["code"]) == (422, "analytics.range_invalid")
    assert analyst.get(f"{PATH}?since=0001-01-01").status_code == 422
