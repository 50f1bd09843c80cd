"""A worker whose consumer group Kafka refuses says so, and begins once it is allowed."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)

from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.topics import TOPICS
from streams.topic_names import Topics
from tests.commands import Command
from tests.streams import worker_process
from tools.local_services.kafka import LocalKafka

WITHIN_S = 60.0
WITH_RIGHTS = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
}
PARTITIONS = 2


@contextmanager
def refused(broker: str, group: str) -> Generator[None]:
    """Refuse everyone the right to join a group."""
    everyone, group_itself = "User:*", ResourcePattern(ResourceType.GROUP, group)
    read, deny = ACLOperation.READ, ACLPermissionType.DENY
    rule = ACL(everyone, "*", read, deny, group_itself)
    with closing(KafkaAdminClient(bootstrap_servers=broker)) as admin:
        assert not admin.create_acls([rule])["failed"]
        yield
        admin.delete_acls([ACLFilter(everyone, "*", read, deny, group_itself)])


def until(condition: Callable[[], object], log: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(6 * WITHIN_S)
def test_a_worker_whose_group_is_refused_says_so_and_begins_later(tmp_path: Path) -> None:
    """R-OPS-09: without a restart, once the right is granted."""
    topics, log = Topics(), tmp_path / "worker.log"
    log.touch()
    with LocalKafka(settings=WITH_RIGHTS) as kafka:
        KafkaTopics(kafka.bootstrap).create([replace(each, partitions=2) for each in TOPICS])
        words = ["--bootstrap", kafka.bootstrap, "--folder", str(tmp_path / "faust")]
        with refused(kafka.bootstrap, topics.pose_worker.name):
            worker = Command(
                *(*words, "--partitions", str(PARTITIONS)),
                environment=os.environ,
                errors=log,
                output=log,
                program=worker_process.main,
            )
            try:
                until(lambda: "GroupAuthorizationFailedError" in log.read_text(), log)
            except BaseException:
                worker.kill()
                raise
        try:
            until(lambda: "Setting newly assigned partitions" in log.read_text(), log)
        finally:
            worker.kill()
            worker.wait()
