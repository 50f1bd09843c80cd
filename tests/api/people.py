"""Signed-in users and what they send."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from starlette.testclient import TestClient

from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.consents import TEXTS
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN, JoinPolicy
from domain.tenants.roles import StaffRole
from domain.users.commands import GiveConsent
from domain.users.identities import ConsentPurpose
from domain.users.user import USER
from tests.mail_folder import read_mails, text_of

PASSWORD = "three quiet walruses 1871"  # noqa: S105  of nobody
LINK = re.compile(r"#token=(\S+)")


@dataclass
class Person:
    """A signed-in user with a client that sends their token."""

    client: TestClient
    tenant: str
    tokens: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.tokens["user"]["id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['accessToken']}"}

    def get(self, path: str, **more: Any) -> Any:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def agrees(self, purpose: str) -> None:
        """Consent to the current version of a purpose."""
        state = self.get("/v1/me/consents").json()["items"]
        version = next(each["version"] for each in state if each["purpose"] == purpose)
        change = {"purpose": purpose, "given": True, "version": version}
        assert self.ask("PUT", "/v1/me/consents", json=change).status_code == 200

    def graph(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        return self.post("/graphql", json=body).json()


@dataclass
class Town:
    """A platform that requires tokens, and its sent mail."""

    client: TestClient
    platform: Platform
    mail: Path

    def post(self, path: str, body: dict[str, Any], tenant: str = DEFAULT_TENANT) -> Any:
        """Send a request without a token."""
        return self.client.post(path, json=body, headers={"X-Tenant-ID": tenant})

    def emails(self, address: str) -> list[str]:
        """Return all messages to an address, the newest last, after pending ones are sent."""
        self.settled()
        mailer: Any = self.platform.accounts().email_delivery.mailer
        mails = read_mails(self.mail, mailer.cipher)
        return [text_of(each) for each in mails if each["To"] == address]

    def settled(self) -> None:
        """Finish the work that endpoints do after they have answered, and send e-mails."""
        self.finish_postponed_work()
        self.platform.accounts().follow_email_requests.run_once()

    def finish_postponed_work(self) -> None:
        """Wait for the work that endpoints do after they have answered."""
        later: Any = self.platform.accounts().registration.emails.later
        later._thread.submit(lambda: None).result(timeout=60)

    def token(self, address: str) -> str:
        """Return the token in the newest message."""
        found = LINK.search(self.emails(address)[-1])
        assert found is not None
        return unquote(found[1])

    def citizen(
        self,
        address: str = "ada@example.org",
        tenant: str = DEFAULT_TENANT,
        *,
        camera: bool = True,
    ) -> Person:
        """Register and verify a user; `camera` also gives the camera consent."""
        self.exists(tenant)
        body = {"email": address, "password": PASSWORD}
        assert self.post("/v1/auth/register", body, tenant).status_code == 202
        link = {"token": self.token(address), "password": PASSWORD}
        tokens = self.post("/v1/auth/verify-email", link, tenant)
        assert tokens.status_code == 200, tokens.text
        person = Person(self.client, tenant, tokens.json())
        if camera:
            self._consent(TenantId(tenant), UserId(person.id))
        return person

    def exists(self, tenant: str, join: JoinPolicy = OPEN) -> None:
        """Create a tenant unless it is there; `default` needs no creation."""
        tenant_id = TenantId(tenant)
        if tenant == DEFAULT_TENANT or self.platform.log.load(tenant_id, "tenant-self"):
            return
        origin = Origin(tenant_id=tenant_id, actor="test", correlation_id=uuid4())
        self.platform.accounts().administration.create_tenant(
            "Town", UserId("mayor"), join=join, origin=origin, command_id=uuid4()
        )

    def _consent(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Give consent directly, so that tests of other endpoints need not."""
        purposes: tuple[ConsentPurpose, ...] = ("camera_processing", "movement_recording")
        agreed = [
            GiveConsent(
                purpose=purpose,
                version=TEXTS[purpose].version,
                at=self.platform.clock(),
                source="rest",
            )
            for purpose in purposes
        ]
        origin = Origin(tenant_id=tenant_id, actor=user_id, correlation_id=uuid4())
        self.platform.commands.execute(
            Request(USER, user_id, agreed), origin=origin, command_id=uuid4()
        )

    def log_in(self, person: Person, address: str) -> Person:
        """Sign in again for new tokens."""
        body = {"email": address, "password": PASSWORD}
        tokens = self.post("/v1/auth/login", body, person.tenant)
        assert tokens.status_code == 200, tokens.text
        return Person(self.client, person.tenant, tokens.json())

    def staff(self, role: StaffRole, address: str) -> Person:
        """Register a user with a role beside the member's."""
        person = self.citizen(address)
        origin = Origin(tenant_id=TenantId(DEFAULT_TENANT), actor="test", correlation_id=uuid4())
        administration, who = self.platform.accounts().administration, UserId(person.id)
        if not self.platform.log.load(origin.tenant_id, "tenant-self"):
            administration.create_tenant(
                "Town", UserId("mayor"), join=OPEN, origin=origin, command_id=uuid4()
            )
        administration.grant(who, role, origin=origin, command_id=uuid4())
        return self.log_in(person, address)
