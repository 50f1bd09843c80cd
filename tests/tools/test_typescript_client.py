"""The generated TypeScript client: its documented example runs, and Zod refuses what we refuse."""

import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import httpx2
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # without types

from tests.api.people import PASSWORD, Town
from tests.web.server import opened

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "tools" / "typescript_client" / "README.md"
EXAMPLE: Final = re.compile(r"^```typescript\n(.*?)^```", re.MULTILINE | re.DOTALL)
NODE: Final = ROOT / ".venv" / "bin" / "node"
ADA: Final = "ada@example.org"

COMPILER_OPTIONS: Final = {
    "strict": True,
    "target": "ES2023",
    "module": "NodeNext",
    "lib": ["ES2023", "DOM", "DOM.Iterable"],
    "types": ["node"],
    "skipLibCheck": True,
    "outDir": "out",
}

PARSE: Final = """
import * as schemas from "kinelog-client/zod";
const bodies = JSON.parse(process.argv[1]);
console.log(JSON.stringify(bodies.map(([name, body]) => schemas[name].safeParse(body).success)));
"""

BODIES: Final[tuple[tuple[str, str, dict[str, Any], bool], ...]] = (
    ("NewComment", "zNewComment", {"text": "Chest up.", "atMs": 500}, True),
    ("NewComment", "zNewComment", {"text": ""}, False),
    ("NewComment", "zNewComment", {"text": "x" * 1001, "atMs": 500}, False),
    ("NewComment", "zNewComment", {"text": "Chest up.", "atMs": "soon"}, False),
    ("Login", "zLoginBody", {"email": "ada@example.org", "password": "correct horse"}, True),
    ("Login", "zLoginBody", {"email": "ada@example.org"}, False),
    ("Login", "zLoginBody", {"email": "a", "password": "correct horse"}, False),
    ("Login", "zLoginBody", {"email": "ada@example.org", "password": ""}, False),
)
"""Name in the document, name of the Zod schema, body, and whether both accept it."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of a user that has installed the packed client."""
    dist = tmp_path_factory.mktemp("dist")
    script = ROOT / "scripts" / "typescript-client.sh"
    subprocess.run(["sh", script, dist], cwd=ROOT, check=True, capture_output=True, timeout=300)
    build, folder = dist / "typescript-client", dist / "project"
    packages = folder / "node_modules"
    packages.mkdir(parents=True)
    for name in ("zod", "@types", "undici-types", "typescript"):
        (packages / name).symlink_to(build / "node_modules" / name)
    with tarfile.open(dist / "kinelog-client-0.1.0.tgz") as packed:
        packed.extractall(packages, filter="data")
    (packages / "package").rename(packages / "kinelog-client")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    config = {"compilerOptions": COMPILER_OPTIONS, "files": ["example.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    found = EXAMPLE.search(README.read_text("utf-8"))
    assert found is not None
    (folder / "example.ts").write_text(found[1], encoding="utf-8")
    return folder


def type_errors(project: Path) -> list[str]:
    """Compile the example; return what is wrong."""
    compiler = project / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        [NODE, compiler, "-p", project], check=False, capture_output=True, text=True, timeout=300
    )
    return [line for line in done.stdout.splitlines() if "error TS" in line]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The URL of a server that requires sign-in, with one user."""
    home = tmp_path / "home"
    with opened(home, home / "none.mp4", sign_in="required") as served:
        with httpx2.Client(base_url=served.url, timeout=60) as client:
            Town(cast("Any", client), served.platform, home / "mail").citizen(ADA)
        yield served.url


def run(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Node in the project."""
    return subprocess.run(
        [NODE, *arguments],
        cwd=project,
        env=os.environ | variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_example_of_the_typescript_client_runs(project: Path, server: str) -> None:
    """R-API-02, C-11: sign in, start and complete a session, list sessions; all of it typed."""
    assert type_errors(project) == []
    variables = {"KINELOG_URL": server, "KINELOG_EMAIL": ADA, "KINELOG_PASSWORD": PASSWORD}
    done = run(project, "out/example.js", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "0 true"

    refused = run(project, "out/example.js", **variables | {"KINELOG_EMAIL": "a"})
    assert refused.returncode != 0
    assert "ZodError" in refused.stderr

    example = project / "example.ts"
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("started.sessionId", "started.session"), encoding="utf-8")
    assert len(type_errors(project)) == 2
    example.write_text(text, encoding="utf-8")


def test_zod_refuses_the_bodies_that_the_server_refuses(project: Path) -> None:
    """C-11: those of the OpenAPI document, which come from our models."""
    bodies = json.dumps([(name, body) for _, name, body, _ in BODIES])
    done = run(project, "--input-type=module", "--eval", PARSE, bodies)
    assert done.returncode == 0, done.stderr
    document = json.loads((ROOT / "api" / "openapi.json").read_text("utf-8"))
    described = [
        Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"}).is_valid(body)
        for name, _, body, _ in BODIES
    ]
    assert json.loads(done.stdout) == described == [valid for *_, valid in BODIES]
