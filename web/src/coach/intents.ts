/**
 * Local recognition of voice intents, for when the server is unavailable.
 * @module
 */

export type Intent = "start" | "stop" | "pause" | "next" | "undo" | "swap";

/** A text in lower case, with letters that have no accents. */
const fold = (text: string) => text.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");

/** Phrases by language and intent; the first match wins. */
const PHRASES: Record<"en" | "es" | "ru", Record<Intent, string>> = {
  en: {
    undo: "undo|not count(ed)?|minus one|take (that|it) back",
    swap: "(swap|switch|change|other|another) ?(exercise)?",
    next: "next|continue with|skip|done with this set",
    pause: "pause|wait|hold on|one moment",
    stop: "stop|finish(ed)?|end|done|enough",
    start: "start|begin|go|ready|let'?s go|resume",
  },
  es: {
    undo: "deshacer|deshaz|no (ha )?(cuenta|contó|contado)|menos una|quita la última",
    swap: "cambiar?|cambio|otro ejercicio|otra cosa|sustitu(ir|ye)",
    next: "siguiente|saltar?|sáltalo",
    pause: "pausa|espera|un (momento|segundo)|descansar|descanso",
    stop: "parar?|stop|basta|fin|terminar?|terminado|terminé|acabar?|acabado|acabé|ya está",
    start: "empezar|empieza|empezamos|comenzar|comienza|vamos|continúa|continuar|sigue|seguimos",
  },
  ru: {
    undo: "отмен(а|и|ить)|не (за)?счита(й|ется)|минус один|убери последний",
    swap: "замен(а|и|ить)|смени(ть)?|поменя(й|ть)|друг(ое упражнение|ое)",
    next: "дальше|следующ(ее|ий)|пропусти(ть)?",
    pause: "пауз[ау]|подожди|погоди|секунду|минуту|отдых|перерыв",
    stop: "стоп|стой|хватит|закончи(л|ла|ть)?|готово|конец|всё",
    start: "старт|нач(ать|инай|инаем|нем|ни)|поехали|вперёд|готова?|продолж(ай|аем|ить)",
  },
};

/** What must not precede a phrase: a part of a word, or a negation. */
const BEFORE = "(?<!\\p{L}|\\bnot |n't |\\bno |\\bno he |не )";

/** The intent of what was said in a language. */
export function intentOf(text: string, language: keyof typeof PHRASES): Intent | null {
  const words = fold(text);
  const phrases = Object.entries(PHRASES[language]) as [Intent, string][];
  return phrases.find(([, phrase]) => new RegExp(`${BEFORE}(${fold(phrase)})(?!\\p{L})`, "u").test(words))?.[0] ?? null;
}
