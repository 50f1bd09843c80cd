"""Run a local Firestore until it is stopped: `python -m tools.firestore --port 8085`."""

import argparse
import signal
import threading
from pathlib import Path

from tools.firestore.documents import Documents
from tools.firestore.server import LocalFirestore


def main() -> None:
    """Serve the documents of a journal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--journal", type=Path, help="Keep the documents in this file.")
    chosen = parser.parse_args()
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    with LocalFirestore(Documents(chosen.journal), port=chosen.port) as served:
        print(f"Firestore at {served.url}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
