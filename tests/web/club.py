"""A trainer with athletes, on a server with sign-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route

from application.analysis.video_analyzer import AnalysisRequest
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from tests.privacy.person import train
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, and its folder of messages."""

    server: PlatformServer
    mail: Path

    def member(self, page: Page, address: str) -> UserId:
        """Create an account through the pages; return its id."""
        sign_up(page, self.mail, address)
        identities = self.server.platform.accounts().identities
        found = identities.find(DEFAULT_TENANT, "email", address)
        assert found is not None
        return found

    def trainer(self, page: Page, address: str) -> UserId:
        """Create an account of a trainer, whose session knows the role."""
        user = self.member(page, address)
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
        administration = self.server.platform.accounts().administration
        administration.grant(user, "trainer", origin=origin, command_id=uuid4())
        page.evaluate('fetch("/v1/auth/refresh", {method: "POST"})')
        return user

    def filmed(self, athlete: UserId) -> str:
        """Analyze a video of the athlete; return the session's id."""
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4())
        request = AnalysisRequest(video=self.server.video, athlete_id=athlete, exercise="squat")
        analyzer = self.server.platform.analyzer
        done = analyzer.analyze(request, origin=origin, progress=lambda share: None)
        return str(done.report.session_id)

    def session(self, athlete: UserId, *, recorded: bool = True) -> str:
        """Store a session with one repetition."""
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4())
        return str(train(self.server.platform, athlete, origin, alone=not recorded))

    def allow(self, athlete: UserId, trainer: UserId) -> None:
        """Let the trainer see the athlete's training, without videos."""
        supervision = self.server.platform.supervision
        by_trainer, by_athlete = (
            Origin(tenant_id=DEFAULT_TENANT, actor=actor, correlation_id=uuid4())
            for actor in (trainer, athlete)
        )
        invitation, _ = supervision.invite(trainer, origin=by_trainer, command_id=uuid4())
        supervision.allow(
            athlete,
            trainer,
            video=False,
            enrollment_id=None,
            invitation_id=invitation,
            origin=by_athlete,
            command_id=uuid4(),
        )


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    home = tmp_path_factory.mktemp("club")
    with opened(home, video, sign_in="required", second_factor="optional") as server:
        server.platform.accounts().administration.create_tenant(
            "Club",
            UserId("owner"),
            join=OPEN,
            origin=Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4()),
            command_id=uuid4(),
        )
        yield Club(server, home / "mail")


def lost_after_writing(route: Route) -> None:
    """Let the server carry out a request, whose answer then does not arrive."""
    if route.request.method == "POST":
        route.fetch()
        route.fulfill(status=503, json={"status": 503, "code": "away", "title": "Come again."})
    else:
        route.continue_()


def signed_out(route: Route) -> None:
    """Refuse a change, because the sign-in has ended."""
    if route.request.method == "PUT":
        problem = {"status": 401, "code": "auth.sign_in_required", "title": "Sign in."}
        route.fulfill(status=401, json=problem)
    else:
        route.fallback()
