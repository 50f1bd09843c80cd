"""Settings of a distributed platform whose users are erased."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bootstrap.settings import Settings


def distributed_settings(folder: Path, postgres_url: str, **services: Any) -> Settings:
    """Return the settings of a platform on PostgreSQL, with those of `services`."""
    return Settings(
        home=folder / "home",
        cache=folder / "cache",
        postgres_url=SecretStr(postgres_url),
        erasure_wait_s=0,
        open_registration=True,
        read_your_writes_timeout_s=60,
        **services,
    )
