import os
import threading

import pytest

from adapters.pose.stderr_filter import without_remarks

REMARKS = (
    b"WARNING: Logging before InitGoogle() is written to STDERR\n"
    b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
    b"W0000 00:00:1 42 inference_feedback_manager.cc:121] Feedback manager requires a model.\n"
)


def test_expected_messages_are_suppressed(capfd: pytest.CaptureFixture[str]) -> None:
    with without_remarks():
        os.write(2, REMARKS)
    assert not capfd.readouterr().err


def test_every_other_line_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    with without_remarks():
        os.write(2, b"E0000 a real error\n" + REMARKS + b"no newline")
    assert capfd.readouterr().err == "E0000 a real error\nno newline"


def test_an_error_is_raised_with_what_was_written_before_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        os.write(2, b"about to fail\n")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), without_remarks():
        fail()
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "about to fail\nafterwards\n"


def test_two_threads_lose_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with without_remarks():
            inside.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait()
    with without_remarks():
        os.write(2, b"of the second\n" + REMARKS)
    done.set()
    holder.join()
    assert capfd.readouterr().err == "of the second\n"
