"""Analysts see enrollments and payments, and the events that count them."""

from dataclasses import replace
from datetime import date, timedelta

from adapters.analytics.database import Analytics
from adapters.analytics.event_counts import PostgresEventCounts
from adapters.bus.in_process import InProcessBus
from adapters.event_log.codec import EVENTS
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.analytics.window_store import GROUP, aggregate_events
from application.kernel.cloud_events import encoded, to_message
from application.kernel.consumer import consumer_subscription
from application.kernel.projection_runner import build_missing
from application.kernel.topics import TOPICS
from domain.enrollments.events import EnrollmentCompleted, WorkoutPerformed
from projections.registry import ALL
from tests.adapters.analytics.reading import query_rows
from tests.adapters.analytics.sales import CHANGES, SCHEDULE, enrolled
from tests.projections.histories import AT, ListLog
from tests.projections.recommended import RECOMMENDED

BY_PLAN = """
SELECT plan_id, count(*), count(*) FILTER (WHERE payments.status = 'succeeded')
FROM analytics.enrollments JOIN analytics.payments USING (tenant_id, subscription_id)
GROUP BY plan_id
"""

ROUNDS = """
SELECT id, round, status, began_at, ended_on, performed FROM analytics.enrollment_rounds
ORDER BY id, round
"""

BY_OUTCOME = """
SELECT gateway, status, fail_reason, amount_minor, currency FROM analytics.payments ORDER BY status
"""

BY_MODEL = "SELECT context, model, listed, viewed, clicked FROM analytics.recommendations"

COUNTED = """
SELECT name, events FROM analytics.event_counts
WHERE name IN ('enrollment.created', 'payment.completed', 'payment.failed')
ORDER BY name
"""


def sold() -> ListLog:
    log = ListLog()
    for change in CHANGES:
        log.add(change.stream, *change.events)
    return log


def test_enrollments_become_payments(url: str) -> None:
    """R-CAT-05, R-PAY-09: how many enrollments in a plan were paid for."""
    database = Database(url)
    build_missing(sold(), SqlProjectionStore(database), ALL)
    database.close()
    assert query_rows(url, BY_PLAN) == [("strong", 2, 1)]
    assert query_rows(url, BY_OUTCOME) == [
        ("stripe", "failed", "declined", 1999, "EUR"),
        ("stripe", "succeeded", None, 1999, "EUR"),
    ]


def test_each_round_of_an_enrollment_is_a_row(url: str) -> None:
    """R-CAT-05: a second round that is not paid leaves the first one as it was."""
    log, again = sold(), AT + timedelta(days=60)
    performed = WorkoutPerformed(number=1, on=SCHEDULE.start_on)
    log.add("enrollment-of-ada", performed, EnrollmentCompleted(on=date(2030, 2, 28)))
    log.add("enrollment-of-ada", replace(enrolled("ada"), at=again))
    database = Database(url)
    build_missing(log, SqlProjectionStore(database), ALL)
    database.close()
    assert query_rows(url, ROUNDS) == [
        ("of-ada", 1, "completed", AT, date(2030, 2, 28), 1),
        ("of-ada", 2, "pending_payment", None, None, 0),
        ("of-eve", 1, "pending_payment", None, None, 0),
    ]
    ended = "SELECT began_at, ended_on FROM analytics.enrollments WHERE id = 'of-ada'"
    assert query_rows(url, ended) == [(None, None)]


def test_lists_of_recommendations_show_what_was_opened(url: str) -> None:
    """R-PRG-08: of three items, two were seen and one opened."""
    log, database = ListLog(), Database(url)
    log.add("recommendation-r", *RECOMMENDED)
    build_missing(log, SqlProjectionStore(database), ALL)
    database.close()
    assert query_rows(url, BY_MODEL) == [("home", "rules/1", 3, 2, 1)]


def test_enrollments_and_payments_are_counted_by_day(url: str, analytics: Analytics) -> None:
    """R-CAT-05, R-PAY-09, R-EVT-04: on the queue of all events; a repeated one counts once."""
    sent = [to_message(encoded(recorded, EVENTS.encode)) for recorded in sold().recorded]
    bus = InProcessBus(TOPICS)
    bus.publish([*sent, *sent])
    counts = PostgresEventCounts(analytics)
    consumer_subscription(
        bus,
        GROUP,
        lambda delivered: aggregate_events(delivered, counts),
        draw=lambda: 0.0,
        clock=lambda: AT,
    ).run_once()
    assert query_rows(url, COUNTED) == [
        ("enrollment.created", 2),
        ("payment.completed", 1),
        ("payment.failed", 1),
    ]
