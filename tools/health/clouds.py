"""All simulated health clouds together, with the settings for them and a month of sample data."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tools.health.cloud_simulator import CloudSimulator
from tools.health.garmin_simulator import GarminSimulator
from tools.health.google_simulator import GoogleSimulator
from tools.health.oura_simulator import OuraSimulator
from tools.health.polar_simulator import PolarSimulator
from tools.health.strava_simulator import StravaSimulator
from tools.health.withings_simulator import WithingsSimulator

SAMPLE_DAYS: Final = 30
SAMPLE_PAGE: Final = 100

BEDTIME: Final = timedelta(hours=22, minutes=30)
WORKOUT: Final = timedelta(hours=17)
MORNING: Final = timedelta(hours=7)


@dataclass
class Clouds:
    """The simulators."""

    google: GoogleSimulator
    strava: StravaSimulator
    withings: WithingsSimulator
    polar: PolarSimulator
    oura: OuraSimulator
    garmin: GarminSimulator

    def settings(self, folder: Path) -> dict[str, Any]:
        """Return the settings with which a platform uses them; writes a key into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        key = folder / "google.pem"
        key.write_bytes(self.google.public_key())
        return {
            "google_health_client_id": self.google.client_id,
            "google_health_secret": self.google.secret,
            "google_health_webhook_secret": self.google.webhook_secret,
            "google_health_webhook_key": key,
            "google_health_url": self.google.url,
            "strava_verify_token": self.strava.verify_token,
            "polar_webhook_secret": self.polar.webhook_secret,
            "oura_verify_token": self.oura.verify_token,
            **_of_client("strava", self.strava),
            **_of_client("withings", self.withings),
            **_of_client("polar", self.polar),
            **_of_client("oura", self.oura),
            "garmin_webhook_secret": self.garmin.webhook_secret,
            **_of_client("garmin", self.garmin),
        }

    def add_samples(self, until: datetime) -> None:
        """Add a month of data that ends at a time in UTC. The same time gives the same data."""
        first = until.replace(hour=0, minute=0, second=0, microsecond=0)
        for each in (self.google, self.strava, self.withings, self.polar, self.oura, self.garmin):
            each.page_size = SAMPLE_PAGE
        for number in range(SAMPLE_DAYS):
            self._add_day(number, first - timedelta(days=SAMPLE_DAYS - number))

    def _add_day(self, number: int, day: datetime) -> None:
        """Add what a day has: steps, a weight and a night; a workout on each third day."""
        steps = 6000 + 900 * (number % 5)
        grams = 78_000 - 60 * number + 150 * (number % 3)
        deep_s, light_s = 4200 + 300 * (number % 4), 18_000 + 600 * (number % 3)
        morning, bedtime = day + MORNING, day - timedelta(days=1) + BEDTIME
        self.google.walk(morning, morning + timedelta(hours=12), steps)
        self.google.weigh(morning, grams, f"sample-{number}")
        self.withings.weigh(number + 1, morning, grams, 190 - number % 4)
        self.withings.walk(f"{day:%Y-%m-%d}", "UTC", steps, steps * 0.7)
        self.polar.sleep(bedtime, light_s, deep_s)
        self.oura.sleep(bedtime, light_s + deep_s)
        self.oura.walk(day, steps)
        self.garmin.sleep(bedtime, deep_s, light_s)
        self.garmin.walk(morning, steps)  # its hour overlaps with the steps of Google
        self.garmin.weigh(morning, grams)
        if number % 3 == 0:
            start, minutes = day + WORKOUT, 30 + 5 * (number % 4)
            self.strava.move(number + 1, start, minutes * 60, minutes * 160.0)
            self.polar.train(f"sample{number}", start, minutes, minutes * 160.0)
            self.oura.train(start, minutes * 60)
            self.garmin.train(str(number + 1), start, minutes * 60)


def _of_client(name: str, cloud: CloudSimulator) -> dict[str, Any]:
    return {
        f"{name}_client_id": cloud.client_id,
        f"{name}_secret": cloud.secret,
        f"{name}_url": cloud.url,
    }


@contextmanager
def simulated_clouds() -> Generator[Clouds]:
    """Run all simulators until the end of the block."""
    with (
        GoogleSimulator() as google,
        StravaSimulator() as strava,
        WithingsSimulator() as withings,
        PolarSimulator() as polar,
        OuraSimulator() as oura,
        GarminSimulator() as garmin,
    ):
        yield Clouds(google, strava, withings, polar, oura, garmin)
