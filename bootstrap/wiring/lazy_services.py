"""Services that are built by their first use, because they load large libraries."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Lock
from typing import Generic, TypeVar

from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.knowledge import Knowledge
from application.users.plan_offers import PlanOffers
from application.users.services import UserServices
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import EncryptionServices

T = TypeVar("T")


class Lazy(Generic[T]):
    """A resource that is opened by its first use, from any thread, and closed if it was opened."""

    def __init__(self, build: Callable[[], AbstractContextManager[T]]) -> None:
        self._build = build
        self._lock = Lock()
        self._stack = ExitStack()
        self._resource: list[T] = []

    def __call__(self) -> T:
        with self._lock:
            if not self._resource:
                self._resource.append(self._stack.enter_context(self._build()))
            return self._resource[0]

    def close(self) -> None:
        """Close the resource if it was opened."""
        self._stack.close()


def lazy_user_services(
    settings: Settings,
    encryption: EncryptionServices,
    log: EventLog,
    plans: PlanOffers,
    opened: ExitStack,
) -> Callable[[CommandHandler], Callable[[], UserServices]]:
    """Return a factory of the user services; `opened` closes them if they were used."""

    def factory(commands: CommandHandler) -> Callable[[], UserServices]:
        def build() -> AbstractContextManager[UserServices]:
            from bootstrap.wiring.users import build_user_services  # noqa: PLC0415  loads dictionaries, JOSE

            return build_user_services(settings, encryption, log, commands, plans)

        services = Lazy(build)
        opened.callback(services.close)
        return services

    return factory


def lazy_knowledge(settings: Settings, opened: ExitStack) -> Callable[[], Knowledge]:
    """Return the knowledge search; `opened` closes it if it was used."""

    def build() -> AbstractContextManager[Knowledge]:
        from bootstrap.wiring.knowledge import build_knowledge  # noqa: PLC0415  hashes some hundred passages

        return build_knowledge(settings)

    knowledge = Lazy(build)
    opened.callback(knowledge.close)
    return knowledge
