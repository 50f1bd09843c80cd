"""Checks of the read side: caching and dead letters."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from application.kernel.bus import Bus, Delivery, Message
from application.kernel.dead_letters import list_dead_letters, purge
from application.kernel.ports import NewId
from application.kernel.subscription import Subscription
from application.kernel.topics import Group
from application.operations.principles.kernel import WITHIN_S, Broken, NotHere, Patient
from domain.kernel import Rejected


def stale_cache(
    patient: Patient, listed: Callable[[], set[str]], fresh: Callable[[int], bool]
) -> str:
    """Caching: a cached response is not served once it is outdated.

    `listed` lists the doctor's sessions through the API, `fresh` waits for the read models.
    """
    for number in range(1, 4):
        listed()
        session = patient.session()
        if not fresh(patient.write(patient.begin(session))):
            raise NotHere("No process updates the read models.")
        now = listed()
        if listed() != now:
            raise Broken("Two equal requests had different responses, and nothing had changed.")
        if session not in now:
            raise Broken(f"Response {number} is older than the read models.")
    return "Three responses were cached, and each was replaced after a change."


@dataclass(frozen=True)
class Bench:
    """A consumer group with a topic of its own on a bus, and a factory of its members."""

    bus: Bus
    group: Group
    consumer: Callable[[Callable[[Delivery], None]], Subscription[Delivery]]
    new_id: NewId

    @property
    def topic(self) -> str:
        """The group's only topic."""
        (name,) = self.group.topics
        return name


def poison_message(bench: Bench, *, within_s: float = WITHIN_S) -> str:
    """Dead letters: a message that always fails is dead-lettered, and later ones are processed."""
    mark = str(bench.new_id())
    names = [f"{mark}-1", f"{mark}-poison", f"{mark}-2"]
    bench.bus.publish([Message(bench.topic, mark, name.encode()) for name in names])
    worked: list[str] = []
    stop = threading.Event()

    def work(delivered: Delivery) -> None:
        name = (delivered.message.value or b"").decode()
        if not name.startswith(mark):
            return
        if name.endswith("poison"):
            raise Poisoned
        worked.append(name)
        if name == names[-1]:
            stop.set()

    member = bench.consumer(work)
    working = threading.Thread(target=member.run, args=(stop,), daemon=True)
    working.start()
    stop.wait(within_s)
    stop.set()
    working.join(within_s)
    aside = [each for each in list_dead_letters(bench.bus, bench.group) if each.message.key == mark]
    if worked != [names[0], names[2]]:
        raise Broken(f"Beside a poison message, {len(worked)} of 2 messages were processed.")
    purge(bench.bus, bench.group, aside)
    if [each.message.value for each in aside] != [names[1].encode()]:
        raise Broken("A poison message was lost: no dead letter has it.")
    return "A poison message became a dead letter; the two beside it were processed."


class Poisoned(Rejected):
    """This message cannot be processed."""

    code = "doctor.poisoned"
    kind = "invalid"
