"""Storage of daily anchors, and the detection of forged, changed and removed ones.

Each anchor contains the name and the digest of the one before it, and the database has those of the
newest. Trusted are only anchors that a present or former key of the platform has signed. Anchors
from before this chain began are trusted if their key is, or if the first of the chain names them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, Protocol

from application.audit.verification import (
    NO_ANCHOR,
    Anchor,
    AnchoredEvent,
    AnchorKeyUnknown,
    AnchorLink,
    AnchorRefused,
    Anchors,
)
from application.kernel.ports import Clock
from domain.ids import TenantId

SUFFIX: Final = ".jws"

LAST_NAME: Final = "\U0010ffff"
"""After every name."""

AnchorTampering = Literal["changed", "forged", "misplaced", "removed", "renamed"]


def time_in_name(at: datetime) -> str:
    """Return a time as names of anchors begin with it: names of later anchors are greater."""
    return f"{at:%Y-%m-%dT%H%M%SZ}"


def name_of(at: datetime, key_id: str) -> str:
    """Return the name of an anchor that this key signed at this time."""
    return f"{time_in_name(at)}.{key_id}{SUFFIX}"


def key_id_of(name: str) -> str:
    """Return the key id in the name of an anchor."""
    return name.removesuffix(SUFFIX).partition(".")[2]


def link_to(name: str, document: str) -> AnchorLink:
    """Return name and digest of an anchor."""
    return AnchorLink(name, sha256(document.encode()).digest())


class AnchorStore(Protocol):
    """Write-once storage of anchors. Every method raises StorageUnavailable."""

    def put(self, tenant_id: TenantId, name: str, document: str) -> None:
        """Store an anchor durably; an existing one of the same name stays as it is."""
        ...

    def names(self, tenant_id: TenantId) -> list[str]:
        """Return the names of a tenant's anchors, the oldest first."""
        ...

    def get(self, tenant_id: TenantId, name: str) -> str:
        """Return an anchor."""
        ...

    def tenants(self) -> list[TenantId]:
        """Return the tenants that have anchors."""
        ...


class NewestAnchors(Protocol):
    """Each tenant's newest anchor, in the database. Every method raises StorageUnavailable."""

    def find(self, tenant_id: TenantId) -> AnchorLink | None:
        """Return the newest anchor of a tenant; None before the first of its chain."""
        ...

    def save(self, tenant_id: TenantId, newest: AnchorLink) -> None:
        """Replace the newest anchor of a tenant."""
        ...

    def tenants(self) -> list[TenantId]:
        """Return the tenants that have a newest anchor."""
        ...


@dataclass(frozen=True, slots=True)
class AnchorProblem:
    """An anchor that is not as the daily job stored it, or is missing."""

    tampering: AnchorTampering
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AnchorsVerdict:
    """Result of a check of a tenant's anchors, both kinds ordered by name.

    `unconfirmed` are those from before the chain began, by keys that the platform did not record,
    and those of the chain whose keys it lost, which are problems as well. They prove nothing until
    their keys are trusted.
    """

    verified: dict[AnchorLink, Anchor]
    unconfirmed: dict[AnchorLink, Anchor]
    problems: tuple[AnchorProblem, ...]

    @property
    def has_anchors(self) -> bool:
        """Whether the tenant has anchors, or should have."""
        return bool(self.verified or self.unconfirmed or self.problems)

    @property
    def heads(self) -> tuple[AnchoredEvent, ...]:
        """Return the events in all verified anchors."""
        return tuple(head for anchor in self.verified.values() for head in anchor.heads)


@dataclass(frozen=True)
class StoredAnchors:
    """Checks the stored anchors of tenants.

    `retention` is the time after which anchors may be deleted. Every method raises KmsUnavailable,
    KeyRefused and StorageUnavailable.
    """

    anchors: Anchors
    store: AnchorStore
    newest: NewestAnchors
    retention: timedelta
    clock: Clock

    def tenants(self) -> set[TenantId]:
        """Return the tenants that have anchors, or should have one."""
        return {*self.store.tenants(), *self.newest.tenants()}

    def check(
        self, tenant_id: TenantId, *, first: str = "", trusted: Collection[str] = ()
    ) -> AnchorsVerdict:
        """Check all anchors of a tenant, or those from the name `first` on.

        `trusted` are ids of keys that the platform did not record.
        """
        recorded = self.newest.find(tenant_id)
        documents = {
            name: self.store.get(tenant_id, name)
            for name in self.store.names(tenant_id)
            if name >= first
        }
        check = _Check(self.anchors, tenant_id, documents, trusted)
        check.read_all()
        check.compare_previous(oldest=max(first, time_in_name(self.clock() - self.retention)))
        if recorded is not None:
            check.compare(recorded, "the database has it as the newest one")
        check.refuse_later_than(check.last_unchained(recorded))
        return AnchorsVerdict(
            dict(sorted(check.verified.items(), key=_by_name)),
            dict(sorted(check.unknown.items(), key=_by_name)),
            tuple(sorted(check.problems, key=lambda each: each.name)),
        )


def _by_name(entry: tuple[AnchorLink, Anchor]) -> str:
    return entry[0].name


@dataclass
class _Check:
    """The anchors of a tenant while they are checked; `unknown` have consistent content only."""

    anchors: Anchors
    tenant_id: TenantId
    documents: Mapping[str, str]
    trusted: Collection[str]
    verified: dict[AnchorLink, Anchor] = field(default_factory=dict[AnchorLink, Anchor])
    unknown: dict[AnchorLink, Anchor] = field(default_factory=dict[AnchorLink, Anchor])
    problems: list[AnchorProblem] = field(default_factory=list[AnchorProblem])

    def read_all(self) -> None:
        """Read anchors, the newest first: a verified one vouches for the one that it names."""
        named: set[AnchorLink] = set()
        for name in sorted(self.documents, reverse=True):
            link = link_to(name, self.documents[name])
            own_key = {key_id_of(name)}
            trusted = own_key.union(self.trusted) if link in named else self.trusted
            try:
                anchor = self.anchors.read(self.documents[name], trusted=trusted)
                anchors = self.verified
            except AnchorKeyUnknown:
                untrusted = self._read_untrusted(name, own_key)
                if untrusted is None:
                    continue
                anchor, anchors = untrusted, self.unknown
            except AnchorRefused:
                self._report("changed", name, "was changed: its signature is invalid")
                continue
            if self._belongs_here(name, anchor):
                anchors[link] = anchor
                if anchors is self.verified and anchor.previous is not None:
                    named.add(anchor.previous)

    def compare_previous(self, *, oldest: str) -> None:
        """Check that the previous anchor of each anchor exists, if it is not before `oldest`."""
        for link, anchor in self.verified.items():
            previous = anchor.previous or NO_ANCHOR
            if previous != NO_ANCHOR and previous.name >= oldest:
                self.compare(previous, f"{link.name} names it as the previous one")

    def compare(self, wanted: AnchorLink, reason: str) -> None:
        """Check that an anchor exists with this digest."""
        document = self.documents.get(wanted.name)
        if document is None:
            self._report("removed", wanted.name, f"was removed: {reason}")
        elif link_to(wanted.name, document) != wanted:
            self._report("changed", wanted.name, f"was replaced: {reason}, with another digest")

    def last_unchained(self, recorded: AnchorLink | None) -> str:
        """Return the name after which anchors have to be part of the chain."""
        previous = [each.previous.name for each in self.verified.values() if each.previous]
        if previous:
            return min(previous)
        return LAST_NAME if recorded is None else ""

    def refuse_later_than(self, name: str) -> None:
        """Report anchors after this name that are not part of the chain, and those without keys.

        An old anchor may be by a key that was not recorded, but names no previous one.
        """
        for link, anchor in [*self.verified.items()]:
            if anchor.previous is None and link.name > name:
                del self.verified[link]
                reason = "was not stored by the daily job: it names no previous anchor"
                self._report("misplaced", link.name, reason)
        for link, anchor in [*self.unknown.items()]:
            if link.name > name:
                del self.unknown[link]
                self._report_forged(link.name, anchor.key_id)
            elif anchor.previous is not None:
                lost = f"is forged, or the platform lost its key {anchor.key_id}"
                reason = "it names a previous anchor, as only those of the chain do"
                self._report("forged", link.name, f"{lost}: {reason}")

    def _read_untrusted(self, name: str, own_key: Collection[str]) -> Anchor | None:
        """Return an anchor whose own key signed it, if its name has the id of that key."""
        try:
            return self.anchors.read(self.documents[name], trusted=own_key)
        except AnchorKeyUnknown:
            self._report_forged(name, "")
        except AnchorRefused:
            self._report("changed", name, "was changed: its signature is invalid")
        return None

    def _belongs_here(self, name: str, anchor: Anchor) -> bool:
        tenants = {head.tenant_id for head in anchor.heads}
        expected = name_of(anchor.at, anchor.key_id)
        if name != expected:
            self._report("renamed", name, f"was renamed: its content belongs to {expected}")
        elif tenants != {self.tenant_id}:
            names = ", ".join(sorted(tenants))
            self._report("misplaced", name, f"is not of this tenant: it has events of {names}")
        else:
            return True
        return False

    def _report_forged(self, name: str, key_id: str) -> None:
        key = f"the key {key_id}" if key_id else "a key"
        reason = f"is forged: it is signed with {key}, which is not one of this platform"
        self._report("forged", name, reason)

    def _report(self, tampering: AnchorTampering, name: str, what: str) -> None:
        self.problems.append(AnchorProblem(tampering, name, f"The anchor {name} {what}."))
