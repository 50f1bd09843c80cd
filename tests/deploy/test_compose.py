"""docker-compose.yml passes every setting on; proxy and dashboards start by profile."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # without types

from bootstrap.settings import Settings
from domain.users.identities import APPLE, FIREBASE, GOOGLE
from tests.deploy.master_key import opens_keys
from tests.deploy.roles import IMAGES, ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, each in SERVICES.items() if str(each["image"]).startswith("kinelog:")}
EXAMPLE = (ROOT / ".env.example").read_text()

OF_THE_CONTAINERS = {
    "HOME",
    "CACHE",
    "POSTGRES_URL",
    "POSTGRES_OWNER_URL",
    "KAFKA",
    "REDIS_URL",
    "HOST",
    "PORT",
}
"""Set by the image, or the addresses of the compose file's own servers."""
OF_WORKERS = {"METRICS_PORT"}
OF_THE_API = {"SIGN_IN", "OPEN_REGISTRATION", "ALLOW_ANONYMOUS", "TRUSTED_PROXIES"}
BY_NAME = {"OIDC", "SPEECH_VOICE", "PROVIDER_TENANTS", "PROVIDER_DOMAINS"}
"""Settings with a name of the operator's own in the variable: the common ones are passed on."""

FIELDS = {name.upper() for name in Settings.model_fields}


def passed_on(service: str) -> set[str]:
    return {name.removeprefix("KINELOG_") for name in SERVICES[service]["environment"]}


@pytest.mark.parametrize("service", sorted(OURS))
def test_every_setting_reaches_every_process(service: str) -> None:
    """R-OPS-06, C-38: a setting of .env has no effect if compose does not pass it on."""
    passed = passed_on(service)
    expected = FIELDS - OF_THE_CONTAINERS - OF_WORKERS - OF_THE_API - BY_NAME
    assert expected - passed == set()
    for family in BY_NAME:
        assert any(name.startswith(f"{family}_") for name in passed), family
    if service in {"api", "embedded"}:
        assert passed >= OF_THE_API


@pytest.mark.parametrize("family", ["PROVIDER_TENANTS", "PROVIDER_DOMAINS"])
@pytest.mark.parametrize("provider", [APPLE, FIREBASE, GOOGLE])
def test_the_limits_of_every_built_in_provider_are_passed_on(provider: str, family: str) -> None:
    """R-OPS-06: such as the tenants that Firebase signs people in to."""
    for service in OURS:
        assert f"{family}_{provider.upper()}" in passed_on(service)


def test_the_example_names_every_setting() -> None:
    """R-OPS-06, C-38"""
    named = set(re.findall(r"^#?KINELOG_(\w+)=", EXAMPLE, re.MULTILINE))
    text = (ROOT / "docker-compose.yml").read_text()
    used = set(re.findall(r"\$\{KINELOG_(\w+?)[:}]", text))
    assert used - named == set()
    assert named - used == set()


def test_only_set_up_has_the_password_of_the_log_s_owner() -> None:
    """R-EVT-14: a process that has it could change the log."""
    having = {n for n, each in SERVICES.items() if "OWNER_PASSWORD" in str(each)}
    assert having == {"set-up", "postgres"}
    assert "OWNER_URL" not in str(COMPOSE["x-servers"]) + str(COMPOSE["x-settings"])


def test_the_volume_of_the_master_key_is_mounted_only_where_it_is_needed() -> None:
    """R-TEN-09: and by coach, which stores its speech there."""
    mounting = {
        name
        for name in OURS - {"embedded"}
        if any(str(each).startswith("home:") for each in SERVICES[name]["volumes"])
    }
    assert mounting == {role for role in OURS & set(IMAGES) - {"set-up"} if opens_keys(role)} | {
        "coach"
    }


def set_up(tmp_path: Path, password: str) -> list[str]:
    """Run the command of `set-up` with a stub of kinelog, and return what that gets."""
    kinelog = tmp_path / "kinelog"
    kinelog.write_text(f'#!/bin/sh\necho "$* ${{KINELOG_POSTGRES_OWNER_URL:-}}" >>{tmp_path}/ran\n')
    kinelog.chmod(0o755)
    command = SERVICES["set-up"]["command"][0].replace("$$", "$")
    subprocess.run(
        [*SERVICES["set-up"]["entrypoint"], command],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "OWNER_PASSWORD": password},
        check=True,
    )
    return (tmp_path / "ran").read_text().splitlines()


def test_set_up_upgrades_as_the_owner_of_the_log(tmp_path: Path) -> None:
    """R-EVT-14, R-OPS-06"""
    owner = "postgresql://kinelog_owner:secret@postgres:5432/kinelog"
    assert set_up(tmp_path, "secret") == [f"db upgrade {owner}", f"events topics create {owner}"]


def test_set_up_upgrades_an_installation_with_one_login(tmp_path: Path) -> None:
    """R-OPS-06: its .env has no password of an owner."""
    assert set_up(tmp_path, "") == ["db upgrade ", "events topics create "]


def test_a_setting_without_a_value_keeps_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-OPS-06: as compose passes an empty one on."""
    expected = Settings()
    for name in SERVICES["api"]["environment"]:
        monkeypatch.setenv(name, "")
    assert Settings() == expected


def test_every_mounted_file_exists() -> None:
    """R-OPS-02, C-38"""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", ()):
            source = str(volume).split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), (name, source)
            else:
                assert source in COMPOSE["volumes"], (name, source)


def test_prometheus_scrapes_the_processes_of_the_platform() -> None:
    """R-OPS-02: and no other; one that does not run would page the operator."""
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    targets = [
        target
        for job in scraped["scrape_configs"]
        for config in job["static_configs"]
        for target in config["targets"]
    ]
    platform = {name for name in OURS if SERVICES[name]["profiles"] == ["platform"]}
    workers = platform - {"api", "set-up"}  # set-up exits
    ports = {name: SERVICES[name]["environment"]["KINELOG_METRICS_PORT"] for name in workers}
    assert sorted(targets) == sorted(
        ["api:8765", *(f"{name}:{port}" for name, port in ports.items())]
    )


def test_prometheus_and_grafana_start_by_profile() -> None:
    """R-OPS-02: Grafana has the data of Prometheus and the dashboard."""
    for name in ("prometheus", "grafana"):
        assert SERVICES[name]["profiles"] == ["observe"]
        (port,) = SERVICES[name]["ports"]
        assert ":-127.0.0.1:" in port, "published on this machine only"
    assert "GF_SECURITY_ADMIN_PASSWORD:?" in SERVICES["grafana"]["entrypoint"][-1]
    provisioning = ROOT / "deploy/grafana/provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert source["url"] == "http://prometheus:9090"
    (provider,) = yaml.safe_load((provisioning / "dashboards/kinelog.yml").read_text())["providers"]
    mounted = [str(each).split(":")[1] for each in SERVICES["grafana"]["volumes"]]
    assert f"{provider['options']['path']}/kinelog.json" in mounted


def test_the_tls_proxy_starts_by_profile() -> None:
    """R-TEN-11: and only it is published to other machines."""
    assert SERVICES["caddy"]["profiles"] == ["tls"]
    for name, service in SERVICES.items():
        for port in service.get("ports", ()):
            assert name == "caddy" or ":-127.0.0.1:" in port, name


def test_images_have_a_version_and_a_digest() -> None:
    """C-38, R-OPS-06: publishers can move a version, but not a digest."""
    for name, service in SERVICES.items():
        version, _, digest = str(service["image"]).partition("@")
        assert re.search(r":.*\d+\.\d+", version), service["image"]
        assert name in OURS or re.fullmatch(r"sha256:[0-9a-f]{64}", digest), service["image"]


def test_images_that_dockerfiles_begin_with_have_a_digest() -> None:
    """R-OPS-06: except ours, which are given at the build."""
    for name in ("Dockerfile", "deploy/aws/lambda.Dockerfile", "deploy/aws/sagemaker.Dockerfile"):
        text = (Path(ROOT) / name).read_text()
        stages = re.findall(r"^FROM \S+ AS (\S+)", text, re.MULTILINE)
        images = re.findall(r"^(?:FROM |ARG BASE=)([^$\s]+)", text, re.MULTILINE)
        for image in set(images) - set(stages):
            assert re.fullmatch(r"\S+:\S+@sha256:[0-9a-f]{64}", image), (name, image)


def test_files_of_settings_are_not_committed() -> None:
    """R-TEN-11: certificates and keys of an installation."""
    ignored = (Path(ROOT) / "deploy/files/.gitignore").read_text().splitlines()
    assert ignored[0] == "*"
