"""Kafka with TLS and a password: every client uses them, and others are refused."""

import asyncio
import gc
import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion
from typer.testing import CliRunner

from adapters.bus.kafka import client
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.bus.kafka.config import KafkaAddress, KafkaAddressRefused
from adapters.live import pose_stream_codec
from adapters.live.kafka_channel import KafkaWorkerChannel
from application.kernel.bus import BusUnavailable, Message
from application.kernel.topics import POSE_REPLY, POSE_STREAM, TOPICS
from bootstrap.cli import dlq
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config
from streams.json_codec import JsonCodec
from tests.bootstrap.worker_commands import eventually, working
from tests.certificates import certificate
from tools.local_services.kafka import LocalKafka, Quorum
from tools.local_services.ports import LOOPBACK, Port

pytestmark = pytest.mark.slow

USER, PASSWORD = "kinelog", "open sesame"


@dataclass(frozen=True)
class TlsKafka:
    """A broker that requires the password over TLS, and its environment variables."""

    environment: dict[str, str]

    @property
    def address(self) -> KafkaAddress:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return kafka_config(Settings())


@contextmanager
def walled(folder: Path) -> Generator[TlsKafka]:
    """Run a broker whose plaintext listener is only for itself and for setting the password."""
    key, shown = certificate(folder)
    pair = folder / "both.pem"
    pair.write_bytes(key.read_bytes() + shown.read_bytes())
    quorum, plain, server = Quorum.of(1), Port(), Port()
    listeners = f"CLIENT://{LOOPBACK}:{plain.number},WALLED://{LOOPBACK}:{server.number}"
    settings = {
        "listeners": f"{listeners},CONTROLLER://{LOOPBACK}:{quorum.ports[1].number}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,WALLED:SASL_SSL,CONTROLLER:PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(pair),
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.walled.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
    }
    with LocalKafka(port=plain.number, quorum=quorum, settings=settings) as broker:
        with closing(client.admin(broker.bootstrap)) as admin:
            wanted = UserScramCredentialUpsertion(USER, ScramMechanism.SCRAM_SHA_512, PASSWORD)
            assert admin.alter_user_scram_credentials([wanted]) == {USER: None}
        yield TlsKafka(
            {
                "KINELOG_KAFKA": f"{LOOPBACK}:{server.number}",
                "KINELOG_KAFKA_TLS": "true",
                "KINELOG_KAFKA_CA": str(shown),
                "KINELOG_KAFKA_USER": USER,
                "KINELOG_KAFKA_PASSWORD": PASSWORD,
                "KINELOG_HOME": str(folder),
            }
        )


@pytest.fixture(scope="module")
def kafka_behind_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsKafka]:
    with walled(tmp_path_factory.mktemp("walled")) as broker:
        KafkaTopics(broker.address).create(TOPICS)
        yield broker


def test_a_worker_consumes_messages_over_tls(kafka_behind_tls: TlsKafka) -> None:
    """R-TEN-11: the clients of Faust and of the live endpoint."""

    async def stood() -> bool:
        stream = KafkaWorkerChannel(
            kafka_behind_tls.address,
            frames=POSE_STREAM.name,
            replies=POSE_REPLY.name,
            encode=pose_stream_codec.encode,
            codec=JsonCodec(),
            headers=tuple,
        )
        await stream.start(lambda _: None)
        try:
            return await stream.ready(30.0)
        finally:
            await stream.stop()

    environment = {**os.environ, **kafka_behind_tls.environment}

    def letters() -> list[Any]:
        words = ["list", "pose-worker", "--json"]
        result = CliRunner().invoke(dlq.app, words, env=kafka_behind_tls.environment)
        assert result.exit_code == 0, result.output
        listed: list[Any] = json.loads(result.stdout)["letters"]
        return listed

    with working("pose", environment):
        assert asyncio.run(stood())
        with closing(client.producer(kafka_behind_tls.address, acks="all")) as producer:
            producer.send(POSE_STREAM.name, key=b"gym/1", value=b"\xffnoise")
            producer.flush()
        (letter,) = eventually(letters)
    assert letter["key"] == "gym/1"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"KINELOG_KAFKA_PASSWORD": "guessed it"}, "is not available"),
        ({"KINELOG_KAFKA_CA": ""}, "certificate verify failed"),
    ],
    ids=["another password", "a certificate nobody signed"],
)
def test_a_refused_caller_gets_one_sentence(
    kafka_behind_tls: TlsKafka, wrong: dict[str, str], why: str
) -> None:
    """R-TEN-11: without the password. After a rejection, the library leaves its sockets open."""
    address = TlsKafka({**kafka_behind_tls.environment, **wrong}).address
    with closing(KafkaBus(address)) as bus, pytest.raises(BusUnavailable, match=why) as no:
        bus.publish([Message("pose.reply", "a", b"hello")])
    gc.collect()
    assert PASSWORD not in str(no.value)
    assert "guessed" not in str(no.value)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"user": "ada", "password": "x"}, "over TLS only"),
        ({"tls": True, "user": "ada"}, "set together"),
        ({"tls": True, "ca": Path("/no/such.pem")}, "cannot be read"),
        ({"ca": Path("/no/such.pem")}, "TLS is off"),
    ],
)
def test_an_address_that_cannot_be_kept_is_refused(words: dict[str, Any], why: str) -> None:
    """R-TEN-11: when the settings are read, not when a client connects."""
    with pytest.raises(KafkaAddressRefused, match=why):
        KafkaAddress("127.0.0.1:9092", **words)


def test_an_address_as_text_hides_its_password() -> None:
    address = KafkaAddress("broker:9093", tls=True, user="ada", password=PASSWORD)
    assert str(address) == "broker:9093"
    assert PASSWORD not in repr(address)
