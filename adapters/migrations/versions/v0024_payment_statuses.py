"""Name the statuses of payments to analysts."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Change the comment of a column."""
    op.get_bind().exec_driver_sql(
        "COMMENT ON COLUMN analytics.payments.status IS "
        "'pending, requires_action, succeeded, failed, refunded or canceled.'"
    )
