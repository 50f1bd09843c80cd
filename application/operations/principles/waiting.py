"""Checks of waiting: dead dependencies, slow jobs, exhausted pools."""

from typing import Final, Protocol

from application.kernel.cache import Cache
from application.operations.principles.kernel import WITHIN_S, Broken, Patient, in_time
from domain.kernel import Rejected

QUESTIONS: Final = 10
"""Number of requests to a dead dependency."""


class Deaf(Protocol):
    """A dependency that accepts connections and never responds."""

    cache: Cache
    """Its client."""

    def connections(self) -> int:
        """Count the connections so far."""
        ...


def dead_dependency(deaf: Deaf) -> str:
    """Circuit breakers: an unresponsive dependency is soon bypassed."""
    for number in range(QUESTIONS):
        if deaf.cache.get(f"doctor-{number}") is not None:
            raise Broken("A dependency that is dead has answered.")
    attempts = deaf.connections()
    if attempts >= QUESTIONS:
        raise Broken(
            f"A dependency that is dead was asked {attempts} times for {QUESTIONS} answers."
        )
    return (
        f"Of {QUESTIONS} questions {attempts} went to the dead dependency; all went on without it."
    )


class SlowWork(Protocol):
    """A job that runs until it is released."""

    def submit(self) -> None:
        """Submit the job."""
        ...

    def state(self) -> str:
        """Return its state: `running`, then `succeeded` or `failed`."""
        ...

    def let_go(self) -> None:
        """Release the job."""
        ...


def slow_job(patient: Patient, work: SlowWork, *, within_s: float = WITHIN_S) -> str:
    """Background jobs: a command completes while a slow job runs."""
    try:
        if not in_time(work.submit, within_s):
            raise Broken("Whoever asks for slow work waits for its end.")
        session = patient.session()
        if not in_time(lambda: patient.write(patient.begin(session)), within_s):
            raise Broken("A command waits for the end of somebody's slow work.")
        if (state := work.state()) not in {"queued", "running"}:
            raise Broken(f"The slow work was {state} before it could be.")
    finally:
        work.let_go()
    return "Slow work was taken at once, and a command was carried out while it was under way."


class Pool(Protocol):
    """A pool with one connection."""

    def take(self) -> None:
        """Check out the only connection and keep it."""
        ...

    def give_back(self) -> None:
        """Return the connection."""
        ...

    def ask(self) -> None:
        """Run a query that needs a connection. Raises StorageUnavailable."""
        ...


def exhausted_pool(pool: Pool, *, within_s: float = WITHIN_S) -> str:
    """Connection pools: without a free connection, callers are rejected, then recover."""
    pool.ask()
    pool.take()
    try:
        refusal = _refusal(pool, within_s)
    finally:
        pool.give_back()
    pool.ask()
    return f"Without a connection it was told: {refusal} With one again it worked."


def _refusal(pool: Pool, within_s: float) -> str:
    try:
        ended = in_time(pool.ask, within_s)
    except Rejected as refused:
        return refused.detail
    except Exception as other:
        raise Broken(f"Without a connection it ended with {type(other).__name__}.") from other
    if ended:
        raise Broken("The pool gave more connections than it has.")
    raise Broken(f"Without a connection it waited for more than {within_s:.0f} s.")
