"""Settings of payment gateways: which are built, in which order, and what is refused at start."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from bootstrap.settings import Settings
from bootstrap.wiring.gateways import (
    GatewayIncomplete,
    GatewayNotSetUp,
    build_gateways,
    build_regions,
)

Read = Callable[..., Settings]

YOOKASSA = {"YOOKASSA_KEY": "test_k", "YOOKASSA_SHOP_ID": "54401"}
SBERBANK = {
    "SBERBANK_USER": "shop-api",
    "SBERBANK_PASSWORD": "secret-p",
    "SBERBANK_CALLBACK_SECRET": "secret-c",
}
WEBMONEY = {
    "WEBMONEY_WMID": "123456789012",
    "WEBMONEY_SECRET": "secret-w",
    "WEBMONEY_PURSE_EUR": "E123456789012",
}


def stripe(key: str, publishable: str) -> dict[str, str]:
    return {
        "STRIPE_KEY": key,
        "STRIPE_PUBLISHABLE_KEY": publishable,
        "STRIPE_WEBHOOK_SECRETS": "whsec_1",
    }


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    def read(*parts: Mapping[str, str]) -> Settings:
        monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
        for part in parts:
            for name, text in part.items():
                monkeypatch.setenv(f"KINELOG_{name}", text)
        return Settings()

    return read


def test_gateways_are_built_with_what_they_can_do(read: Read) -> None:
    """R-PAY-04"""
    settings = read(YOOKASSA, SBERBANK, WEBMONEY)
    gateways = build_gateways(settings)
    assert {name: sorted(each.capabilities.currencies) for name, each in gateways.items()} == {
        "yookassa": ["RUB"],
        "sberbank": ["RUB"],
        "webmoney": ["EUR"],
    }
    assert build_regions(settings)["Russia"] == ("yookassa", "sberbank", "webmoney")
    for secret in ("test_k", "secret-p", "secret-c", "secret-w"):
        assert secret not in repr(settings)


@pytest.mark.parametrize("part", [YOOKASSA, SBERBANK, WEBMONEY])
def test_a_gateway_that_is_set_up_in_part_is_refused(read: Read, part: dict[str, str]) -> None:
    secret = next(name for name in part if name.endswith(("KEY", "PASSWORD", "_SECRET")))
    with pytest.raises(GatewayIncomplete, match="KINELOG_"):
        build_gateways(read({secret: part[secret]}))


@pytest.mark.parametrize(
    ("key", "publishable"),
    [("sk_test_1", "pk_live_1"), ("rk_live_1", "pk_test_1"), ("pk_live_1", "sk_live_1")],
)
def test_keys_of_stripe_that_do_not_belong_together_are_refused(
    read: Read, key: str, publishable: str
) -> None:
    """R-PAY-15: else the first user finds it, or pages hold the secret key."""
    with pytest.raises(GatewayIncomplete, match="KINELOG_STRIPE_PUBLISHABLE_KEY") as refused:
        build_gateways(read(stripe(key, publishable)))
    assert key not in refused.value.detail
    assert publishable not in refused.value.detail


@pytest.mark.parametrize("mode", ["test", "live"])
def test_keys_of_stripe_of_one_mode_are_taken(read: Read, mode: str) -> None:
    """R-PAY-15"""
    assert set(build_gateways(read(stripe(f"sk_{mode}_1", f"pk_{mode}_1")))) == {"stripe"}


def test_the_order_of_a_region_is_checked_at_start(read: Read) -> None:
    """C-51"""
    assert build_regions(read())["other"] == ("stripe",)
    settings = read(YOOKASSA, SBERBANK, {"GATEWAYS_RUSSIA": "sberbank, yookassa"})
    assert build_regions(settings)["Russia"] == ("sberbank", "yookassa")
    with pytest.raises(GatewayNotSetUp, match="KINELOG_GATEWAYS_OTHER names webmoney"):
        build_regions(read({"GATEWAYS_OTHER": "webmoney"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"GATEWAYS_RUSSIA": "paypal"},
        {"GATEWAYS_RUSSIA": "sberbank,sberbank"},
        {"GATEWAYS_RUSSIA": ","},
        {"WEBMONEY_PURSE_USD": "R123456789012"},
        {"YOOKASSA_NETWORKS": "everywhere"},
        {"SBERBANK_URL": "ecommerce.sberbank.ru"},
    ],
)
def test_unusable_settings_are_refused_at_start(read: Read, wrong: dict[str, str]) -> None:
    """C-51"""
    with pytest.raises(ValidationError):
        read(wrong)


def test_a_missing_file_of_certificates_is_refused(read: Read, tmp_path: Path) -> None:
    settings = read(SBERBANK, {"SBERBANK_CA": str(tmp_path / "none.pem")})
    with pytest.raises(GatewayIncomplete, match="KINELOG_SBERBANK_CA"):
        build_gateways(settings)
