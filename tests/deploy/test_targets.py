"""Each deployment target is described by a file without secrets.

R-OPS-06, R-OPS-07, C-38: the parsers here read these files; they were not applied to a cloud.
"""

import ipaddress
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # without types

from api.http.web_app import IMMUTABLE, PAGES
from api.middleware.http import (
    CHECKOUT_PATH,
    HSTS,
    POSE_DETECTION_PATHS,
    SECURITY_HEADERS,
    STRIPE,
    WITH_WEBASSEMBLY,
    checkout_headers,
)
from tests.api.described import committed_openapi
from tests.deploy.roles import IMAGES, ROOT, SETTINGS, is_command

DEPLOY = ROOT / "deploy"
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())
TARGETS = WORKFLOW[True]["workflow_dispatch"]["inputs"]["target"]["options"]  # YAML: `on` is true
PROCESSES = set(IMAGES) - {"set-up"}
RENDER = yaml.safe_load((DEPLOY / "render" / "render.yaml").read_text())
FLY = tomllib.loads((DEPLOY / "fly" / "fly.toml").read_text())
VERCEL = json.loads((DEPLOY / "vercel" / "vercel.json").read_text())
AWS = json.loads((DEPLOY / "aws" / "task-definition.json").read_text())
AZURE = json.loads((DEPLOY / "azure" / "app-service.json").read_text())


def render_services() -> dict[str, Any]:
    kinds = {"web", "worker", "pserv"}
    return {each["name"]: each for each in RENDER["services"] if each["type"] in kinds}


def site() -> dict[str, Any]:
    found: dict[str, Any] = AZURE["resources"][0]["properties"]["siteConfig"]
    return found


def test_a_command_that_does_not_exist_is_seen() -> None:
    assert is_command(["worker", "pose"])
    assert is_command(["events", "topics", "create"])
    assert not is_command(["worker"])
    assert not is_command(["worker", "nonsense"])
    assert not is_command(["serve", "--nonsense"])


def test_render_runs_every_process_from_its_image() -> None:
    """R-OPS-06, C-38"""
    services = render_services()
    assert services.keys() == {f"kinelog-{role}" for role in PROCESSES}
    for name, each in services.items():
        assert each["image"]["url"].endswith(f"/{name}:0.1.0")
    api = services["kinelog-api"]
    assert api["healthCheckPath"] == "/readyz"
    assert is_command(api["preDeployCommand"].split()[1:])


def test_fly_runs_every_process() -> None:
    """R-OPS-06, C-38"""
    assert FLY["processes"] == {role: " ".join(IMAGES[role]) for role in PROCESSES}
    sized = [role for vm in FLY["vm"] for role in vm["processes"]]
    assert sorted(sized) == sorted(PROCESSES)
    assert is_command(FLY["deploy"]["release_command"].split())
    assert [check["path"] for check in FLY["http_service"]["checks"]] == ["/readyz"]


def test_compose_and_the_procfile_run_every_process() -> None:
    """R-OPS-01, C-38: each image; without machines of their own, the API analyzes the videos."""
    roles = PROCESSES - {"analyses"}
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert roles <= services.keys()
    for role in roles:
        assert services[role]["command"][: len(IMAGES[role])] == IMAGES[role]
    scraped = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
    assert all(f'"{role}:' in scraped for role in roles)
    lines = (ROOT / "Procfile").read_text().splitlines()
    started = dict(line.split(": .venv/bin/kinelog ") for line in lines if line[0] != "#")
    assert started.keys() == roles
    assert all(is_command(command.split()) for command in started.values())


def test_azure_and_aws_run_the_api_s_image() -> None:
    """R-OPS-07, C-38"""
    (container,) = AWS["containerDefinitions"]
    assert is_command(container["command"])
    assert (container["user"], container["readonlyRootFilesystem"]) == ("10001", True)
    assert is_command(site()["appCommandLine"].split())
    assert site()["healthCheckPath"] == "/readyz"
    assert site()["webSocketsEnabled"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The folder that is deployed to Vercel."""
    folder = tmp_path / "site"
    script = DEPLOY / "vercel" / "site.sh"
    subprocess.run(["sh", script, folder, "https://api.example.com"], check=True)
    return folder


def vercel_headers(path: str) -> dict[str, str]:
    """Return the headers of a path: of rules with the same header, the last one counts."""
    found: dict[str, str] = {}
    for rule in VERCEL["headers"]:
        if re.fullmatch(rule["source"], path):
            found |= {each["key"]: each["value"] for each in rule["headers"]}
    return found


def test_vercel_passes_everything_but_pages_on_to_the_api(bundle: Path) -> None:
    """R-OPS-06"""
    heads = {each["source"].split("/")[1] for each in VERCEL["rewrites"]}
    paths = {path.split("/")[1].split(":")[0] for path in committed_openapi()["paths"]}
    assert paths - {"healthz", "readyz", "metrics"} <= heads | {"sessions"}
    assert "models" in heads, "pages load the pose model from their own origin"
    result = (bundle / "vercel.json").read_text()
    assert '"https://api.example.com/v1/:path*"' in result
    assert "kinelog.example.org" not in result


def test_vercel_serves_every_page_and_what_it_loads(bundle: Path) -> None:
    """R-OPS-06: at the paths that the API serves them at."""
    for page in {"index.html", *PAGES}:
        document = (bundle / page).read_text()
        for path in re.findall(r'(?:src|href)="/(static/[^"#?]+)"', document):
            assert (bundle / path).is_file(), (page, path)
        for other in re.findall(r'href="/([a-z_]+[.]html)', document):
            assert (bundle / other).is_file(), (page, other)
        for own in re.findall(r'href="/([a-z-]+[.]webmanifest)"', document):
            assert (bundle / own).is_file(), (page, own)
    assert (bundle / "service-worker.js").is_file()
    suffixes = {path.suffix for path in (bundle / "static").rglob("*.*")}
    served = {".css", ".js", ".map", ".png", ".svg", ".wasm", ".woff2"}
    assert suffixes == served, "Vercel compresses by itself"


def test_vercel_sends_the_headers_of_the_api(bundle: Path) -> None:
    """R-OPS-06: pages that detect poses may compile WebAssembly, checkout loads Stripe."""
    served = ["/", *(f"/{page}" for page in PAGES)]
    served += [f"/static/assets/{path.name}" for path in (bundle / "static/assets").glob("*.js")]
    assert any(POSE_DETECTION_PATHS.fullmatch(path) for path in served if "assets" in path)
    for path in served:
        expected = SECURITY_HEADERS | HSTS
        if POSE_DETECTION_PATHS.fullmatch(path):
            expected |= WITH_WEBASSEMBLY
        elif path == CHECKOUT_PATH:
            expected |= checkout_headers(STRIPE)
        if path.startswith("/static/"):
            expected |= {"Cache-Control": IMMUTABLE}
        assert vercel_headers(path) == expected, path


def settings_of(target: str) -> dict[str, str | None]:
    """Return the settings with their values; None if the target keeps the value secret."""
    match target:
        case "render":
            given = [*RENDER["envVarGroups"][0]["envVars"]]
            given += [e for s in render_services().values() for e in s["envVars"] if "key" in e]
            return {each["key"]: each.get("value") for each in given}
        case "fly":
            return dict(FLY["env"])
        case "aws":
            (container,) = AWS["containerDefinitions"]
            shown = {each["name"]: each["value"] for each in container["environment"]}
            return shown | {each["name"]: None for each in container["secrets"]}
        case _:
            shown = {each["name"]: each["value"] for each in site()["appSettings"]}
            return {k: None if "KeyVault" in v else v for k, v in shown.items()}


@pytest.mark.parametrize("target", ["render", "fly", "aws", "azure"])
def test_every_named_setting_exists_and_none_is_secret(target: str) -> None:
    given = settings_of(target)
    ours = {name for name in given if name.startswith("KINELOG_")}
    assert ours <= SETTINGS
    assert given["KINELOG_SIGN_IN"] == "required"
    for name in ours & {"KINELOG_POSTGRES_URL", "KINELOG_REDIS_URL", "KINELOG_S3_SECRET"}:
        assert given[name] is None


@pytest.mark.parametrize("target", ["render", "fly", "aws", "azure"])
def test_every_target_trusts_its_own_proxies(target: str) -> None:
    """R-API-08: else all clients share one rate limit."""
    trusted = (settings_of(target)["KINELOG_TRUSTED_PROXIES"] or "").split(",")
    assert trusted
    assert not any(ipaddress.ip_address("8.8.8.8") in ipaddress.ip_network(e) for e in trusted)


def test_compose_trusts_docker_s_networks() -> None:
    """R-API-08"""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name in ("api", "embedded"):
        setting = services[name]["environment"]["KINELOG_TRUSTED_PROXIES"]
        trusted = setting.removeprefix("${KINELOG_TRUSTED_PROXIES:-").removesuffix("}").split(",")
        assert any(ipaddress.ip_address("172.18.0.2") in ipaddress.ip_network(e) for e in trusted)
        assert not any(ipaddress.ip_address("8.8.8.8") in ipaddress.ip_network(e) for e in trusted)


def test_each_target_deploys_only_what_ci_passed() -> None:
    """R-OPS-05, R-OPS-06, R-OPS-07: only commits that passed CI."""
    assert list(WORKFLOW[True]) == ["workflow_dispatch"]
    jobs = WORKFLOW["jobs"]
    assert set(TARGETS) == set(jobs) - {"passed", "images"}
    assert jobs["images"]["needs"] == "passed"
    for target in TARGETS:
        job = jobs[target]
        assert job["if"] == f"inputs.target == '{target}'"
        assert job["environment"] == target
        assert job["needs"] in {"images", "passed"}


def test_workflow_commands_exist() -> None:
    ran = "\n".join(s.get("run", "") for j in WORKFLOW["jobs"].values() for s in j["steps"])
    named = set(re.findall(r"\bdeploy/[\w./-]+", json.dumps(WORKFLOW)))
    assert all((ROOT / name).is_file() for name in named), named
    for script in re.findall(r"\bsh (deploy/\S+\.sh)", ran):
        assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0
    for overlay in re.findall(r"apply\.sh (\w+)", ran):
        assert (DEPLOY / "kubernetes" / "overlays" / overlay / "kustomization.yaml").is_file()


def test_an_image_is_built_for_each_role(tmp_path: Path) -> None:
    """C-38: with a stub of Docker that records its arguments."""
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n')
    docker.chmod(0o755)
    subprocess.run(
        ["sh", DEPLOY / "images.sh", "ghcr.io/example", "1.2.3"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
        capture_output=True,
    )
    request = (tmp_path / "asked").read_text().splitlines()
    pushed = [line.rpartition("/")[2] for line in request if line.startswith("push")]
    assert pushed == [f"kinelog-{role}:1.2.3" for role in IMAGES]
    built = [line for line in request if line.startswith("build")]
    assert all(f"--target {role} " in line for role, line in zip(IMAGES, built, strict=True))
