"""With Kafka, e-mails that events cause are sent once, through the relay and the broker."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from adapters.bus.kafka.admin import KafkaTopics
from api.app import build_app
from api.config import ApiConfig
from application.kernel.topics import TOPICS
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_relay
from bootstrap.wiring.emails import sending_emails
from tests.api.assigning import assign, pair
from tests.api.cluster import cluster, cluster_database
from tests.api.people import Town
from tests.mail_folder import read_mails
from tests.plugins.services import Service
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

SIGNING_IN: Final = ApiConfig(sign_in_required=True)


@pytest.fixture
def settings(postgres: Service, kafka: Service, tmp_path: Path) -> Iterator[Settings]:
    KafkaTopics(kafka.address).create(TOPICS)
    alone = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        second_factor="optional",
        emails_per_hour=1000,
    )
    with cluster_database(postgres.address) as url, cluster(url, alone) as distributed:
        yield distributed.model_copy(update={"kafka": kafka.address})


def test_an_assigned_workout_is_announced_once(settings: Settings, tmp_path: Path) -> None:
    """R-CAT-06, R-EVT-03: relay, broker and consumer deliver each of two e-mails once."""
    stop = threading.Event()
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=tmp_path, config=SIGNING_IN)) as client,
        build_relay(settings) as relay,
        ThreadPoolExecutor(1) as thread,
    ):
        town = Town(client, platform, settings.home / "mail")
        ada, trainer = pair(town)
        mailer: Any = platform.accounts().email_delivery.mailer

        def announced() -> list[str]:
            mails = read_mails(town.mail, mailer.cipher)
            return [str(each["Subject"]) for each in mails if each["List-Unsubscribe"]]

        relaying = thread.submit(relay.run, stop)
        try:
            with sending_emails(settings, platform):
                assign(town, trainer, ada, name="Heavy legs")
                wait_until(announced)
                assign(town, trainer, ada, name="Light arms")
                wait_until(lambda: len(announced()) > 1)
        finally:
            stop.set()
        relaying.result()
        first, second = announced()
        assert "Heavy legs" in first
        assert "Light arms" in second
