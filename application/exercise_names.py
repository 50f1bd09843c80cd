"""Names of exercises in the languages of the coach."""

from domain.coaching.phrasebook import get_phrases
from domain.motion.exercises.custom import name_of


def exercise_name(exercise_id: str, language: str) -> str:
    """Return the name of an exercise in a language; without one, that of its definition.

    Raises CueLanguageUnknown.
    """
    return get_phrases(language).names.get(exercise_id, name_of(exercise_id, language))
