"""Speech in Russian and Spanish."""

from typing import Final

import pytest

from domain.coaching.phrasebook import get_phrases
from domain.intents.classifier import Slots, classify
from domain.intents.normalization import normalize
from domain.intents.substitution import find_substitute
from domain.intents.vocabulary import Intent, Named, get_vocabulary
from domain.motion.exercises.library import all_exercises

COMMANDS: Final[dict[str, dict[Intent, list[str]]]] = {
    "ru": {
        "start": ["Старт!", "Давай начнём", "ну, поехали", "Я готова", "продолжаем подход"],
        "stop": ["Стоп.", "Всё, хватит", "я закончил", "Остановись, пожалуйста", "больше не могу"],
        "pause": ["ПАУЗА", "поставь на паузу", "подожди секунду", "Тренер, мне нужен перерыв"],
        "next": ["дальше", "давай следующий подход", "пропусти это упражнение", "пропускаем"],
        "undo_repetition": ["отмена", "этот повтор не считается", "убери последнее повторение"],
        "swap_exercise": ["замена", "смени упражнение", "можно что-нибудь другое?", "дай другое"],
    },
    "es": {
        "start": ["¡Vamos!", "venga, empezamos", "Ya estoy lista", "continúa"],
        "stop": ["Para.", "ya está", "ya terminé", "Detente, por favor", "no puedo más"],
        "pause": ["PAUSA", "espera un segundo", "necesito descansar", "ponlo en pausa"],
        "next": [
            "siguiente",
            "siguiente serie, por favor",
            "sáltate este ejercicio",
            "¿qué sigue?",
        ],
        "undo_repetition": ["deshaz la última", "esa no cuenta", "has contado una de más"],
        "swap_exercise": ["cambia de ejercicio", "otro ejercicio", "¿puedo hacer otra cosa?"],
    },
}

SPOKEN: Final = [
    (language, text, intent)
    for language, commands in COMMANDS.items()
    for intent, texts in commands.items()
    for text in texts
]


SPARED: Final = {
    "ru": "Приседания: почти то же, что и становая тяга, без снарядов и "
    "с меньшей нагрузкой на поясницу.",  # noqa: RUF001  it is Russian
    "es": "Sentadilla: casi el mismo trabajo que peso muerto, sin material y cuidando "
    "la zona lumbar.",
}

WITHOUT_A_BAR: Final = {
    "ru": "Сгибание рук на бицепс: почти то же, что и подтягивания, без турника.",
    "es": "Curl de bíceps: casi el mismo trabajo que dominadas, sin barra de dominadas.",
}


@pytest.mark.parametrize(("language", "text", "intent"), SPOKEN)
def test_paraphrased_commands_are_understood(language: str, text: str, intent: Intent) -> None:
    """R-POS-04"""
    understood = classify(text, language)
    assert understood.intent == intent
    assert understood.confidence >= 0.75


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("начинаем приседания", Slots(exercise="squat")),
        ("пропусти выпады", Slots(exercise="lunge")),
        ("убери последние два повтора", Slots(repetitions=2)),
        ("минус 3", Slots(repetitions=3)),
        ("поменяй приседания на выпады", Slots("squat", "lunge")),
        ("замени на выпады приседания", Slots("squat", "lunge")),
        ("вместо приседаний сделаю выпады", Slots("squat", "lunge")),
        ("лучше выпады вместо приседаний", Slots("squat", "lunge")),
        ("давай лучше подтягиваться", Slots(instead="pull_up")),
        ("замени прыжки «звёздочка» на планку", Slots("jumping_jack", "plank")),
        ("что делать вместо жима лёжа", Slots("bench_press")),
        ("здесь нет штанги", Slots(equipment="barbell")),
        ("скамейка занята", Slots(equipment="bench")),
        ("нет турника для подтягиваний", Slots("pull_up", equipment="pull_up_bar")),
        ("сегодня болят колени", Slots(body="knee")),
        ("больно в левом колене", Slots(body="knee")),
        ("от становой тяги болит поясница", Slots("deadlift", body="lower_back")),
        ("не могу делать отжимания, болят запястья", Slots("push_up", body="wrist")),
        ("не хочу приседать", Slots("squat")),
    ],
)
def test_a_russian_command_carries_its_subject(text: str, slots: Slots) -> None:
    """R-POS-04: in any order and case."""
    assert classify(text, "ru").slots == slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("empieza las sentadillas", Slots(exercise="squat")),
        ("salta las zancadas", Slots(exercise="lunge")),
        ("quita las dos últimas repeticiones", Slots(repetitions=2)),
        ("menos 3", Slots(repetitions=3)),
        ("cambia las sentadillas por zancadas", Slots("squat", "lunge")),
        ("cambia a zancadas", Slots(instead="lunge")),
        ("quiero hacer zancadas en vez de sentadillas", Slots("squat", "lunge")),
        ("en lugar de sentadillas, zancadas", Slots("squat", "lunge")),
        ("mejor dominadas", Slots(instead="pull_up")),
        ("dame una alternativa al peso muerto", Slots("deadlift")),
        ("no tengo barra", Slots(equipment="barbell")),
        ("el banco está ocupado", Slots(equipment="bench")),
        ("no hay barra de dominadas para las dominadas", Slots("pull_up", None, "pull_up_bar")),
        ("me duelen las rodillas", Slots(body="knee")),
        ("me duele la rodilla izquierda", Slots(body="knee")),
        ("el peso muerto me hace daño en la espalda", Slots("deadlift", body="lower_back")),
        ("no puedo hacer flexiones, me duelen las muñecas", Slots("push_up", body="wrist")),
        ("no quiero hacer sentadillas", Slots("squat")),
    ],
)
def test_a_spanish_command_carries_its_subject(text: str, slots: Slots) -> None:
    """R-POS-04"""
    assert classify(text, "es").slots == slots


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("ru", text) for text in ("", "пожалуйста", "приседания", "приседания и выпады")),
        *(("ru", text) for text in ("раз, два, три", "давай, давай!", "ещё раз", "стоп и поехали")),
        *(("ru", text) for text in ("болит бицепс", "отмени тренировку", "вчера я ел пиццу")),
        ("ru", "следующий поезд остановится на станции вечером"),
        *(("es", text) for text in ("", "por favor", "sentadillas", "sentadillas y zancadas")),
        *(("es", text) for text in ("uno, dos, tres", "listo", "ya", "otra más", "para y sigue")),
        *(("es", text) for text in ("me duelen los bíceps", "para nada", "ayer comí pizza")),
        ("es", "el próximo tren para en la estación por la noche"),
    ],
)
def test_unknown_speech_is_classified_as_unknown(language: str, text: str) -> None:
    """R-POS-04: also what says "ready" as well as "done", such as the Spanish "listo"."""
    understood = classify(text, language)
    assert (understood.intent, understood.slots) == ("unknown", Slots())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("ru", text) for text in ("не останавливайся", "не начинай", "без паузы", "ещё не всё")),
        *(("ru", text) for text in ("не пропускай приседания", "не хочу пропускать приседания")),
        *(("es", text) for text in ("no pares", "no empieces", "sin pausa", "aún no he terminado")),
        *(("es", text) for text in ("no saltes las sentadillas", "no quiero saltar sentadillas")),
    ],
)
def test_a_negation_rejects_the_intent(language: str, text: str) -> None:
    assert classify(text, language).intent == "unknown"


@pytest.mark.parametrize(
    ("language", "accented", "plain"),
    [
        ("ru", "Всё", "все"),
        ("ru", "замени подъём рук вперёд", "замени подъем рук вперед"),
        ("es", "sáltalo", "saltalo"),
        ("es", "me duele la muñeca", "me duele la muneca"),
        ("es", "ya esta\u0301", "ya está"),
    ],
)
def test_accents_make_no_difference(language: str, accented: str, plain: str) -> None:
    understood = classify(accented, language)
    assert understood == classify(plain, language)
    assert (understood.intent, understood.confidence) != ("unknown", 0.0)


@pytest.mark.parametrize("language", ["en", "es", "ru"])
@pytest.mark.parametrize("exercise", all_exercises())
def test_an_exercise_is_understood_by_the_name_on_the_pages(language: str, exercise: str) -> None:
    name = get_phrases(language).names.get(exercise, all_exercises()[exercise].name)
    assert normalize(name, get_vocabulary(language)).names == (Named("exercise", exercise),)


@pytest.mark.parametrize(
    ("language", "exercise", "why", "instead", "reason"),
    [
        ("ru", "squat", {}, "lunge", "Выпады: то же движение, что и приседания."),
        ("ru", "deadlift", {"hurting": "lower_back"}, "squat", SPARED["ru"]),
        ("ru", "pull_up", {"lacking": "pull_up_bar"}, "biceps_curl", WITHOUT_A_BAR["ru"]),
        ("ru", "squat", {"instead": "plank"}, "plank", "Планка: другое движение, чем приседания."),
        ("es", "squat", {}, "lunge", "Zancada: el mismo movimiento que sentadilla."),
        ("es", "deadlift", {"hurting": "lower_back"}, "squat", SPARED["es"]),
        ("es", "pull_up", {"lacking": "pull_up_bar"}, "biceps_curl", WITHOUT_A_BAR["es"]),
    ],
)
def test_the_reason_for_a_substitute_is_in_the_language(
    language: str, exercise: str, why: dict[str, str], instead: str, reason: str
) -> None:
    """R-POS-04"""
    offered = find_substitute(exercise, language=language, **why)
    assert offered is not None
    assert (offered.instead, offered.reason) == (instead, reason)
