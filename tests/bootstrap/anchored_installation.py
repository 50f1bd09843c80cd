"""A platform whose daily anchors a test forges, changes and removes."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from joserfc.jwk import ECKey
from structlog.testing import capture_logs

from adapters.anchors.folder import FolderAnchors
from adapters.encryption.key_file import KeyFileKms
from adapters.event_log.signed_anchors import JoseAnchors
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import GRACE, KeyRing
from adapters.users.newest_anchors import SqlNewestAnchors
from adapters.users.signing_keys import SqlSigningKeys
from application.audit.daily_anchors import DailyAnchors
from application.audit.stored_anchors import AnchorsVerdict, StoredAnchors, name_of
from application.audit.verification import AnchoredEvent, AnchorLink
from domain.ids import DEFAULT_TENANT

DAY = timedelta(days=1)


class Stranger:
    """A key ring with a key of a forger."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", auto_kid=True)

    def signing(self) -> tuple[str, ECKey]:
        return str(self.key.kid), self.key


@dataclass
class Installation:
    """A platform with three events, and the daily job on a clock that a test sets."""

    home: Path
    database: IdentityDatabase
    now: datetime = datetime(2030, 1, 1, 3, tzinfo=UTC)
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget the keys that are in memory."""
        keys, kms = SqlSigningKeys(self.database), KeyFileKms(self.home / "master.key")
        self.ring = KeyRing(keys, kms, clock=lambda: self.now)

    @property
    def folder(self) -> Path:
        return self.home / "anchors" / DEFAULT_TENANT

    @property
    def names(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())

    @property
    def stored(self) -> StoredAnchors:
        return StoredAnchors(
            anchors=JoseAnchors(self.ring),
            store=FolderAnchors(self.home / "anchors"),
            newest=SqlNewestAnchors(self.database),
            retention=timedelta(days=3650),
            clock=lambda: self.now,
        )

    def run_daily(self) -> AnchorLink | None:
        """Run the daily job a day later; remember the errors and warnings in its log."""
        self.now += DAY
        with (
            closing(SqliteHashChain(self.home / "log.sqlite3")) as chain,
            capture_logs() as logs,
        ):
            made = DailyAnchors(chain, self.stored, lambda: self.now)(DEFAULT_TENANT)
        self.events = [f"{each['event']} {each.get('tampering', '')}".strip() for each in logs]
        return made

    def check(self) -> AnchorsVerdict:
        return self.stored.check(DEFAULT_TENANT)

    def problems(self) -> list[tuple[str, str]]:
        return [(each.tampering, each.name) for each in self.check().problems]

    def put(self, name: str, document: str) -> None:
        (self.folder / name).write_text(f"{document}\n")

    def forge(self, ring: KeyRing | Stranger, at: datetime, previous: AnchorLink | None) -> str:
        """Store an anchor of an event that the log does not have; return its name."""
        head = AnchoredEvent(DEFAULT_TENANT, 1, bytes(32))
        name = name_of(at, ring.signing()[0])
        self.put(name, JoseAnchors(ring).sign([head], at=at, previous=previous))  # type: ignore[arg-type]
        return name

    def rotate(self) -> None:
        """Rotate the keys until the present one is deleted."""
        for _ in range(2):
            self.ring.rotate()
            self.now += GRACE
        self.ring.rotate()
