"""Health check of the API that this machine serves, by its own report at `/readyz`."""

from typing import Any, Final

import httpx2

from application.operations.readiness import Check, Degraded

NAME: Final = "proxies"
TIMEOUT_S: Final = 5.0


def proxies(port: int) -> Check:
    """Ask the API at a port of this machine whether untrusted proxies forward its requests."""

    def probe() -> str:
        try:
            answer = httpx2.get(
                f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_S, trust_env=False
            )
            checks: list[dict[str, Any]] = answer.json()["checks"]
        except (httpx2.HTTPError, ValueError, KeyError):
            return f"No API answers at port {port} of this machine."
        for each in checks:
            if each["name"] == NAME and each["state"] != "ok":
                raise Degraded(each["detail"])
        return "No untrusted proxy forwards requests."

    return Check(NAME, probe, needed=False)
