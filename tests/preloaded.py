"""What the commands of tests import, which the process that starts them imports once."""

import gc

from bootstrap import workers
from bootstrap.cli import events, main, serve, worker

__all__ = ["events", "main", "serve", "worker", "workers"]

gc.freeze()
