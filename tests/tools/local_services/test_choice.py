"""R-OPS-10: choice of a test server: a given URL, a container, or local binaries.

Without any of them, the test fails with a clear message.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.plugins.services import KAFKA, POSTGRES, REDIS, Ways, reach
from tools.local_services import binaries

VARIABLE = "KINELOG_TEST_SERVICE"


@contextmanager
def container() -> Generator[str]:
    yield "from a container"


@contextmanager
def local() -> Generator[str]:
    yield "from local binaries"


@contextmanager
def not_installed() -> Generator[str]:
    yield refused()


def refused() -> str:
    raise binaries.ProgramMissing("The server is missing: install it.")


def way(*, given: bool, image: bool, installed: bool) -> str:
    ways = Ways(VARIABLE, "server:1", container, local if installed else not_installed)
    environment = {VARIABLE: "given"} if given else {}
    with reach(ways, environment, has_image=lambda name: image and name == "server:1") as service:
        return service.address


@pytest.mark.parametrize("image", [True, False])
@pytest.mark.parametrize("installed", [True, False])
def test_a_given_address_comes_first(*, image: bool, installed: bool) -> None:
    assert way(given=True, image=image, installed=installed) == "given"


@pytest.mark.parametrize("installed", [True, False])
def test_an_image_that_is_there_comes_second(*, installed: bool) -> None:
    assert way(given=False, image=True, installed=installed) == "from a container"


def test_local_binaries_come_third() -> None:
    assert way(given=False, image=False, installed=True) == "from local binaries"


def test_a_missing_service_fails_the_test_with_advice() -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        way(given=False, image=False, installed=False)
    assert str(failure.value) == (
        "The server is missing: install it. Or set KINELOG_TEST_SERVICE to a running one."
    )


def test_an_empty_variable_is_not_an_address() -> None:
    ways = Ways(VARIABLE, "server:1", container, local)
    with reach(ways, {VARIABLE: ""}, has_image=lambda _: False) as service:
        assert service.address == "from local binaries"


def test_the_server_ends_when_its_test_fails() -> None:
    ended: list[bool] = []

    @contextmanager
    def watched() -> Generator[str]:
        yield "from local binaries"
        ended.append(True)

    ways = Ways(VARIABLE, "server:1", container, watched)
    with pytest.raises(ZeroDivisionError), reach(ways, {}, has_image=lambda _: False):
        raise ZeroDivisionError
    assert ended == [True]


@pytest.mark.parametrize("ways", [POSTGRES, KAFKA, REDIS], ids=lambda ways: ways.variable)
def test_images_are_pinned(ways: Ways) -> None:
    tag = ways.image.rpartition(":")[2]
    assert any(character.isdigit() for character in tag)


def test_a_missing_program_is_reported_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("KINELOG_CACHE", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(binaries.ProgramMissing, match="Debian's package redis-server"):
        binaries.redis_server.__wrapped__()
    with pytest.raises(binaries.ProgramMissing, match="Debian's package openjdk-17-jre-headless"):
        binaries.java.__wrapped__()
    with pytest.raises(binaries.ProgramMissing, match="make setup-services"):
        binaries.kafka_jars()
