"""Build the gateways of a tenant from settings of its own."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from application.payments.accounts import (
    AccountStore,
    BuiltAccounts,
    CachedTenantAccounts,
    GatewayAccounts,
)
from bootstrap.deprecated_settings import PREFIX
from bootstrap.payment_settings import PaymentSettings
from bootstrap.settings import Settings
from bootstrap.wiring.gateways import GatewayIncomplete, build_gateways, build_regions
from domain.kernel import Rejected
from domain.payments.events import Gateway
from domain.tenants.events import AccountMode

OF_INSTALLATION: Final = frozenset({"stripe_script_url", "sberbank_ca"})
"""Settings that a tenant cannot have: they are of pages and files of the servers."""


class SettingOfGatewayUnknown(Rejected):
    """This is not a setting of a payment gateway."""

    code = "settings.not_of_gateway"
    kind = "invalid"


class ModesDiffer(Rejected):
    """The accounts are of different modes: all are for tests, or all for real payments."""

    code = "settings.modes_differ"
    kind = "invalid"


class TenantPaymentSettings(PaymentSettings):
    """Settings of gateways that come from a tenant, and never from the environment."""

    model_config = SettingsConfigDict(extra="forbid", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what is given."""
        return (init_settings,)


def build_tenant_accounts(settings: Settings, store: AccountStore) -> CachedTenantAccounts:
    """Return the accounts of tenants, which are built when they are first used."""
    return CachedTenantAccounts(store, partial(build_accounts, settings))


def build_accounts(settings: Settings, named: Mapping[str, str]) -> BuiltAccounts:
    """Build the gateways that settings such as `KINELOG_STRIPE_KEY` describe.

    Raises SettingOfGatewayUnknown, GatewayIncomplete, GatewayNotSetUp and ModesDiffer.
    """
    values: dict[str, Any] = {_field(name): value for name, value in named.items()}
    try:
        own = TenantPaymentSettings(**values)
    except ValidationError as invalid:
        wrong = invalid.errors(include_input=False)[0]
        name = f"{PREFIX}{wrong['loc'][0]}".upper()
        raise GatewayIncomplete(f"{name}: {wrong['msg']}.") from None
    of_tenant = settings.model_copy(
        update={
            name: getattr(own, name)
            for name in PaymentSettings.model_fields.keys() - OF_INSTALLATION
        }
    )
    gateways = build_gateways(of_tenant)
    modes: set[AccountMode] = {_mode(own, name) for name in gateways}
    if not modes:
        raise GatewayIncomplete("These settings set up no gateway: the secret key is missing.")
    if len(modes) > 1:
        raise ModesDiffer
    return BuiltAccounts(modes.pop(), GatewayAccounts(gateways, build_regions(of_tenant)))


def _field(name: str) -> str:
    """Return the field of a setting. Raises SettingOfGatewayUnknown."""
    field = name.removeprefix(PREFIX).lower()
    if not name.startswith(PREFIX) or field not in PaymentSettings.model_fields:
        raise SettingOfGatewayUnknown(f"{name} is not a setting of a payment gateway.")
    if field in OF_INSTALLATION:
        raise SettingOfGatewayUnknown(f"{name} is set for the installation, not for a tenant.")
    return field


def _mode(own: PaymentSettings, name: Gateway) -> AccountMode:
    """Return the mode of an account."""
    match name:
        case "stripe":
            is_test = "_test_" in _secret(own.stripe_key)
        case "yookassa":
            is_test = _secret(own.yookassa_key).startswith("test_")
        case "sberbank":
            is_test = not _is_live_sberbank(own.sberbank_url)
        case "webmoney":
            is_test = own.webmoney_test
    return "test" if is_test else "live"


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()


def _is_live_sberbank(url: str | None) -> bool:
    """Return whether this is the address of the live system."""
    from adapters.payments.sberbank import API_URL  # noqa: PLC0415  only if it is set up

    return url is None or urlsplit(url).hostname == urlsplit(API_URL).hostname
