"""A server process for shutdown tests: `python -m tests.api.serving HOME`.

Prints its port and the id of a job that no worker takes, so that its event stream stays open.
"""

import socket
import sys
from pathlib import Path

import uvicorn

from api.app import build_app
from application.analysis.jobs import AnalysisJob
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId


def main() -> None:
    home = Path(sys.argv[1])
    with (
        open_platform(Settings(home=home, cache=home / "cache")) as platform,
        socket.socket() as listener,
    ):
        job = platform.jobs.submit(
            AnalysisJob(
                id=platform.new_id(),
                tenant_id=DEFAULT_TENANT,
                athlete_id=UserId("ada"),
                exercise=None,
                name="",
                video="none",
                correlation_id=platform.new_id(),
                created_at=platform.clock(),
            )
        )
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # connections wait until the server is ready
        sys.stdout.write(f"{listener.getsockname()[1]} {job.id}\n")
        sys.stdout.flush()
        app = build_app(platform, web=home)
        config = uvicorn.Config(app, lifespan="off", log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
