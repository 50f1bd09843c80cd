"""Ranking of candidate cues: the most important permitted cue, or none."""

from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Final

from domain.coaching.cue_memory import Cue, CueMemory, GivenCue
from domain.coaching.phrasebook import Phrase, Phrasebook, Rule, get_phrases, get_rules
from domain.coaching.preferences import CuePreferences
from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.signals.camera_framing import Advice
from domain.values import View

LONGEST_TEXT: Final = 42
"""Characters of a caption: one line across a telephone, as in subtitles (Netflix, Timed Text Style
Guide)."""


@value
class Candidate:
    """A cue that could be given."""

    cue: str
    sentence: str
    fault: str | None
    repetition: int | None
    phrase: Phrase
    rule: Rule


class CueRanker:
    """Ranks the candidate cues of one observation in a set."""

    def __init__(
        self,
        definition: ExerciseDefinition,
        coach: CueMemory,
        at_s: float,
        wanted: CuePreferences,
        view: View | None = None,
    ) -> None:
        self._definition = definition
        self.coach = coach
        self._at_s = at_s
        self._wanted = wanted
        self._view = view
        self._words = get_phrases(wanted.language)

    def candidate(
        self, cue: str, sentence: str, *, fault: str | None, repetition: int | None
    ) -> Candidate:
        """Take a cue of the catalogue into consideration; `sentence` where it has no caption."""
        phrase = self._words.phrase(self._definition.id, cue)
        return Candidate(cue, sentence, fault, repetition, phrase, get_rules().of(cue))

    def fault(self, fault: str, repetition: int | None) -> Candidate:
        """Take the correction of a fault of the exercise into consideration."""
        sentence = self._definition.fault(fault).cue
        return self.candidate(fault, sentence, fault=fault, repetition=repetition)

    def praise(self, cue: str, sentence: str, repetition: int) -> Candidate:
        """Take praise into consideration."""
        return self.candidate(cue, sentence, fault=None, repetition=repetition)

    def framing(self, advice: Advice) -> Candidate:
        """Return the candidate for framing advice."""
        by_metres = advice.change == "come_closer" and advice.metres is not None
        change = "come_closer_by" if by_metres else advice.change
        phrase = fill_in(self._words, self._words.framing[change], advice)
        rule = get_rules().categories["framing"]
        return Candidate(f"framing_{advice.change}", "", None, None, phrase, rule)

    def say(
        self, candidates: Sequence[Candidate], *, underway: bool = False
    ) -> tuple[CueMemory, Cue | None]:
        """Return the best allowed candidate as a cue; `underway`: during a repetition."""
        allowed = [each for each in candidates if self._may_be_said(each, underway=underway)]
        if not allowed:
            return self.coach, None
        best = min(allowed, key=self._rank)
        return self._remembered(best), self._spoken(best)

    def _rank(self, candidate: Candidate) -> tuple[int, bool]:
        """By importance; among equals the fault that is being corrected already."""
        return candidate.rule.priority, candidate.fault != self.coach.correcting

    def _may_be_said(self, candidate: Candidate, *, underway: bool) -> bool:
        if get_rules().is_silent(self._definition.id, candidate.cue, self._view):
            return False
        rule, before = candidate.rule, self._said(candidate.cue)
        if rule.category == "safety":
            return before is None or self._at_s - before.at_s >= rule.cooldown_s
        if underway or candidate.cue in self._wanted.muted:
            return False
        if rule.category == "praise" and not self._wanted.praise:
            return False
        patience, last_s = self._wanted.patience, self.coach.last_s
        if last_s is not None and self._at_s - last_s < patience * get_rules().gap_s:
            return False
        if before is None:
            return True
        return (
            before.times < rule.per_set and self._at_s - before.at_s >= patience * rule.cooldown_s
        )

    def _said(self, cue: str) -> GivenCue | None:
        return next((each for each in self.coach.said if each.cue == cue), None)

    def _remembered(self, candidate: Candidate) -> CueMemory:
        before = self._said(candidate.cue)
        times = 1 if before is None else before.times + 1
        others = tuple(each for each in self.coach.said if each.cue != candidate.cue)
        return replace(
            self.coach,
            last_s=self._at_s,
            said=(*others, GivenCue(candidate.cue, self._at_s, times)),
            correcting=candidate.fault or self.coach.correcting,
        )

    def _spoken(self, candidate: Candidate) -> Cue:
        text, say = render(candidate.phrase, candidate.sentence)
        match self._wanted.verbosity:
            case "captions":
                say = say if candidate.rule.category == "safety" else ""
            case "short":
                say = text
            case "full":
                pass
        return Cue(
            cue=candidate.cue,
            category=candidate.rule.category,
            text=text,
            say=say,
            language=self._words.language,
            fault=candidate.fault,
            repetition=candidate.repetition,
            at_s=self._at_s,
        )


def render(phrase: Phrase, sentence: str) -> tuple[str, str]:
    """Return caption and spoken text of a phrase; `sentence` replaces a missing caption."""
    text = shorten(phrase.text or sentence, LONGEST_TEXT, placeholder="…")
    return text, phrase.say or text


def fill_in(language: Phrasebook, phrase: Phrase, advice: Advice) -> Phrase:
    """Fill the direction and amount of an advice into its words."""
    values = {
        "degrees": advice.degrees,
        "metres": None if advice.metres is None else f"{advice.metres:g}",
        "side": advice.side and language.fillings[advice.side],
        "part": advice.part
        and language.fillings.get(advice.part, f"{advice.part.replace('_', ' ')}s"),
    }
    text, say = ((words or "").format(**values) for words in (phrase.text, phrase.say))
    return Phrase(text, say)
