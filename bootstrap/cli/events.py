"""`kinelog events`: relay the log to Kafka, and manage its topics."""

from collections.abc import Sequence
from typing import Annotated

import typer
from stamina.instrumentation import set_on_retry_hooks

from adapters.bus.kafka.admin import KafkaTopics, TopicStatus
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from application.kernel.relay import BATCH
from application.kernel.topics import EVENT_TOPICS, TOPICS
from bootstrap.cli.output import LAST_POSITION, JsonOption, err, out, print_json, print_table, table
from bootstrap.cli.signals import shutdown_event
from bootstrap.garbage_collection import reduce_garbage_collection
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_relay, kafka_config, log_url, restart_positions
from bootstrap.wiring.telemetry import build_telemetry

app = typer.Typer(help="The relay from the log to Kafka, and the topics.", no_args_is_help=True)
topics_app = typer.Typer(help="The topics of events and work.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")

SECONDS_A_DAY = 86_400
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print what would be done.")]


@topics_app.command("create")
def create(
    *,
    grow: Annotated[
        bool,
        typer.Option(
            "--grow", help="Add partitions to topics with too few. Keys move between partitions."
        ),
    ] = False,
    configure: Annotated[
        bool, typer.Option("--configure", help="Give existing topics the declared settings.")
    ] = False,
    replication: Annotated[
        int, typer.Option(min=-1, help="Copies of each partition; -1: the cluster's default.")
    ] = -1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Create missing topics. Existing topics are not changed without --grow or --configure.

    Workers read a created topic from its beginning, also after a loss of Kafka: with
    KINELOG_POSTGRES_URL, their positions in the lost one are reset.
    """
    settings = Settings()
    topics = KafkaTopics(kafka_config(settings), replication=replication)
    statuses = topics.status(TOPICS, with_settings=True)
    if not dry_run:
        missing = [each.topic.name for each in statuses if each.state == "missing"]
        if missing and settings.postgres_url is not None:
            restart_positions(settings, missing)
        statuses = topics.create(TOPICS, grow=grow, configure=configure)
    _print_topics(statuses, as_json=as_json)


@topics_app.command("list")
def list_(*, as_json: JsonOption = False) -> None:
    """Compare the declared topics with those in Kafka."""
    topics = KafkaTopics(kafka_config(Settings()))
    _print_topics(topics.status(TOPICS, with_settings=True), as_json=as_json)


@app.command()
def relay(
    *,
    batch: Annotated[
        int, typer.Option(min=1, max=50_000, help="Events sent before waiting for Kafka.")
    ] = BATCH,
    as_json: JsonOption = False,
) -> None:
    """Publish every event of the log to Kafka until stopped. One relay works, others stand by."""
    stop = shutdown_event()
    reduce_garbage_collection()
    settings = Settings()
    with build_telemetry(settings, "relay"), build_relay(settings, batch=batch) as event_relay:
        if as_json:
            print_json({"state": "relaying"})
        else:
            err.print("Relaying from the log to Kafka  (Ctrl-C stops it)")
        event_relay.run(stop)


@app.command()
def position(*, as_json: JsonOption = False) -> None:
    """Print the position up to which Kafka has every event of the log."""
    reached = PostgresCheckpointStore(log_url(Settings())).position()
    if as_json:
        print_json({"position": reached})
    else:
        out.print(str(reached))


@app.command()
def refill(
    *,
    after: Annotated[
        int,
        typer.Option(
            min=0, max=LAST_POSITION, help="Publish again the events after this position."
        ),
    ] = 0,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Move the relay back, to refill a Kafka that lost its data. Stop every relay first.

    Workers then read the event topics from the beginning, because a restored database has their
    positions in the Kafka that was lost.
    """
    settings = Settings()
    checkpoint = PostgresCheckpointStore(log_url(settings))
    before = checkpoint.require_reached(after)
    if not dry_run:
        set_on_retry_hooks([])  # each attempt to lock would log a line
        try:
            checkpoint.rewind(after)
        finally:
            set_on_retry_hooks(None)
        restart_positions(settings, [topic.name for topic in EVENT_TOPICS])
    if as_json:
        print_json({"before": before, "after": after, "dry_run": dry_run})
    else:
        action = "would move" if dry_run else "moved"
        out.print(f"The relay's position {action} from {before} to {after}.")


def _print_topics(statuses: Sequence[TopicStatus], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "name": each.topic.name,
                    "state": each.state,
                    "other_settings": each.other_settings,
                    "partitions": each.partitions,
                    "declared_partitions": each.topic.partitions,
                    "kept_days": each.topic.kept.total_seconds() / SECONDS_A_DAY,
                    "holds": each.topic.holds,
                }
                for each in statuses
            ]
        )
        return
    result = table(None, "topic", "partitions", "kept", "state", "holds", right=("partitions",))
    for each in statuses:
        kept = f"{each.topic.kept.total_seconds() / SECONDS_A_DAY:g} d"
        declared = f"{each.partitions}/{each.topic.partitions}"
        others = f" ({', '.join(each.other_settings)})" if each.other_settings else ""
        result.add_row(each.topic.name, declared, kept, f"{each.state}{others}", each.topic.holds)
    print_table(result)
