"""Child process that hashes passwords: `python -m adapters.users.hashing_child`.

Each line of its input is a request, and each line of its output the answer, as JSON.
"""

import json
import os
import signal
import sys
from typing import Any, Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

NICENESS: Final = 10
"""How much lower its priority is than that of the API: a hash gives way to requests."""


def main() -> None:
    """Answer requests until the parent is gone."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Hash a password, or compare it with `stored`; an unreadable hash matches none."""
    hasher = PasswordHash((Argon2Hasher(**request["cost"]),))
    reply: dict[str, Any] = {"number": request["number"]}
    if request["stored"] is None:
        return {**reply, "hash": hasher.hash(request["password"])}
    try:
        matches, renewed = hasher.verify_and_update(request["password"], request["stored"])
    except UnknownHashError:
        return {**reply, "matches": False, "renewed": None}
    return {**reply, "matches": matches, "renewed": renewed}


if __name__ == "__main__":
    main()
