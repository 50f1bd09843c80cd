"""Numbers of the records that are stored of each source."""

from application.kernel.read_models import ReadModels, Where
from domain.ids import TenantId, UserId
from projections.health_metric import HEALTH_METRIC


def count_records(read: ReadModels, tenant_id: TenantId, user_id: UserId) -> dict[str, int]:
    """Count a person's records by source, without deleted ones and sources that have none."""
    where: Where = {"user_id": user_id, "deleted": False}
    counts = read.counts(HEALTH_METRIC, tenant_id, "source", where=where)
    return {str(source): number for source, number in counts.items()}
