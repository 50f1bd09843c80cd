"""The Kubernetes manifests are valid and agree with the Dockerfile and the settings."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate  # type: ignore[import-untyped]  # without types
import pytest
import yaml  # type: ignore[import-untyped]  # without types

from application.kernel.topics import EXERCISE_DETECT, POSE_STREAM
from tests.deploy.kustomize import built, files_of
from tests.deploy.master_key import opens_keys
from tests.deploy.roles import IMAGES, ROOT, SETTINGS, is_command

FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("gke", "plain")
VERSIONS = ("1.29", kubernetes_validate.latest_version())
WITH_MASTER_KEY = {
    "achievements",
    "analyses",
    "api",
    "daily",
    "exercise",
    "pose-coach",
    "projections",
    "real-time-analytics",
    "rpc",
}
"""The roles that encrypt or decrypt personal data."""
OF_GOOGLE = {"BackendConfig", "FrontendConfig"}
"""Google publishes their schemas, not Kubernetes."""


@pytest.fixture(params=OVERLAYS)
def resources(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return built(FOLDER / "overlays" / request.param)


def of_kind(resources: list[dict[str, Any]], *kinds: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in resources if each["kind"] in kinds}


def pods(resources: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, each in of_kind(resources, "Deployment", "Job").items():
        yield name, each["spec"]["template"]["spec"]


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", []), *pod["containers"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_understands_every_manifest(
    resources: list[dict[str, Any]], version: str
) -> None:
    """C-38"""
    for each in resources:
        if each["kind"] not in OF_GOOGLE:
            kubernetes_validate.validate(each, version, strict=True)


def test_every_file_is_part_of_an_overlay() -> None:
    used = set[Path]().union(*(files_of(FOLDER / "overlays" / name) for name in OVERLAYS))
    assert used == {path.resolve() for path in FOLDER.rglob("*.yaml")}


def test_each_role_runs_its_image_and_command(
    resources: list[dict[str, Any]],
) -> None:
    """C-38"""
    for name, pod in pods(resources):
        for each in pod["containers"]:
            assert each["image"] == f"kinelog-{name}"
            assert is_command(each["args"]), each["args"]
            assert name == "set-up" or each["args"] == IMAGES[name]
        for each in pod.get("initContainers", []):
            assert each["image"].removeprefix("kinelog-") in IMAGES
            assert "command" in each or is_command(each["args"])
    assert {name for name, _ in pods(resources)} == set(IMAGES)


def test_kubernetes_runs_every_compose_service(resources: list[dict[str, Any]]) -> None:
    """C-38"""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ours = {
        name: each["command"]
        for name, each in services.items()
        if each["image"].startswith("kinelog:") and name not in {"embedded", "set-up"}
    }
    deployed = of_kind(resources, "Deployment")
    for name, command in ours.items():
        (container,) = deployed[name]["spec"]["template"]["spec"]["containers"]
        assert container["args"] == [word for word in command if word not in {"--host", "0.0.0.0"}]  # noqa: S104  in a container


def test_every_setting_that_is_named_exists(resources: list[dict[str, Any]]) -> None:
    named = set(of_kind(resources, "ConfigMap")["kinelog"]["data"])
    for _, pod in pods(resources):
        named |= {each["name"] for c in containers(pod) for each in c.get("env", [])}
    assert named - SETTINGS <= {"NVIDIA_DRIVER_CAPABILITIES"}


def test_secrets_are_referenced_and_never_inlined(resources: list[dict[str, Any]]) -> None:
    lines = (FOLDER / "secret.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= SETTINGS
    assert set(given.values()) == {""}
    assert of_kind(resources, "Secret") == {}
    shown = of_kind(resources, "ConfigMap")["kinelog"]["data"]
    assert not given.keys() & shown.keys()
    needed = {"KINELOG_POSTGRES_URL", "KINELOG_REDIS_URL", "KINELOG_S3_SECRET"}
    assert needed <= given.keys()


def test_only_upgrades_get_the_login_that_owns_the_log(resources: list[dict[str, Any]]) -> None:
    """R-EVT-14: a process that has it could change the log."""
    owners = {
        (name, each["name"])
        for name, pod in pods(resources)
        for each in containers(pod)
        if "kinelog-owner" in str(each)
    }
    assert owners == {("set-up", "database")}
    example = (FOLDER / "secret.env.example").read_text()
    assert "kinelog-owner --from-literal=KINELOG_POSTGRES_OWNER_URL=" in example
    assert not any(line.startswith("KINELOG_POSTGRES_OWNER_URL") for line in example.splitlines())


def test_the_master_key_is_mounted_only_where_data_is_decrypted(
    resources: list[dict[str, Any]],
) -> None:
    """R-TEN-09: whoever takes over another process cannot read personal data."""
    having = {name for name, pod in pods(resources) if "kinelog-key" in str(pod)}
    mounting = {
        name
        for name, pod in pods(resources)
        if any(each["mountPath"] == "/run/kinelog" for each in pod["containers"][0]["volumeMounts"])
    }
    assert having == mounting == WITH_MASTER_KEY


def test_the_roles_with_the_master_key_are_those_that_open_keys() -> None:
    """R-TEN-09"""
    assert {role for role in set(IMAGES) - {"set-up"} if opens_keys(role)} == WITH_MASTER_KEY


def test_every_pod_has_least_privileges(resources: list[dict[str, Any]]) -> None:
    for _, pod in pods(resources):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["automountServiceAccountToken"] is False
        for each in containers(pod):
            rights = each["securityContext"]
            assert rights["readOnlyRootFilesystem"]
            assert not rights["allowPrivilegeEscalation"]
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert {"cpu", "memory"} <= each["resources"]["requests"].keys()
            assert "memory" in each["resources"]["limits"]


def test_every_mount_has_its_volume(resources: list[dict[str, Any]]) -> None:
    for name, pod in pods(resources):
        volumes = {each["name"] for each in pod["volumes"]}
        mounted = {each["name"] for c in containers(pod) for each in c["volumeMounts"]}
        assert mounted == volumes, name


def test_every_process_has_a_health_probe(resources: list[dict[str, Any]]) -> None:
    for name, each in of_kind(resources, "Deployment").items():
        (container,) = each["spec"]["template"]["spec"]["containers"]
        probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")}
        ports = {port["name"] for port in container["ports"]}
        if name == "api":
            paths = {kind: probe["httpGet"]["path"] for kind, probe in probes.items()}
            assert paths == {"startup": "/healthz", "readiness": "/readyz", "liveness": "/healthz"}
        else:
            assert {probe["tcpSocket"]["port"] for probe in probes.values()} == ports


def test_every_role_survives_the_loss_of_a_node_as_it_can(resources: list[dict[str, Any]]) -> None:
    """R-OPS-08"""
    deployed = of_kind(resources, "Deployment")
    budgets, scaled = (
        of_kind(resources, "PodDisruptionBudget"),
        of_kind(resources, "HorizontalPodAutoscaler"),
    )
    assert budgets.keys() == deployed.keys()
    for name, each in deployed.items():
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert each["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert budgets[name]["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert ("replicas" in each["spec"]) != (name in scaled), "one of both says how many"
    for name, each in scaled.items():
        assert each["spec"]["scaleTargetRef"]["name"] == name


def test_there_are_no_more_workers_than_partitions(resources: list[dict[str, Any]]) -> None:
    """R-OPS-08: in a group, at most one worker per partition has work."""
    scaled = of_kind(resources, "HorizontalPodAutoscaler")
    for name, topic in (("pose", POSE_STREAM), ("exercise", EXERCISE_DETECT)):
        assert scaled[name]["spec"]["maxReplicas"] == topic.partitions


def test_videos_are_analyzed_on_gpus_that_come_and_go() -> None:
    """R-POS-10, R-OPS-06, C-38: an autoscaled node pool that only this role may use."""
    resources = built(FOLDER / "overlays" / "gke")
    pod = of_kind(resources, "Deployment")["analyses"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert {"name": "KINELOG_POSE_DELEGATE", "value": "gpu"} in container["env"]
    assert pod["nodeSelector"] == {"cloud.google.com/gke-accelerator": "nvidia-l4"}
    assert [each["key"] for each in pod["tolerations"]] == ["nvidia.com/gpu"]
    scaling = of_kind(resources, "HorizontalPodAutoscaler")["analyses"]["spec"]
    assert (scaling["minReplicas"], scaling["maxReplicas"]) == (1, 8)
    others = [each for name, each in pods(resources) if name != "analyses"]
    assert not [each for each in others if "nodeSelector" in each]


def test_the_api_leaves_videos_to_the_analysis_workers(resources: list[dict[str, Any]]) -> None:
    """R-POS-10"""
    (api,) = of_kind(resources, "Deployment")["api"]["spec"]["template"]["spec"]["containers"]
    assert {"name": "KINELOG_ANALYZES", "value": "false"} in api["env"]


def test_the_ingress_serves_tls_at_the_base_url(
    resources: list[dict[str, Any]],
) -> None:
    spec = of_kind(resources, "Ingress")["kinelog"]["spec"]
    base_url = urlsplit(of_kind(resources, "ConfigMap")["kinelog"]["data"]["KINELOG_BASE_URL"])
    (rule,) = spec["rules"]
    assert (base_url.scheme, base_url.hostname) == ("https", rule["host"])
    assert spec["tls"] == [{"hosts": [rule["host"]], "secretName": "kinelog-tls"}]
    (path,) = rule["http"]["paths"]
    service = of_kind(resources, "Service")[path["backend"]["service"]["name"]]
    assert path["backend"]["service"]["port"]["name"] in {
        p["name"] for p in service["spec"]["ports"]
    }


def test_the_ingress_is_a_trusted_proxy(resources: list[dict[str, Any]]) -> None:
    """R-API-08: else all clients share one rate limit."""
    trusted = of_kind(resources, "ConfigMap")["kinelog"]["data"]["KINELOG_TRUSTED_PROXIES"]
    networks = [ip_network(each) for each in trusted.split(",")]
    policy = of_kind(resources, "NetworkPolicy")["api"]["spec"]["ingress"][0]["from"]
    blocks = [each["ipBlock"]["cidr"] for each in policy if "ipBlock" in each]
    for block in blocks or ["10.244.1.7/32"]:
        assert any(ip_network(block).subnet_of(each) for each in networks)  # type: ignore[arg-type]  # of one version


def test_every_pod_is_behind_the_network_policies(resources: list[dict[str, Any]]) -> None:
    everybody = of_kind(resources, "NetworkPolicy")["every-pod"]["spec"]
    for each in of_kind(resources, "Deployment", "Job").values():
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert everybody["podSelector"]["matchLabels"].items() <= labels.items()
    assert set(everybody["policyTypes"]) == {"Ingress", "Egress"}
