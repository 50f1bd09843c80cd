"""Passwords are hashed in child processes, which may be killed."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.users import hashing
from adapters.users.hashing import Cost, HashingChild, HashingProcesses
from adapters.users.hashing_child import NICENESS
from application.users.errors import PasswordsBusy
from application.users.ports import PasswordCheck

CHEAP = Cost(memory_cost=8, time_cost=1, parallelism=1)
WORDS = "three quiet\nwalruses é"


@pytest.fixture
def processes() -> Iterator[HashingProcesses]:
    processes = HashingProcesses()
    yield processes
    processes.close()


def idle(processes: HashingProcesses) -> HashingChild:
    """Return the child that the next password goes to."""
    child = processes._idle.get_nowait()
    processes._idle.put(child)
    return child


def test_callers_get_the_answers_to_their_own_passwords(processes: HashingProcesses) -> None:
    """R-IDN-18: also those who ask at the same time."""

    def is_checked(number: int) -> bool:
        hashed = processes.hash(f"{WORDS} {number}", CHEAP)
        right = processes.compare(f"{WORDS} {number}", hashed, CHEAP)
        wrong = processes.compare(f"{WORDS} {number + 1}", hashed, CHEAP)
        return (right, wrong) == (PasswordCheck(matches=True), PasswordCheck(matches=False))

    with ThreadPoolExecutor(3) as callers:
        assert all(callers.map(is_checked, range(30)))
    assert processes._idle.qsize() <= 3


def test_a_child_has_a_low_priority_and_no_secret(
    processes: HashingProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-08, R-IDN-18: requests go first, and settings may be secret."""
    monkeypatch.setenv("KINELOG_WORKER_SECRET", "a secret")
    processes.hash(WORDS, CHEAP)
    pid = idle(processes)._process.pid
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, ours + NICENESS)
    assert b"KINELOG" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert WORDS.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_killed_child_is_replaced(processes: HashingProcesses) -> None:
    """R-EVT-19"""
    hashed = processes.hash(WORDS, CHEAP)
    killed = idle(processes)._process
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert processes.compare(WORDS, hashed, CHEAP).matches
    assert idle(processes)._process.pid != killed.pid


def test_an_answer_to_another_password_is_not_taken(processes: HashingProcesses) -> None:
    """R-IDN-18: such as one that came too late for the one who asked."""
    hashed = processes.hash(WORDS, CHEAP)
    delayed = idle(processes)
    cost = '{"memory_cost": 8, "time_cost": 1, "parallelism": 1}'
    earlier = f'{{"number": 0, "password": "other", "stored": "{hashed}", "cost": {cost}}}\n'
    delayed._input.write(earlier.encode())
    assert processes.compare(WORDS, hashed, CHEAP) == PasswordCheck(matches=True)
    assert processes.compare("other", hashed, CHEAP) == PasswordCheck(matches=False)
    assert idle(processes) is not delayed


@pytest.mark.parametrize("program", ["no.such.module", "json.tool"])
def test_without_a_working_child_passwords_are_refused_for_now(
    processes: HashingProcesses, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """R-API-08: one that ends, and one that does not answer in time."""
    monkeypatch.setattr(hashing, "PROGRAM", program)
    monkeypatch.setattr(hashing, "PATIENCE_S", 0.5)
    with pytest.raises(PasswordsBusy):
        processes.hash(WORDS, CHEAP)
    monkeypatch.undo()
    assert processes.hash(WORDS, CHEAP)


def test_a_text_that_is_no_unicode_harms_no_child(processes: HashingProcesses) -> None:
    processes.hash(WORDS, CHEAP)
    child = idle(processes)
    with pytest.raises(UnicodeEncodeError):
        processes.hash("\ud800", CHEAP)
    assert processes.hash(WORDS, CHEAP)
    assert idle(processes) is child
