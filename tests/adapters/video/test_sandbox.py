"""An attacker who runs code in a child process for media finds every way out closed (ADR 26)."""

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from platformdirs import user_cache_path

from adapters.health_checks import sandbox as health_check
from adapters.memory_file import fix_size, memory_file
from adapters.pose.messages import SHARED_BYTES, PoseTask, Started
from adapters.pose.model_file import BLAZEPOSE, PoseModelSource, Recipe
from adapters.pose.movenet_model import MOVENET
from adapters.sandbox import PROTECTIONS
from adapters.video import child_process
from adapters.video.child_process import HEADER_BYTES, ChildProcess
from adapters.video.isolated import IMAGE_LIMITS, probe_protections
from adapters.video.messages import ChildTask, Confinement
from application.operations.readiness import Degraded

ATTACK = """
import ctypes, fcntl, json, os, resource, signal, socket, subprocess, sys, threading

def identity(descriptor):
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return [descriptor, status.st_dev, status.st_ino]

INHERITED = [each for each in map(identity, range(1024)) if each]

from CHILD import child

key, folder = PATHS
libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")

def thread():
    started = threading.Thread(target=sum, args=([1, 2],))
    started.start()
    started.join()

os_open = lambda path, flags: os.open(path, flags)
ATTEMPTS = {
    "a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "a socket of the machine": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "a pair of sockets": socket.socketpair,
    "a program": lambda: os.execv("/bin/true", ["true"]),
    "a program of a child": lambda: subprocess.run(["/bin/true"], close_fds=False),
    "a process": os.fork,
    "a spawned process": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "the key": lambda: os_open(key, os.O_RDONLY),
    "its own environment": lambda: os_open("/proc/self/environ", os.O_RDONLY),
    "the memory of the parent": lambda: os_open(f"/proc/{os.getppid()}/mem", os.O_RDWR),
    "a new file": lambda: os_open(f"{folder}/new", os.O_WRONLY | os.O_CREAT),
    "the file of the key": lambda: os_open(key, os.O_WRONLY),
    "a removed file": lambda: os.unlink(key),
    "a renamed file": lambda: os.rename(key, key + "2"),
    "a folder": lambda: os.mkdir(f"{folder}/new"),
    "a list of files": lambda: os.listdir(folder),
    "a file in memory": lambda: os.memfd_create("new"),
    "a signal to the parent": lambda: os.kill(os.getppid(), 0),
    "an owner of a pipe's signals": lambda: fcntl.fcntl(1, fcntl.F_SETOWN, os.getpid()),
    "another signal of a pipe": lambda: fcntl.fcntl(1, fcntl.F_SETSIG, signal.SIGKILL),
    "signals of a pipe": lambda: fcntl.fcntl(1, fcntl.F_SETFL, os.O_ASYNC),
    "limits of the parent": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    "a traced parent": lambda: call(101, 16, os.getppid(), 0, 0),  # ptrace, attach
    "io_uring": lambda: call(425, 8, 0),
    "shared memory that is shorter": lambda: os.ftruncate(INHERITED[-1][0], 0),
}
if "CHILD" != "adapters.pose":
    del ATTEMPTS["shared memory that is shorter"]
if sys.platform != "linux" or os.uname().machine != "x86_64":
    del ATTEMPTS["a traced parent"], ATTEMPTS["io_uring"]

def attack(source, sink):
    os.close(0)  # so that the limit of open files is not what refuses
    outcome = {"environment": sorted(os.environ), "inherited": INHERITED}
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
            outcome[name] = "done"
        except OSError as refusal:
            outcome[name] = refusal.errno
    thread()
    child.send(sink, child.END, json.dumps(outcome).encode())

child.decode_images = attack
child.answer_all = lambda estimator, shared, source, sink: attack(source, sink)
child.main()
"""

EPERM = 1


@contextmanager
def image_child() -> Iterator[ChildProcess]:
    """A child that decodes images."""
    with closing(ChildProcess(ChildTask("images", IMAGE_LIMITS, 1920))) as child:
        confinement = msgspec.json.decode(child.message(60.0, HEADER_BYTES)[1], type=Confinement)
        assert confinement.protections == PROTECTIONS
        yield child


@contextmanager
def pose_child(recipe: Recipe = BLAZEPOSE) -> Iterator[ChildProcess]:
    """A child that finds poses."""
    model = PoseModelSource(user_cache_path("kinelog"), recipe=recipe).resolve()
    with memory_file("image") as file:
        fix_size(file, SHARED_BYTES)
        task = PoseTask(str(model.path), model.engine, "cpu", file.fileno())
        with closing(ChildProcess(task, shared=[file.fileno()])) as child:
            started = msgspec.json.decode(child.message(120.0, HEADER_BYTES)[1], type=Started)
            assert started.protections == PROTECTIONS
            yield child


@contextmanager
def inheritable_files(key: Path) -> Iterator[None]:
    """Open a file and sockets that each new process inherits unless they are closed for it."""
    with key.open("rb") as file, closing_all(socket.socketpair()) as sockets:
        for descriptor in (file.fileno(), *(each.fileno() for each in sockets)):
            os.set_inheritable(descriptor, True)
        yield


@contextmanager
def closing_all(sockets: tuple[socket.socket, ...]) -> Iterator[tuple[socket.socket, ...]]:
    """Close all of them at the end of the block."""
    try:
        yield sockets
    finally:
        for each in sockets:
            each.close()


def files_given_to(child: ChildProcess) -> list[list[int]]:
    """Return device and inode of what a child has as its standard input, output and error."""
    process: Any = child
    files = [process._input, process._output, process._errors.fileno()]
    return [[status.st_dev, status.st_ino] for status in map(os.fstat, files)]


@pytest.fixture(scope="module", params=["video", "pose", "movenet pose"])
def outcome(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What became of each attempt: "done", or the error number."""
    folder = tmp_path_factory.mktemp("home")
    key = folder / "master.key"
    key.write_bytes(b"secret")
    children: dict[str, Callable[[], AbstractContextManager[ChildProcess]]] = {
        "video": image_child,
        "pose": pose_child,
        "movenet pose": lambda: pose_child(MOVENET),
    }
    program = "video" if request.param == "video" else "pose"
    attack = ATTACK.replace("PATHS", repr((str(key), str(folder))))
    attack = attack.replace("CHILD", f"adapters.{program}")

    def command(_program: str) -> list[str]:
        return [sys.executable, "-P", "-s", "-c", attack]

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KINELOG_POSTGRES_URL", "postgresql://ada:secret@db/kinelog")
        patched.setattr(child_process, "_command", command)
        with inheritable_files(key), children[request.param]() as child:
            outcome = json.loads(child.message(60.0, HEADER_BYTES)[1])
            outcome["given"] = files_given_to(child)
    assert key.read_bytes() == b"secret"
    assert list(folder.iterdir()) == [key]
    return dict(outcome)


def test_every_attempt_to_leave_a_child_is_refused(outcome: dict[str, Any]) -> None:
    """Sockets, programs, files, the key, and other processes; its own threads work."""
    others = ("environment", "inherited", "given")
    attempts = {name: result for name, result in outcome.items() if name not in others}
    assert attempts == dict.fromkeys(attempts, EPERM)
    assert len(attempts) > 18


def test_the_environment_of_a_child_has_no_settings(outcome: dict[str, Any]) -> None:
    """It has what it is given, what shells and locales set, and what importing OpenCV sets."""
    allowed = {*child_process.ENVIRONMENT, "LC_CTYPE", "PWD", "SHLVL", "_"}
    opencv = {"LD_LIBRARY_PATH", "QT_QPA_FONTDIR", "QT_QPA_PLATFORM_PLUGIN_PATH"}
    assert set(outcome["environment"]) <= allowed | opencv


def test_a_child_inherits_no_file_but_its_pipes_and_the_shared_image(
    outcome: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """R-POS-12: neither the file of the key nor a socket, even if a new process could have them."""
    standard, shared = outcome["inherited"][:3], outcome["inherited"][3:]
    assert standard == [[n, *file] for n, file in enumerate(outcome["given"])]
    assert len(shared) == ("pose" in request.node.name)


def test_all_protections_are_in_force_here() -> None:
    assert probe_protections() == PROTECTIONS
    assert (
        health_check.sandbox()
        .probe()
        .startswith("Enforced for child processes that read media: no")
    )


def test_missing_protections_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_check, "probe_protections", lambda: ("privileges",))
    with pytest.raises(Degraded, match=r"Not enforced: no other .*files"):
        health_check.sandbox().probe()
