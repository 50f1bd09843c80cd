"""Read models that are built again after an erasure."""

from application.kernel.projection_runner import rebuild
from application.platform import Platform
from application.privacy.erasure_targets import ReadModelRows
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from projections.registry import ALL
from tests.privacy.erasing import certified
from tests.privacy.person import settle


def test_rebuilt_read_models_do_not_contain_an_erased_user(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24: in any table."""
    person = settle(platform)
    platform.achievements.award_pending(DEFAULT_TENANT)
    assert platform.fresh(platform.log.head(), 20)
    erasure = platform.privacy().erasure

    def tables_with_rows() -> set[str]:
        subject = erasure.subject_data(DEFAULT_TENANT, person.id)
        return {
            each.name
            for each in ALL
            if ReadModelRows(platform.log, platform.tables, [each]).count(subject)
        }

    assert {"achievement", "repetition", "session_summary"} <= tables_with_rows()
    with build_encryption(settings) as sealing:
        certified(erasure, person.id, origin)
        rebuild(build_projection_log(platform.log, sealing.database), platform.tables, *ALL)
    assert tables_with_rows() == set()
