"""Process guard: ends a server when the process that started it ends or is killed.

One guard runs per server, as a script with the standard library only, so that it starts in
milliseconds. Its standard input is a pipe from the owner: `s` requests a stop, `k` a kill, and the
end of the pipe (or of the owner) means that the owner is dead. Linux does the rest: the server dies
with its guard (PR_SET_PDEATHSIG), and children that the server leaves behind become the guard's
(PR_SET_CHILD_SUBREAPER), so that all processes end.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
"""prctl(2), <linux/prctl.h>."""


class Order(TypedDict):
    """Command of a guard.

    `user` and `group` are ids, or None to keep the current ones. `stop_signal` asks the server to
    stop gracefully, within at most `grace_s` seconds; `orphan_signal` ends it when its owner is
    dead. `remove` is a folder to remove if the owner dies, or None.
    """

    command: list[str]
    folder: str
    user: int | None
    group: int | None
    owner: int
    stop_signal: int
    orphan_signal: int
    grace_s: float
    remove: str | None


def main(order: Order) -> int:
    """Run the server until it ends or is stopped, and leave no processes behind."""
    signal.pthread_sigmask(
        signal.SIG_SETMASK, ()
    )  # servers do not inherit the owner's blocked signals
    awake = _woken_by_children()
    if sys.platform == "linux":
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
    server = _start(order)
    word = _next_word(order["owner"], server, awake)
    if word == "stop":
        _end(server, order["stop_signal"], order["grace_s"])
    elif word == "orphaned":
        _end(server, order["orphan_signal"], order["grace_s"])
    elif word == "kill":
        _kill_group(server)
    _kill_left_behind()
    if word == "orphaned" and order["remove"] is not None:
        shutil.rmtree(order["remove"], ignore_errors=True)
    return 0


def _start(order: Order) -> "subprocess.Popen[bytes]":
    guard = os.getpid()

    def die_with_guard() -> None:
        # After the change of user, which resets the signal; the guard may have died already.
        if sys.platform == "linux":
            _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != guard:
                os._exit(1)

    return subprocess.Popen(
        order["command"],
        cwd=order["folder"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        user=order["user"],
        group=order["group"],
        extra_groups=None if order["user"] is None else [],
        preexec_fn=die_with_guard,  # noqa: PLW1509  this process has one thread
    )


def _next_word(owner: int, server: "subprocess.Popen[bytes]", awake: int) -> str:
    """Wait without polling for `stop`, `kill`, `orphaned` or `exited`."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), select.POLLIN)
    poll.register(awake, select.POLLIN)
    # A child that the owner forked holds the pipe open, so the owner itself is watched as well.
    watched = _process_handle(owner)
    if watched is not None:
        poll.register(watched, select.POLLIN)
    if os.getppid() != owner:
        return "orphaned"
    while True:
        ready = {fd for fd, _ in poll.poll()}
        if sys.stdin.fileno() in ready:
            return {b"s": "stop", b"k": "kill"}.get(os.read(sys.stdin.fileno(), 1), "orphaned")
        if watched in ready:
            return "orphaned"
        os.read(awake, 512)
        if server.poll() is not None:
            return "exited"


def _woken_by_children() -> int:
    """Return a file descriptor that becomes readable whenever a child ends."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, _nothing)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def _nothing(_number: int, _frame: object) -> None:
    """Ignore a signal: its arrival on the wake-up descriptor is enough."""


def _process_handle(pid: int) -> int | None:
    """Return a descriptor that becomes readable when the process ends, if the system has one."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError):  # older kernels and some sandboxes have none: the pipe stays
        return os.pidfd_open(pid)
    return None


def _end(server: "subprocess.Popen[bytes]", number: int, grace_s: float) -> None:
    server.send_signal(number)
    try:
        server.wait(timeout=grace_s)
    except subprocess.TimeoutExpired:
        _kill_group(server)


def _kill_group(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _kill_left_behind() -> None:
    """Kill the remaining children of the server, which became ours when it ended."""
    while children := _children():
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> list[int]:
    """Return the children of this process; none if there is no /proc."""
    children: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = stat.read_text().rpartition(")")[2].split()[1]  # proc(5): after the name
            if int(parent) == os.getpid():
                children.append(int(stat.parent.name))
    return children


def _prctl(option: int, argument: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, argument, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} was refused")


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
