"""Templates of Lambda and SageMaker, the task definition, and the images that they run.

R-OPS-07, C-38: cfn-lint checks them against the published schemas of the resources; they were not
applied to a cloud.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # without types
from cfnlint.api import lint_file

from bootstrap.settings import Settings
from tests.deploy.roles import IMAGES, ROOT, SETTINGS, is_command

AWS = ROOT / "deploy" / "aws"
TEMPLATES = sorted(AWS.glob("*.yaml"))
DOCKERFILES = sorted(AWS.glob("*.Dockerfile"))
LAMBDA = yaml.safe_load((AWS / "lambda.yaml").read_text())["Resources"]
SAGEMAKER = yaml.safe_load((AWS / "sagemaker.yaml").read_text())["Resources"]
SECRET = {"KINELOG_POSTGRES_URL", "KINELOG_REDIS_URL"}


def environment(dockerfile: Path) -> dict[str, str]:
    """Return the variables that an image sets."""
    joined = dockerfile.read_text().replace("\\\n", " ")
    (line,) = re.findall(r"^ENV (.+)$", joined, re.MULTILINE)
    return dict(each.split("=") for each in line.split())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_templates_satisfy_the_published_schemas(template: Path) -> None:
    """R-OPS-07: properties, types, references and intrinsic functions."""
    assert [str(each) for each in lint_file(template)] == []


def as_properties(content: Any) -> Any:
    """Return JSON of the API of AWS as properties of a template, whose names begin in capitals."""
    match content:
        case dict():
            return {
                f"{name[0].upper()}{name[1:]}": each if name == "options" else as_properties(each)
                for name, each in content.items()
            }
        case list():
            return [as_properties(each) for each in content]
        case _:
            return content


def test_the_task_definition_satisfies_the_published_schema(tmp_path: Path) -> None:
    """R-OPS-07: also its processors and memory, of which Fargate has some combinations only."""
    task = as_properties(json.loads((AWS / "task-definition.json").read_text()))
    path = tmp_path / "template.json"
    for memory, rules in (("2048", []), ("3000", ["E3047"])):
        resource = {"Type": "AWS::ECS::TaskDefinition", "Properties": task | {"Memory": memory}}
        path.write_text(json.dumps({"Resources": {"Api": resource}}))
        assert [each.rule.id for each in lint_file(path)] == rules


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.stem)
def test_an_image_is_based_on_that_of_a_role_and_runs_a_command(dockerfile: Path) -> None:
    """R-OPS-07, C-38"""
    text = dockerfile.read_text()
    base = r"^ARG (\w+)=ghcr\.io/example/kinelog-(\w+):0\.1\.0$"
    ((name, role),) = re.findall(base, text, re.MULTILINE)
    assert role in IMAGES
    assert re.findall(r"^FROM (\S+)$", text, re.MULTILINE) == [f"${{{name}}}"]
    (last,) = re.findall(r"^(?:CMD|ENTRYPOINT) (\[.+\])$", text, re.MULTILINE)
    words = json.loads(last)
    if words[0] == "sh":
        words = words[-1].removeprefix("exec kinelog ").split()
    words = [word for word in words if not re.fullmatch(r"[\d.]+", word)]
    assert is_command(words)
    assert {name for name in environment(dockerfile) if name.startswith("KINELOG")} <= SETTINGS


def test_the_function_names_settings_and_keeps_secrets_in_secrets_manager() -> None:
    """R-OPS-07, R-API-08: the adapter in the function is the only proxy."""
    given = LAMBDA["Function"]["Properties"]["Environment"]["Variables"]
    assert given.keys() <= SETTINGS
    assert given["KINELOG_SIGN_IN"] == "required"
    assert given["KINELOG_TRUSTED_PROXIES"] == "127.0.0.1/32"


def test_the_function_follows_no_queue() -> None:
    """R-OPS-07: it is frozen between requests, also while it is the leader that others wait for."""
    given = LAMBDA["Function"]["Properties"]["Environment"]["Variables"]
    read = Settings(analyzes=given["KINELOG_ANALYZES"], sends_emails=given["KINELOG_SENDS_EMAILS"])
    assert (read.analyzes, read.sends_emails) == (False, False)
    for name in SECRET:
        assert given[name]["Fn::Sub"].startswith("{{resolve:secretsmanager:")


def test_the_adapter_waits_for_the_api_and_streams_what_it_sends() -> None:
    """R-OPS-07"""
    given = environment(AWS / "lambda.Dockerfile")
    api = (ROOT / "Dockerfile").read_text()
    assert f"KINELOG_PORT={given['AWS_LWA_PORT']}" in api
    assert given["AWS_LWA_READINESS_CHECK_PATH"] == "/healthz"
    modes = given["AWS_LWA_INVOKE_MODE"], LAMBDA["Url"]["Properties"]["InvokeMode"]
    assert modes == ("response_stream", "RESPONSE_STREAM")


def test_the_endpoint_s_container_has_settings_and_no_network() -> None:
    """R-OPS-07: the model is in the image, and a picture leaves the endpoint as landmarks only."""
    model = SAGEMAKER["Model"]["Properties"]
    assert model["EnableNetworkIsolation"] is True
    assert model["PrimaryContainer"]["Environment"].keys() <= SETTINGS
