"""Run simulators of all gateways: `python -m tools.payments [COMMAND ...]`.

With a command, such as `kinelog demo`, it runs it with the settings of the simulators, and offers
sample plans once the API answers. Without one, it prints the settings and serves until it is
stopped. What they know of payments is lost when it ends.

There are no simulators where a gateway is set up, or where others may reach the API: then, the
command runs without them. An address that is taken is refused with exit code 34.
"""

import subprocess
import sys
import threading
from typing import Final
from urllib.parse import urlsplit

import httpx2

from bootstrap.cli.serve import served_on
from bootstrap.deprecated_settings import PREFIX
from bootstrap.exit_codes import exit_code
from bootstrap.server import bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.gateways import gateways_set_up
from domain.kernel import Rejected
from tools.payments.russian_gateways import russian_gateways
from tools.payments.sample_plans import SignInRequiredError, offer_sample_plans
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import WEBHOOKS, StripeSite
from tools.simulated_settings import print_settings, reachable_by_others, serve

PAUSE_S: Final = 0.5
TIMEOUT_S: Final = 30.0


class PortRequired(Rejected):
    """Set KINELOG_PORT: the simulators send their webhooks to that port."""

    code = "address.port_required"
    kind = "invalid"


def main(command: list[str]) -> int:
    """Run until the command ends, or without one until a signal; return the exit status."""
    settings = Settings()
    try:
        api = _free_address(settings, may_choose=bool(command))
    except Rejected as refused:
        sys.stderr.write(f"kinelog: {refused.detail}\n")
        return exit_code(refused)
    reason = _reason_for_none(settings)
    if reason is not None:
        sys.stderr.write(f"kinelog: no simulators of gateways are started: {reason}\n")
        if command:
            return subprocess.call(command)
        print_settings({})
        return 0
    stop = threading.Event()
    with (
        StripeSimulator.with_unique_ids() as simulator,
        StripeSite(simulator, f"{api}{WEBHOOKS}") as site,
        russian_gateways(api) as russian,
    ):
        site.is_delivering.clear()  # until our own API answers
        found = site.settings() | russian | {"port": urlsplit(api).port}
        if "base_url" not in settings.model_fields_set:
            found["base_url"] = api  # gateways send browsers back there
        environment = {f"{PREFIX}{key.upper()}": str(each) for key, each in found.items()}
        seeding = threading.Thread(target=_offer, args=(api, site, stop), daemon=True)
        seeding.start()
        try:
            return serve(command, environment)
        finally:
            stop.set()


def _free_address(settings: Settings, *, may_choose: bool) -> str:
    """Return the URL on which the API will listen. Port 0 is replaced by a free one.

    Raises AddressUnavailable if it is taken: the server that answers there is another one.
    """
    if settings.port == 0 and not may_choose:
        raise PortRequired
    with bind_socket(settings.host, settings.port) as listener:
        return served_on(listener)


def _reason_for_none(settings: Settings) -> str | None:
    """Return why there are no simulators, or None: with them, anybody could pay without money."""
    if names := list(gateways_set_up(settings)):
        return f"{names[0]} is set up."
    return reachable_by_others(settings)


def _offer(api: str, site: StripeSite, stop: threading.Event) -> None:
    """Deliver webhooks and offer the sample plans as soon as our own API answers."""
    while not stop.wait(PAUSE_S):
        try:
            if not _is_own(api, site):
                continue
            site.is_delivering.set()
            offer_sample_plans(api)
        except SignInRequiredError:
            return  # trainers sign in and offer their own
        except httpx2.TransportError:
            continue  # it does not listen yet
        except httpx2.HTTPStatusError as refused:
            sys.stderr.write(f"The sample plans were refused: {refused}\n")
        return


def _is_own(api: str, site: StripeSite) -> bool:
    """Return whether the API that answers is ready and uses this simulator."""
    if not httpx2.get(f"{api}/readyz", timeout=TIMEOUT_S).is_success:
        return False
    return f'"{site.script_url}"' in httpx2.get(f"{api}/v1/client-settings", timeout=TIMEOUT_S).text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
