"""One example of every fact that pose workers detect."""

from application.live.reconciliation import SetReconciled
from application.live.tracker import SetTracked
from domain.coaching.cue_memory import Cue
from domain.motion import facts as motion
from domain.values import Look, Tempo

FACTS = (
    motion.RepetitionCounted(
        number=1,
        started_s=0.1,
        ended_s=2.3,
        tempo=Tempo(1.0, 0.1, 0.9, 0.0),
        range_of_motion_deg=None,
        symmetry=0.9,
        form=1.0,
        confidence=0.8,
        faults=("knees_in",),
        view="front",
    ),
    motion.RepetitionRejected("too_fast", 0.1, 0.2),
    motion.RepetitionsReconciled(3, (2,), (4,)),
    motion.FaultSeen("knees_in", "Knees out.", 1.25, 1),
    motion.PraiseEarned("Good.", 2.0, 1),
    motion.HoldStarted(1.0),
    motion.HoldMeasured(1.0, 9.0, 8.0, 0.9, 0.8, ()),
    motion.PoseLost(3.0),
    motion.PoseFound(4.0),
    SetTracked(0.0, 12.0, 3),
    SetReconciled(
        Look("device", "blazepose-full", 360, 3, ("knees_in",)),
        Look("server", "m", 180, 4, ()),
        "server",
        (),
        (motion.RepetitionCounted(4, 9.0, 11.0, None, None, None, None, 0.5, ()),),
    ),
    Cue("knees_in", "form", "Knees out.", "Push your knees out.", "en", "knees_in", 1, 1.25),
    Cue("clean", "praise", "Good.", "", "en", None, 1, 2.0),
)
