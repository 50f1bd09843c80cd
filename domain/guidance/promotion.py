"""Promotion gate: a trained model serves only if it is not worse, and the decision is an event."""

from datetime import datetime

from domain.guidance.events import ModelEvent, ModelEvidence, ModelPromoted, ModelRefused, Obstacle
from domain.guidance.off_policy import is_not_worse
from domain.kernel import Decider, command, value


@command
class DecideModel:
    """Decide whether a model serves. `model` is None if there were too few people for one.

    The trial of the evidence compares it with popularity, on what people trained last; the
    comparison a model that was trained the same way before with what was shown since.
    """

    model: str | None
    evidence: ModelEvidence
    at: datetime


@value
class ServingModel:
    """The model that serves; None: the rules recommend alone. `refused` is the last refusal."""

    model: str | None = None
    refused: tuple[str | None, Obstacle] | None = None


def decide(request: DecideModel, state: ServingModel) -> tuple[ModelEvent, ...]:
    """Return the decision; nothing if the model serves already, or if there is still none."""
    obstacle = _obstacle(request)
    if request.model == state.model and obstacle in {None, "too_few_people"}:
        return ()
    if obstacle is not None and state.refused == (request.model, obstacle):
        return ()
    if request.model is not None and obstacle is None:
        evidence = request.evidence
        return (ModelPromoted(model=request.model, evidence=evidence, at=request.at),)
    refused = ModelRefused(
        model=request.model,
        serving=state.model if obstacle == "worse_in_use" else None,
        obstacle=obstacle or "too_few_people",
        evidence=request.evidence,
        at=request.at,
    )
    return (refused,)


def _obstacle(request: DecideModel) -> Obstacle | None:
    evidence = request.evidence
    if request.model is None:
        return "too_few_people"
    if evidence.hits < evidence.popular_hits or not evidence.hits:
        return "worse_in_trial"
    if evidence.comparison is not None and not is_not_worse(evidence.comparison):
        return "worse_in_use"
    return None


def evolve(_: ServingModel, event: ModelEvent) -> ServingModel:
    """Apply one event."""
    match event:
        case ModelPromoted(model=model):
            return ServingModel(model)
        case ModelRefused(model=model, serving=serving, obstacle=obstacle):
            return ServingModel(serving, (model, obstacle))


RECOMMENDATION_MODEL = Decider[DecideModel, ModelEvent, ServingModel](
    "recommendation_model", initial=ServingModel(), decide=decide, evolve=evolve
)
