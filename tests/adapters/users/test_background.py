import threading

import pytest

from adapters.users.background_tasks import Background, QueueFull
from application.users.errors import MailUndelivered


def test_requested_work_is_done_in_order_before_shutdown() -> None:
    done: list[int] = []
    background = Background()
    for number in range(20):
        background(lambda number=number: done.append(number))  # type: ignore[misc]
    background.close()
    assert done == list(range(20))


def test_a_failure_is_logged_without_content_and_the_rest_continues(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """R-IDN-18"""
    done: list[str] = []

    def refused() -> None:
        raise MailUndelivered("ada@example.org")

    background = Background()
    background(refused)
    background(lambda: 1 // 0)
    background(lambda: done.append("after"))
    background.close()
    shown = "".join(capsys.readouterr())
    assert done == ["after"]
    assert "mail.undelivered" in shown
    assert "ZeroDivisionError" in shown
    assert "ada@example.org" not in shown


def test_too_many_requests_are_refused() -> None:
    go_on = threading.Event()
    background = Background(max_queued=2)
    background(go_on.wait)
    background(go_on.wait)
    with pytest.raises(QueueFull):
        background(go_on.wait)
    go_on.set()
    background.close()
