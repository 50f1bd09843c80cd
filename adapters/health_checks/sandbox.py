"""Health check of this machine: how child processes for media are confined (ADR 26)."""

from typing import Final

from adapters.sandbox import PROTECTIONS, Protection
from adapters.video.isolated import probe_protections
from application.operations.readiness import Check, Degraded

MEANING: Final[dict[Protection, str]] = {
    "memory": "no other process reads their memory",
    "privileges": "they get no more rights",
    "systemCalls": "they open no files and sockets, and start no programs",
}


def sandbox() -> Check:
    """Check that a child process has all protections. Starts one."""

    def probe() -> str:
        active = probe_protections()
        held = "; ".join(MEANING[each] for each in active) or "nothing but their limits"
        sentence = f"Enforced for child processes that read media: {held}."
        missing = [MEANING[each] for each in PROTECTIONS if each not in active]
        if missing:
            raise Degraded(f"{sentence} Not enforced: {'; '.join(missing)}.")
        return sentence

    return Check("sandbox", probe, needed=False)
