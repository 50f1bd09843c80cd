"""Health data of the signed-in user in GraphQL: sources, records, daily figures, goals."""

from datetime import date
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection
from api.views import health as views
from api.views import health_commands as commands
from api.views import health_integrations as clouds
from application.kernel.pagination import window


@derived(views.HealthMetricType)
class HealthMetricType:
    """A metric: its unit, the units that are taken, and what values are possible."""


@derived(views.HealthSource)
class HealthSource:
    """A source of health data, and your consent to it."""


@derived(views.HealthRecord)
class HealthRecord:
    """A record in the unit of its metric, as it was last corrected."""


@derived(views.FigureOrigin)
class FigureOrigin:
    """A device of a source, and how many records of a figure it gave."""


@derived(views.HealthFigure)
class HealthFigure:
    """A metric on one day. Records that others count already are duplicates."""


@derived(views.HealthDay)
class HealthDay:
    """The figures of one local day."""


@derived(views.MetricSources)
class MetricSources:
    """The sources of a metric, the preferred one first."""


@derived(views.HealthGoal)
class HealthGoal:
    """A goal, and how far you are today."""


@derived(clouds.HealthScope)
class HealthScope:
    """A permission that a cloud asks you for."""


@derived(clouds.WorkoutWrite)
class WorkoutWrite:
    """A completed workout of yours at a cloud."""


@derived(clouds.HealthIntegration)
class HealthIntegration:
    """A health cloud that can be linked, and your link to it."""


@derived(commands.RejectedRecord)
class RejectedRecord:
    """A record that was not taken."""


@strawberry.type
class HealthQueries:
    """Queries of health data."""

    @field("Metrics that are stored, with their units.")
    def health_metric_types(self) -> list[HealthMetricType]:
        """Return metric types."""
        return [convert(HealthMetricType, each) for each in views.metric_types()]

    @reading("Every source of health data, your consent to it, and its last sync.")
    def health_sources(self, info: Info) -> list[HealthSource]:
        """Return sources."""
        info.context.may_keep = False  # upload tokens end with sign-ins, and with time
        return [convert(HealthSource, each) for each in views.health_sources(info.context.caller)]

    @reading("Health clouds that can be linked, the permissions that each asks for, your links.")
    def health_integrations(self, info: Info) -> list[HealthIntegration]:
        """Return health clouds."""
        info.context.may_keep = False  # links change without a read model
        found = clouds.health_integrations(info.context.caller)
        return [convert(HealthIntegration, each) for each in found]

    @reading("Your records without deleted ones, the newest first; at most 100 a page.")
    def health_records(
        self,
        info: Info,
        *,
        metric: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[HealthRecord]:
        """Return a page of records."""
        caller = info.context.caller
        page = views.record_page(caller, window(first, after, last, before), metric)
        return connection(page, lambda row: convert(HealthRecord, views.record_of(row)))

    @reading("Figures of each day with records, and which devices they are from; at most 31 days.")
    def health_days(self, info: Info, *, start: date, end: date) -> list[HealthDay]:
        """Return daily figures."""
        days = views.health_days(info.context.caller, start, end)
        return [convert(HealthDay, each) for each in days]

    @reading("Which source counts first, by metric.")
    def health_source_orders(self, info: Info) -> list[MetricSources]:
        """Return the order of sources."""
        return [convert(MetricSources, each) for each in views.metric_sources(info.context.caller)]

    @reading("Your goals, with today's figure and the days in a row on which you reached them.")
    def health_goals(self, info: Info) -> list[HealthGoal]:
        """Return goals."""
        info.context.may_keep = False  # they depend on today's date
        return [convert(HealthGoal, each) for each in views.health_goals(info.context.caller)]


@strawberry.type
class HealthPayload(MutationPayload):
    """Sources, clouds and goals after the change."""

    health_sources: list[HealthSource]
    health_integrations: list[HealthIntegration]
    health_goals: list[HealthGoal]

    @classmethod
    def of(cls, context: Context, _: commands.HealthWritten, **common: Any) -> "HealthPayload":
        """Return the payload of a command."""
        caller = context.caller
        return cls(
            health_sources=[convert(HealthSource, each) for each in views.health_sources(caller)],
            health_integrations=[
                convert(HealthIntegration, each) for each in clouds.health_integrations(caller)
            ],
            health_goals=[convert(HealthGoal, each) for each in views.health_goals(caller)],
            **common,
        )


@strawberry.type
class HealthDeletionPayload(MutationPayload):
    """Number of deleted records; `more`: send another command for the others."""

    deleted: int
    more: bool

    @classmethod
    def of(
        cls, _: Context, done: commands.HealthRecordsDeleted, **common: Any
    ) -> "HealthDeletionPayload":
        """Return the payload of a deletion."""
        return cls(deleted=done.deleted, more=done.more, **common)


@strawberry.type
class HealthRecordsPayload(MutationPayload):
    """Counts of a batch, and its records that were not taken."""

    accepted: int
    unchanged: int
    deleted: int
    rejected: list[RejectedRecord]

    @classmethod
    def of(
        cls, _: Context, synced: commands.RecordsSynced, **common: Any
    ) -> "HealthRecordsPayload":
        """Return the payload of a batch."""
        return cls(
            accepted=synced.accepted,
            unchanged=synced.unchanged,
            deleted=synced.deleted,
            rejected=[convert(RejectedRecord, each) for each in synced.rejected],
            **common,
        )
