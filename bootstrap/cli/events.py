"""`kinelog events`: from the log to the bus, and the topics they travel in."""

from collections.abc import Sequence
from typing import Annotated

import typer

from adapters.bus.kafka.admin import KafkaTopics, TopicStatus
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from application.kernel.relay import BATCH
from application.kernel.topics import TOPICS
from bootstrap.cli.output import JsonOption, err, out, print_json, table
from bootstrap.cli.signals import shutdown_event
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_relay, kafka_config, log_url, reduce_garbage_collection
from bootstrap.wiring.telemetry import build_telemetry

app = typer.Typer(help="Events on their way from the log to workers.", no_args_is_help=True)
topics_app = typer.Typer(help="The topics that events and work travel in.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")

SECONDS_A_DAY = 86_400
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done.")]


@topics_app.command("create")
def create(
    *,
    grow: Annotated[
        bool,
        typer.Option(
            "--grow", help="Widen topics with too few partitions; their keys move to others."
        ),
    ] = False,
    replication: Annotated[
        int, typer.Option(min=-1, help="Copies of each partition; -1: as the cluster has it.")
    ] = -1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the topics that are missing; those that are there stay as they are."""
    topics = KafkaTopics(kafka_config(Settings()), replication=replication)
    told = topics.status(TOPICS) if dry_run else topics.create(TOPICS, grow=grow)
    _tell(told, as_json=as_json)


@topics_app.command("list")
def list_(*, as_json: JsonOption = False) -> None:
    """Compare the declared topics with those that Kafka has."""
    _tell(KafkaTopics(kafka_config(Settings())).status(TOPICS), as_json=as_json)


@app.command()
def relay(
    *,
    batch: Annotated[
        int, typer.Option(min=1, max=50_000, help="Events sent before Kafka is waited for.")
    ] = BATCH,
    as_json: JsonOption = False,
) -> None:
    """Put every event of the log on Kafka until told to end; others stand by meanwhile."""
    stop = shutdown_event()
    reduce_garbage_collection()
    settings = Settings()
    with (
        build_telemetry(settings, "relay") as telemetry,
        build_relay(settings, batch=batch, telemetry=telemetry) as made,
    ):
        if as_json:
            print_json({"state": "relaying"})
        else:
            err.print("Relaying from the log to Kafka  (Ctrl-C stops it)")
        made.run(stop)


@app.command()
def position(*, as_json: JsonOption = False) -> None:
    """Tell up to which position of the log Kafka has all events."""
    reached = PostgresCheckpointStore(log_url(Settings())).position()
    if as_json:
        print_json({"position": reached})
    else:
        out.print(str(reached))


@app.command()
def refill(
    *,
    after: Annotated[
        int, typer.Option(min=0, help="Send again what lies after this position of the log.")
    ] = 0,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let the relay begin again, to fill a Kafka that lost its data. No relay may be running."""
    held = PostgresCheckpointStore(log_url(Settings()))
    before = held.position()
    if not dry_run:
        held.rewind(after)
    if as_json:
        print_json({"before": before, "after": after, "dry_run": dry_run})
    else:
        would = "would go" if dry_run else "went"
        out.print(f"The relay's position {would} from {before} to {after}.")


def _tell(statuses: Sequence[TopicStatus], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "name": each.topic.name,
                    "state": each.state,
                    "partitions": each.partitions,
                    "declared_partitions": each.topic.partitions,
                    "kept_days": each.topic.kept.total_seconds() / SECONDS_A_DAY,
                    "holds": each.topic.holds,
                }
                for each in statuses
            ]
        )
        return
    made = table(None, "topic", "partitions", "kept", "state", "holds", right=("partitions",))
    for each in statuses:
        kept = f"{each.topic.kept.total_seconds() / SECONDS_A_DAY:g} d"
        declared = f"{each.partitions}/{each.topic.partitions}"
        made.add_row(each.topic.name, declared, kept, each.state, each.topic.holds)
    out.print(made)
