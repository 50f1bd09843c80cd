"""Erasure target: a person's sessions and profile in the stores of the pose coach."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.pose_coach.sink_states import SinkStates
from application.pose_coach.stores import SessionStore
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step


@dataclass(frozen=True)
class PoseCoachData:
    """Finds the person in the stores by the keys under which the sinks have stored them."""

    states: SinkStates
    stores: Sequence[SessionStore]
    step: Step = "read_models"

    def count(self, subject: SubjectData) -> int:
        return len(self.states.of_user(subject.tenant_id, subject.user_id))

    def remove(self, subject: SubjectData) -> int:
        entries = self.states.of_user(subject.tenant_id, subject.user_id)
        for key in {each.stored_for for _, each in entries if each.stored_for is not None}:
            for store in self.stores:
                store.delete_profile(subject.tenant_id, key)
        return self.states.remove_user(subject.tenant_id, subject.user_id)
