"""Ended sign-ins stay ended in every order of refresh, token reuse and sign-out."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from adapters.users.database import IdentityDatabase
from adapters.users.sign_ins import SqlSignIns
from application.users.ports import Inactive, Reused, Rotated, SignIn
from domain.ids import DEFAULT_TENANT, UserId

AT = datetime(2030, 1, 1, tzinfo=UTC)
USERS = ("ada", "bob")


@dataclass
class Family:
    """Expected state of a sign-in, without a database."""

    sign_in: SignIn
    tokens: list[bytes]  # the last one is the newest; all others have been used
    over: bool = False


class Families(RuleBasedStateMachine):
    """Any interleaving of begin, refresh, reuse, sign-out and sign-out-everywhere."""

    families = Bundle("families")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = IdentityDatabase(f"sqlite:///{Path(self.folder.name) / 'identity.sqlite'}")
        self.store = SqlSignIns(self.database)
        self.created: list[Family] = []
        self.made = 0

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def fresh(self) -> bytes:
        self.made += 1
        return b"token %d" % self.made

    @rule(target=families, user=st.sampled_from(USERS))
    def signs_in(self, user: str) -> Family:
        sign_in = SignIn(
            DEFAULT_TENANT,
            UUID(int=len(self.created) + 1),
            UserId(user),
            AT,
            AT + timedelta(days=1),
        )
        family = Family(sign_in, [self.fresh()])
        self.store.begin(sign_in, family.tokens[0])
        self.created.append(family)
        return family

    @rule(family=families)
    def refreshes(self, family: Family) -> None:
        """The newest token works unless the sign-in has ended."""
        successor = self.fresh()
        newest = family.tokens[-1]
        outcome = self.store.rotate(DEFAULT_TENANT, newest, successor=successor, at=AT)
        assert outcome == (Inactive() if family.over else Rotated(family.sign_in))
        if not family.over:
            family.tokens.append(successor)

    @rule(family=families, which=st.integers(min_value=0, max_value=99))
    def uses_a_copy(self, family: Family, which: int) -> None:
        """Reusing a token ends the sign-in."""
        if len(family.tokens) == 1:
            return
        copied = family.tokens[which % (len(family.tokens) - 1)]
        outcome = self.store.rotate(DEFAULT_TENANT, copied, successor=self.fresh(), at=AT)
        assert outcome == (Inactive() if family.over else Reused(family.sign_in))
        family.over = True

    @rule(family=families)
    def signs_out(self, family: Family) -> None:
        self.store.end(DEFAULT_TENANT, family.sign_in.id, AT)
        family.over = True

    @rule(user=st.sampled_from(USERS))
    def signs_out_everywhere(self, user: str) -> None:
        self.store.end_all(DEFAULT_TENANT, UserId(user), AT)
        for family in self.created:
            family.over |= family.sign_in.user_id == user

    @invariant()
    def what_is_over_stays_over(self) -> None:
        for family in self.created:
            live = self.store.is_live(DEFAULT_TENANT, family.sign_in.id, AT)
            assert live is not family.over

    @invariant()
    def a_sign_in_has_one_unused_token_at_most(self) -> None:
        with self.database.reading(DEFAULT_TENANT) as connection:
            rows = connection.exec_driver_sql(
                "SELECT count(*) FROM refresh_token WHERE used_at IS NULL GROUP BY sign_in_id"
            ).all()
        assert all(unused == 1 for (unused,) in rows)


TestFamilies = Families.TestCase
TestFamilies.__doc__ = "C-22: reuse ends the family; after signing out everywhere nothing works."
TestFamilies.settings = hypothesis.settings(
    deadline=None,
    max_examples=25,
    stateful_step_count=25,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
