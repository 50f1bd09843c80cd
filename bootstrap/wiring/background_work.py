"""All background work of a process that serves, on threads; workers do the rest."""

from collections.abc import Generator
from contextlib import contextmanager

from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.background import embedded_achievements, embedded_daily_work
from bootstrap.wiring.cdn import dropping_copies
from bootstrap.wiring.emails import sending_emails
from bootstrap.wiring.exports import making_exports
from bootstrap.wiring.health_clouds import following_health_links
from bootstrap.wiring.health_imports import importing_health_files
from bootstrap.wiring.payments import following_payments
from bootstrap.wiring.pose_coach import following_pose_coach
from bootstrap.wiring.programs import planning_programs
from bootstrap.wiring.videos import making_videos


@contextmanager
def background_work(settings: Settings, platform: Platform) -> Generator[None]:
    """Do the background work until the end of the block."""
    with (
        embedded_daily_work(settings, platform),
        embedded_achievements(settings, platform),
        following_pose_coach(settings, platform),
        sending_emails(settings, platform),
        making_videos(settings, platform),
        dropping_copies(settings, platform),
        making_exports(settings, platform),
        planning_programs(settings, platform),
        following_payments(settings, platform),
        following_health_links(settings, platform),
        importing_health_files(settings, platform),
    ):
        yield
