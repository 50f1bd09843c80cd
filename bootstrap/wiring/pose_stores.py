"""Build the analytics store of the pose coach: in the data folder, or in MySQL."""

from adapters.pose_coach.analytics import MysqlAnalytics, SqlAnalytics, SqliteAnalytics
from bootstrap.settings import Settings


def build_analytics_store(settings: Settings) -> SqlAnalytics:
    """Build the analytics store. It connects on first use."""
    if settings.pose_coach_mysql_url is None:
        return SqliteAnalytics(settings.home)
    return MysqlAnalytics(settings.pose_coach_mysql_url.get_secret_value())
