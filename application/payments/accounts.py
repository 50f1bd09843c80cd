"""Accounts at the gateways: those of the installation, and those of tenants that have their own."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final, Protocol
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock
from application.kernel.read_models import ReadModels
from application.payments.gateways import GATEWAYS, PaymentGateway
from domain.ids import TenantId
from domain.kernel import Origin, Rejected
from domain.money import Currency, Region
from domain.payments.events import Gateway
from domain.tenants.commands import ChangeGatewayAccounts
from domain.tenants.events import AccountMode
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID
from projections.payment import PAYMENT
from projections.subscription import SUBSCRIPTION

CACHED_S: Final = 5.0
"""Time until another process notices a change, in seconds."""

NAMES_OF_ACCOUNTS: Final = frozenset(
    f"KINELOG_{name}"
    for name in (
        "YOOKASSA_SHOP_ID",
        "SBERBANK_USER",
        "WEBMONEY_WMID",
        "WEBMONEY_PURSE_USD",
        "WEBMONEY_PURSE_EUR",
    )
)
"""Settings that say which account is used. A key of Stripe does not."""

MAX_CACHED: Final = 10_000
"""Tenants in the cache. Anybody can name some, in the address of a webhook."""


class AccountsInUse(Rejected):
    """Open payments, disputes or current subscriptions need the present accounts."""

    code = "payment.accounts_in_use"


@dataclass(frozen=True, slots=True)
class GatewayAccounts:
    """One account at each gateway that is set up, and the gateways of each region in order."""

    gateways: Mapping[Gateway, PaymentGateway]
    regions: Mapping[Region, tuple[Gateway, ...]] = field(default_factory=lambda: GATEWAYS)

    def usable(self, region: Region, currency: Currency) -> tuple[Gateway, ...]:
        """Return the gateways of a region that are set up for a currency, in their order."""
        return tuple(
            name
            for name in self.regions[region]
            if (gateway := self.gateways.get(name)) is not None
            and currency in gateway.capabilities.currencies
        )


class TenantAccounts(Protocol):
    """Accounts that tenants have of their own."""

    def find(self, tenant_id: TenantId) -> GatewayAccounts | None:
        """Return the accounts of a tenant; None if it uses those of the installation.

        Raises StorageUnavailable, KmsUnavailable, KeyRefused and SealBroken.
        """
        ...


class NoTenantAccounts:
    """Implements `TenantAccounts` where every tenant uses the accounts of the installation."""

    def find(self, tenant_id: TenantId) -> None:
        """Return None."""


@dataclass(frozen=True, slots=True)
class StoredAccounts:
    """Own accounts of a tenant, all of one mode. `settings` have their keys, by name."""

    mode: AccountMode
    gateways: tuple[Gateway, ...]
    settings: Mapping[str, str] = field(repr=False)
    changed_at: datetime


class AccountStore(Protocol):
    """Store of the accounts, which encrypts the settings.

    Every method raises StorageUnavailable; those with settings also KmsUnavailable, KeyRefused and
    SealBroken.
    """

    def get(self, tenant_id: TenantId) -> StoredAccounts | None:
        """Return the accounts of a tenant."""
        ...

    def put(self, tenant_id: TenantId, accounts: StoredAccounts) -> None:
        """Store the accounts of a tenant in place of the present ones."""
        ...

    def remove(self, tenant_id: TenantId) -> None:
        """Delete the accounts of a tenant."""
        ...

    def is_empty(self) -> bool:
        """Return whether no tenant has accounts of its own."""
        ...


@dataclass(frozen=True, slots=True)
class BuiltAccounts:
    """Accounts that settings describe, and their mode."""

    mode: AccountMode
    accounts: GatewayAccounts


class CachedTenantAccounts:
    """Implements `TenantAccounts`: builds stored accounts once for each change. Thread-safe."""

    def __init__(
        self,
        store: AccountStore,
        build: Callable[[Mapping[str, str]], BuiltAccounts],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.build = build
        self._timer = timer
        self._lock = Lock()
        self._cache: dict[TenantId, tuple[float, datetime | None, GatewayAccounts | None]] = {}

    def find(self, tenant_id: TenantId) -> GatewayAccounts | None:
        now = self._timer()
        with self._lock:
            until, changed_at, accounts = self._cache.get(tenant_id, (0.0, None, None))
        if now < until:
            return accounts
        stored = self.store.get(tenant_id)
        if stored is None:
            changed_at, accounts = None, None
        elif stored.changed_at != changed_at:
            changed_at, accounts = stored.changed_at, self.build(stored.settings).accounts
        with self._lock:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[tenant_id] = now + CACHED_S, changed_at, accounts
        return accounts

    def forget(self, tenant_id: TenantId) -> None:
        """Read the accounts of a tenant again when they are needed."""
        with self._lock:
            self._cache.pop(tenant_id, None)


@dataclass(frozen=True)
class TenantAccountService:
    """Sets and removes own accounts of tenants."""

    accounts: CachedTenantAccounts
    handler: CommandHandler
    read: ReadModels
    clock: Clock

    def set(
        self, settings: Mapping[str, str], *, origin: Origin, command_id: UUID
    ) -> StoredAccounts:
        """Use these accounts from now on, or other keys of the same accounts.

        Raises refusals of settings, TenantUnknown, and AccountsInUse if the mode changes, or a
        gateway is missing or has another account, while the present accounts are needed.
        """
        built = self.accounts.build(settings)
        store, tenant_id = self.accounts.store, origin.tenant_id
        accounts = StoredAccounts(
            built.mode, tuple(sorted(built.accounts.gateways)), settings, self.clock()
        )
        present = store.get(tenant_id)
        is_rotation = (
            present is not None
            and present.mode == accounts.mode
            and {*present.gateways} <= {*accounts.gateways}
            and _account_names(present.settings) <= _account_names(accounts.settings)
        )
        if not is_rotation:
            self._check_unused(tenant_id)
        self._note(accounts.mode, accounts.gateways, origin=origin, command_id=command_id)
        store.put(tenant_id, accounts)
        self.accounts.forget(tenant_id)
        return accounts

    def remove(self, *, origin: Origin, command_id: UUID) -> None:
        """Use the accounts of the installation again. Raises TenantUnknown and AccountsInUse."""
        if self.accounts.store.get(origin.tenant_id) is None:
            return
        self._check_unused(origin.tenant_id)
        self._note(None, (), origin=origin, command_id=command_id)
        self.accounts.store.remove(origin.tenant_id)
        self.accounts.forget(origin.tenant_id)

    def _note(
        self,
        mode: AccountMode | None,
        gateways: tuple[Gateway, ...],
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        change = ChangeGatewayAccounts(mode=mode, gateways=gateways, at=self.clock())
        request = Request(TENANT, TENANT_STREAM_ID, [change])
        return self.handler.execute(request, origin=origin, command_id=command_id)

    def _check_unused(self, tenant_id: TenantId) -> None:
        current = ("pending_payment", "active", "past_due", "paused")
        payments = self.read.count(PAYMENT, tenant_id, where={"is_open": True})
        subscriptions = sum(
            self.read.count(SUBSCRIPTION, tenant_id, where={"status": status}) for status in current
        )
        if payments or subscriptions:
            raise AccountsInUse


def _account_names(settings: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the settings that say which accounts are used."""
    named = ((name.upper(), text.strip()) for name, text in settings.items())
    return {(name, text) for name, text in named if name in NAMES_OF_ACCOUNTS and text}
