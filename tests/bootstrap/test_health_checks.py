"""`kinelog doctor` on an embedded platform and on a cluster: checks and principles."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import psycopg
import pytest
from pydantic import SecretStr

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.clock import utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.encryption.key_file import KeyFileKms
from application.health.links import HealthLink
from application.kernel.bus import Delivery, Message
from application.kernel.dead_letters import list_dead_letters, purge, to_dead_letter
from application.kernel.encryption import KeyRefused, KmsUnavailable
from application.kernel.topics import POSE_WORKER, TOPICS
from application.operations.health_checks import ADVICE, diagnosed
from application.operations.readiness import Degraded, Report
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import KEY_FILE, build_encryption, build_keys_check
from bootstrap.wiring.health_checks import doctor_checks, run_checks
from bootstrap.wiring.principles import run_principles
from bootstrap.wiring.telemetry import build_readiness_checks
from domain.ids import DEFAULT_TENANT, UserId
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.adapters.users.mail_catcher import certificate, mail_catcher
from tests.api.cluster import at_work
from tests.plugins.services import Service
from tools.local_services.databases import fresh_database

WITHIN_S = 120.0
REVISION = b"SELECT version_num FROM kinelog.alembic_version"
REVISE = b"UPDATE kinelog.alembic_version SET version_num = %s"
PRINCIPLES = [
    "idempotency",
    "event sourcing",
    "transactions of several steps",
    "caching",
    "dead letters",
]


@pytest.fixture
def laptop(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, cache=tmp_path, postgres_url=None, kafka=None, redis_url=None)


@pytest.fixture(scope="module")
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def cluster(laptop: Settings, database: str, kafka: Service) -> Settings:
    KafkaTopics(kafka.address).create(TOPICS)
    its_own = {
        "postgres_url": SecretStr(database),
        "kafka": kafka.address,
        "read_your_writes_timeout_s": 60.0,
    }
    return laptop.model_copy(update=its_own)


def states(report: Report) -> dict[str, str]:
    return {each.name: each.state for each in report.findings}


def test_a_new_installation_lacks_only_the_pose_model_and_a_virus_scanner(laptop: Settings) -> None:
    result = run_checks(laptop, within_s=WITHIN_S)
    assert states(result) == {
        "log": "ok",
        "readModels": "ok",
        "media": "ok",
        "proxies": "ok",
        "poseModel": "degraded",
        "keys": "ok",
        "disk": "ok",
        "sandbox": "ok",
        "mail": "ok",
        "virusScanner": "degraded",
        "speechRecognition": "ok",
        "poseCoach": "ok",
        "failedEvents": "ok",
    }


def test_a_key_file_that_is_missing_or_wrong_is_found(laptop: Settings) -> None:
    """C-23: nobody could sign in."""

    def check() -> str:
        with build_encryption(laptop) as encryption:
            return build_keys_check(encryption).probe()

    assert check() == "There are no keys yet."
    with build_encryption(laptop) as encryption:
        BlindIndex(encryption.keys, encryption.kms).digest(DEFAULT_TENANT, "email", "ada@a.org")
    assert check() == "Stored keys can be unwrapped."
    key_file = laptop.home / KEY_FILE
    right = key_file.rename(laptop.home / "copy")
    with pytest.raises(KmsUnavailable, match="is missing"):
        check()
    KeyFileKms(key_file)
    with pytest.raises(KeyRefused, match="is not the one"):
        check()
    right.rename(key_file)
    assert check() == "Stored keys can be unwrapped."


def test_an_outage_of_the_kms_leaves_a_process_ready_that_has_unwrapped_a_key(
    laptop: Settings,
) -> None:
    """R-OPS-09: all processes share it, so taking them out of service would not help."""
    with build_encryption(laptop) as encryption:
        BlindIndex(encryption.keys, encryption.kms).digest(DEFAULT_TENANT, "email", "ada@a.org")
        kms = Mock(wraps=encryption.kms)
        check = build_keys_check(replace(encryption, kms=kms))
        kms.unwrap.side_effect = KmsUnavailable
        with pytest.raises(KmsUnavailable):
            check.probe()
        kms.unwrap.side_effect = None
        assert check.probe() == "Stored keys can be unwrapped."
        kms.unwrap.side_effect = KmsUnavailable
        assert check.probe() == "Stored keys can be unwrapped."


def test_files_instead_of_a_mail_server_are_for_one_machine(laptop: Settings) -> None:
    """R-TEN-09: other people do not get them."""
    public = laptop.model_copy(update={"base_url": "https://kinelog.example.org"})
    (mail,) = (each for each in doctor_checks(public) if each.name == "mail")
    with pytest.raises(Degraded, match="kinelog mail list"):
        mail.probe()


def test_a_mail_server_that_takes_no_emails_is_found(
    laptop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-09: such as after its password was changed."""
    shown, _ = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))

    def probe(port: int, password: str) -> str:
        url = SecretStr(f"smtps://kinelog:{password}@127.0.0.1:{port}")
        settings = laptop.model_copy(update={"smtp_url": url})
        (mail,) = (each for each in doctor_checks(settings) if each.name == "mail")
        return mail.probe()

    with mail_catcher(shown, implicit=True) as catcher:
        assert probe(catcher.port, "secret") == "The mail server takes e-mails."
        with pytest.raises(Degraded, match="refuses the user or the password") as refused:
            probe(catcher.port, "former-password")
        assert "former-password" not in str(refused.value)
        assert catcher.messages == []
    with pytest.raises(Degraded, match="ConnectionRefusedError"):
        probe(catcher.port, "secret")


def test_files_of_the_pose_coach_are_for_machines_that_share_a_folder(laptop: Settings) -> None:
    """R-PCH-15, C-24: else the stores of a machine differ, and an erasure misses some."""
    url = SecretStr("postgresql://127.0.0.1:1/kinelog")
    cluster = laptop.model_copy(update={"postgres_url": url})
    public = {"base_url": "https://kinelog.example.org"}
    servers = {
        "pose_coach_firestore_project": "project",
        "pose_coach_mysql_url": SecretStr("mysql://127.0.0.1:1/pose"),
    }
    local, shared, served = (
        next(check for check in doctor_checks(settings) if check.name == "poseCoachStores")
        for settings in (
            cluster,
            cluster.model_copy(update=public),
            cluster.model_copy(update=public | servers),
        )
    )
    assert local.probe() == "Stores of the pose coach in the data folder: document, analytics."
    with pytest.raises(Degraded, match="All machines must share it"):
        shared.probe()
    assert served.probe() == "Both stores of the pose coach are on servers."


def test_links_to_health_clouds_that_failed_are_counted(laptop: Settings) -> None:
    """R-HLT-07: only where a cloud is set up."""
    some = {"strava_client_id": "kinelog", "strava_secret": SecretStr("secret")}
    clouds = laptop.model_copy(update=some)
    at = utc_now()
    link = HealthLink(DEFAULT_TENANT, UserId("ada"), "strava", None, at, at, state="failed")
    with open_platform(clouds) as platform:
        platform.health_links.put(link)
    found = {each.name: each for each in run_checks(clouds, within_s=WITHIN_S).findings}
    assert found["healthLinks"].state == "degraded"
    assert found["healthLinks"].detail.endswith("days: 1.")


def test_on_a_laptop_what_applies_holds_and_the_rest_is_not_counted(laptop: Settings) -> None:
    """R-EVT-14, R-EVT-16, R-EVT-17, R-DAT-08"""
    found = run_principles(laptop, lambda _: None)
    assert [each.name for each in found] == PRINCIPLES
    elsewhere = [each.name for each in found if each.state == "not applicable"]
    assert elsewhere == ["dead letters"]
    assert not [each for each in found if each.state == "broken"]


@pytest.mark.slow
def test_on_a_cluster_every_principle_holds(cluster: Settings) -> None:
    """R-EVT-14, R-EVT-16, R-EVT-17, R-EVT-19, R-DAT-08"""
    with at_work(cluster):
        found = run_principles(cluster, lambda _: None)
    assert {each.name: each.state for each in found} == dict.fromkeys(PRINCIPLES, "holds"), found


def test_missing_processes_of_a_cluster_are_reported_with_advice(cluster: Settings) -> None:
    with at_work(cluster):
        result = run_checks(cluster, within_s=WITHIN_S)
    found = states(result)
    assert {name for name, state in found.items() if state == "degraded"} == {
        "logRights",
        "poseCoachWorker",
        "poseModel",
        "relay",
        "virusScanner",
        "workers",
    }, result
    assert result.is_ready
    advised = {each.name: each.advice for each in diagnosed(result)}
    assert advised["relay"] == "Run kinelog events relay."
    assert states(run_checks(cluster, within_s=WITHIN_S))["runner"] == "degraded"


def test_a_database_of_another_version_is_reported(cluster: Settings, database: str) -> None:
    with psycopg.connect(database) as connection:
        ((newest,),) = connection.execute(REVISION).fetchall()
        connection.execute(REVISE, ["0001"])
    try:
        found = {each.name: each for each in run_checks(cluster, within_s=WITHIN_S).findings}
    finally:
        with psycopg.connect(database) as connection:
            connection.execute(REVISE, [newest])
    assert (found["migrations"].state, found["migrations"].code) == (
        "failed",
        "storage.not_upgraded",
    )


def test_dead_letters_are_reported(cluster: Settings, kafka: Service) -> None:
    lost = Delivery(Message("pose.stream", "default/s", b"?"), 0, 0)
    letter = to_dead_letter(lost, POSE_WORKER, ValueError("?"), attempts=1, at=utc_now())
    bus = KafkaBus(kafka.address)
    bus.publish([letter])
    result = {each.name: each for each in run_checks(cluster, within_s=WITHIN_S).findings}
    purge(bus, POSE_WORKER, list_dead_letters(bus, POSE_WORKER))
    bus.close()
    assert result["deadLetters"].state == "degraded"
    assert POSE_WORKER.name in result["deadLetters"].detail


@pytest.mark.slow
def test_a_missing_database_is_one_finding_among_others(
    laptop: Settings, postgres: Service
) -> None:
    with fresh_database(postgres.address) as gone:
        pass
    result = run_checks(
        laptop.model_copy(update={"postgres_url": SecretStr(gone)}), within_s=WITHIN_S
    )
    assert not result.is_ready
    found = states(result)
    assert (found["platform"], found["migrations"], found["disk"]) == ("failed", "failed", "ok")


def test_every_health_check_has_advice(cluster: Settings) -> None:
    everything = cluster.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1")})
    tried = {
        each.name for each in (*doctor_checks(everything), *build_readiness_checks(everything))
    }
    own = {"log", "readModels", "media", "keys", "platform", "poseCoach"}
    without_bus = {"failedEvents"}
    with_gateways = {"reconciliation"}
    with_clouds = {"healthLinks"}
    assert tried | own | without_bus | with_gateways | with_clouds == set(ADVICE)
