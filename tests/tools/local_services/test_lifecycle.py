"""Every local server replies, stops or is killed, and restarts."""

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.tools.local_services.processes import alive, descendants
from tests.waiting import wait_until
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import LocalPostgres
from tools.local_services.redis import LocalRedis
from tools.local_services.server import LocalServer, ServerFailed

pytestmark = pytest.mark.slow

Make = Callable[[], LocalPostgres | LocalKafka | LocalRedis]
SERVERS = [LocalPostgres, LocalKafka, LocalRedis]

each_server = pytest.mark.parametrize("make", SERVERS, ids=lambda make: make.name)


def port_of(server: LocalPostgres | LocalKafka | LocalRedis) -> int:
    address = server.url if "//" in server.url else f"//{server.url}"
    port = urlsplit(address).port
    assert port is not None
    return port


def is_open(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    return False


@each_server
def test_a_server_answers_and_leaves_nothing_behind(make: Make) -> None:
    with make() as server:
        assert server.answers()
        folder, port = server.folder, port_of(server)
        processes = {server.guard_pid} | descendants(server.guard_pid)
    assert not folder.exists()
    assert not is_open(port)
    assert not alive(processes)


@each_server
def test_a_killed_server_comes_back_at_the_same_address(make: Make) -> None:
    with make() as server:
        address = server.url
        server.kill()
        assert not server.running
        assert not is_open(port_of(server))
        server.start()
        assert server.answers()
        assert server.url == address


@each_server
def test_two_servers_run_side_by_side(make: Make) -> None:
    with make() as one, make() as other:
        assert one.folder != other.folder
        assert port_of(one) != port_of(other)
        one.kill()
        assert other.answers()


@pytest.mark.parametrize("make", [LocalPostgres, LocalRedis], ids=lambda make: make.name)
def test_a_server_listens_on_the_loopback_address_only(make: Make) -> None:
    with make() as server:
        port = port_of(server)
        listening = [
            line.split()[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
            if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
        ]
        assert listening == [f"0100007F:{port:04X}"]  # 127.0.0.1, as proc(5) writes it


def test_a_stopped_server_starts_again_with_its_data(tmp_path: Path) -> None:
    with LocalRedis(tmp_path / "redis", persistent=True) as server:
        server.stop()
        server.stop()
        server.start()
        server.start()
        assert server.answers()
    assert (tmp_path / "redis").is_dir()


def test_a_server_that_cannot_start_reports_the_reason() -> None:
    server: LocalServer = LocalPostgres(settings={"max_connections": "many"})
    with pytest.raises(ServerFailed, match='invalid value for parameter "max_connections"'), server:
        pass
    assert not server.folder.exists()


def test_a_server_that_ended_by_itself_is_noticed_and_can_be_started() -> None:
    with LocalRedis() as server:
        (redis,) = descendants(server.guard_pid)
        os.kill(redis, 9)
        wait_until(lambda: not server.running)
        assert server.start().answers()
