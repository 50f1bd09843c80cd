"""Health data of the signed-in user over REST: sources, records, daily figures, goals."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import health as views
from api.views import health_commands as commands
from api.views.base import Body, IsoDate, PageInfo
from application.kernel.pagination import LARGEST_PAGE, PAGE, window

metric_types = APIRouter(prefix="/v1/health-metric-types", tags=["health data"])
sources = APIRouter(
    prefix="/v1/me/health/sources",
    tags=["health data"],
    responses=problem_responses(403, 404, 422, 503),
)
records = APIRouter(
    prefix="/v1/me/health", tags=["health data"], responses=problem_responses(403, 404, 422, 503)
)
goals = APIRouter(
    prefix="/v1/me/health/goals",
    tags=["health data"],
    responses=problem_responses(403, 404, 422, 503),
)


class HealthMetricTypes(Body):
    """All metric types."""

    items: list[views.HealthMetricType]


class HealthSources(Body):
    """All sources of health data."""

    items: list[views.HealthSource]


class HealthRecordPage(Body):
    """A page of records."""

    items: list[views.HealthRecord]
    page_info: PageInfo


class HealthDays(Body):
    """Daily figures."""

    items: list[views.HealthDay]


class SourceOrders(Body):
    """The order of sources of every metric."""

    items: list[views.MetricSources]


class HealthGoals(Body):
    """Your goals."""

    items: list[views.HealthGoal]


class HealthWritten(Body):
    """Result of a command: the log has it up to `position`."""

    position: int
    repeated: bool


class UploadToken(Body):
    """A bearer token for uploads of one source."""

    token: str
    expires_at: datetime


class RecordsSynced(Body):
    """Result of a batch: counts, and the records that were not taken."""

    accepted: int
    unchanged: int
    deleted: int
    rejected: list[commands.RejectedRecord]
    position: int
    repeated: bool


class RecordsDeleted(Body):
    """Number of deleted records; `more`: send another command for the others."""

    deleted: int
    more: bool
    position: int
    repeated: bool


@metric_types.get("", operation_id="listHealthMetricTypes", summary="List metric types")
def list_metric_types() -> HealthMetricTypes:
    """Return the metrics that are stored, with their units."""
    return HealthMetricTypes(items=views.metric_types())


@sources.get("", operation_id="listHealthSources", summary="List sources of health data")
def list_sources(caller: ReadingCaller) -> HealthSources:
    """Return every source, your consent to it, and its last sync."""
    return HealthSources(items=views.health_sources(caller))


@sources.put(
    "/{source}", operation_id="connectHealthSource", summary="Connect a source of health data"
)
def connect(
    source: Id, caller: CurrentCaller, command_id: CommandId, body: commands.ConnectHealthSource
) -> HealthWritten:
    """Consent to the storage of these metrics from a source. Replaces an earlier consent."""
    written = commands.connect_health_source(caller, source, body, command_id)
    return HealthWritten.model_validate(written)


@sources.delete(
    "/{source}",
    operation_id="disconnectHealthSource",
    summary="Disconnect a source of health data",
)
def disconnect(source: Id, caller: CurrentCaller, command_id: CommandId) -> HealthWritten:
    """Withdraw your consent: nothing more is taken from this source. Stored records stay."""
    written = commands.disconnect_health_source(caller, source, command_id)
    return HealthWritten.model_validate(written)


@sources.post(
    "/{source}/upload-token",
    operation_id="issueUploadToken",
    summary="Issue a token for uploads",
    status_code=201,
)
def issue_upload_token(source: Id, caller: CurrentCaller) -> UploadToken:
    """Return a token with which a device sends records of this source, and nothing else.

    It is shown once, lasts 90 days, and replaces the one before. A device renews it with itself.
    """
    issued = commands.issue_upload_token(caller, source, caller.platform.new_id())
    return UploadToken.model_validate(issued)


@sources.post("/{source}/records", operation_id="syncHealthRecords", summary="Send health records")
def sync(
    source: Id, caller: CurrentCaller, command_id: CommandId, body: commands.HealthRecords
) -> RecordsSynced:
    """Send a batch of records from your device. Invalid ones are listed; the others are stored."""
    written = commands.sync_health_records(caller, source, body, command_id)
    return RecordsSynced.model_validate(written)


@records.get("/records", operation_id="listHealthRecords", summary="List records, newest first")
def list_records(
    caller: ReadingCaller,
    response: Response,
    metric: Annotated[Id | None, Query(description="Only records of this metric.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> HealthRecordPage:
    """Return a page of your records, without deleted ones."""
    page = views.record_page(caller, window(first, after), metric)
    items = [views.record_of(edge.row) for edge in page.edges]
    info = page_info(response, page, "/v1/me/health/records", metric=metric, first=first)
    return HealthRecordPage(items=items, page_info=info)


@records.post(
    "/record-deletions", operation_id="deleteHealthRecords", summary="Delete health records"
)
def delete_records(
    caller: CurrentCaller, command_id: CommandId, body: commands.DeleteHealthRecords
) -> RecordsDeleted:
    """Delete your records of a metric, of a source, or all; at most 10,000 with one command.

    They do not come back if a device or a cloud sends them again.
    """
    done = commands.delete_health_records(caller, body, command_id)
    return RecordsDeleted.model_validate(done)


@records.delete(
    "/profile", operation_id="deleteHealthProfile", summary="Delete your health profile"
)
def delete_profile(caller: CurrentCaller, command_id: CommandId) -> HealthWritten:
    """Delete your health profile, and with it all your sessions of the pose coach.

    It is there again with your next session or record. Records of health data stay.
    """
    return HealthWritten.model_validate(commands.delete_health_profile(caller, command_id))


@records.get("/days", operation_id="listHealthDays", summary="List daily figures")
def list_days(
    caller: ReadingCaller,
    start: Annotated[IsoDate, Query(description="First day.")],
    end: Annotated[IsoDate, Query(description="Last day; at most 31 days in all.")],
) -> HealthDays:
    """Return the figures of each day with records, and which devices they are from."""
    return HealthDays(items=views.health_days(caller, start, end))


@records.get(
    "/source-orders", operation_id="listHealthSourceOrders", summary="List preferred sources"
)
def list_source_orders(caller: ReadingCaller) -> SourceOrders:
    """Return which source counts first, by metric."""
    return SourceOrders(items=views.metric_sources(caller))


@records.put(
    "/source-orders/{metric}",
    operation_id="orderHealthSources",
    summary="Choose the preferred source of a metric",
)
def order_sources(
    metric: Id, caller: CurrentCaller, command_id: CommandId, body: commands.OrderHealthSources
) -> HealthWritten:
    """Prefer a source where several have records of the same time. It applies to all days."""
    written = commands.order_health_sources(caller, metric, body, command_id)
    return HealthWritten.model_validate(written)


@goals.get("", operation_id="listHealthGoals", summary="List your health goals")
def list_goals(caller: ReadingCaller) -> HealthGoals:
    """Return your goals, with today's figure and the days in a row on which you reached them."""
    return HealthGoals(items=views.health_goals(caller))


@goals.put("/{metric}", operation_id="setHealthGoal", summary="Set a health goal")
def set_goal(
    metric: Id, caller: CurrentCaller, command_id: CommandId, body: commands.SetHealthGoal
) -> HealthWritten:
    """Set your goal for a metric. Replaces an earlier one."""
    return HealthWritten.model_validate(commands.set_health_goal(caller, metric, body, command_id))


@goals.delete("/{metric}", operation_id="removeHealthGoal", summary="Remove a health goal")
def remove_goal(metric: Id, caller: CurrentCaller, command_id: CommandId) -> HealthWritten:
    """Remove your goal for a metric."""
    return HealthWritten.model_validate(commands.remove_health_goal(caller, metric, command_id))
