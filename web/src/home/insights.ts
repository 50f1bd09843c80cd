/**
 * What the user's own training says, and answers to questions about it; each sentence links to its sessions.
 * @module
 */

import { athlete, Problem, request, type Schemas } from "../api/client.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";

const SESSION = "session-";

type Suggestion = Schemas["TrainingSuggestion"];

/** Show what is most notable, and answer questions. @param overview what the page loads first */
export async function showInsights(overview: Promise<unknown>) {
  byId("question-form").onsubmit = (event: Event) => {
    event.preventDefault();
    void answer(byId<"input">("question").value.trim());
  };
  try {
    await overview;
    const { author, sentences } = await ask();
    byId("insights").hidden = author === "generic";
    byId("insight-list").replaceChildren(...sentences.map(sentenceItem));
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the page is complete without this panel
  }
}

async function ask(question?: string): Promise<Suggestion> {
  const userId = await athlete();
  return request(`/v1/suggestions?${new URLSearchParams({ userId, ...(question ? { question } : {}), locale: LANGUAGE })}`);
}

/** Number of the latest question: an answer to an earlier one is not shown. */
let latest = 0;

async function answer(question: string) {
  if (!question) return;
  const mine = ++latest;
  const place = byId("answer");
  place.setAttribute("aria-busy", "true");
  const shown = await ask(question).then(({ sentences }) => h("ul", { class: "insight-list" }, sentences.map(sentenceItem)), (error) => {
    if (!(error instanceof Problem)) throw error;
    return h("p", null, error.message);
  });
  if (mine !== latest) return;
  place.replaceChildren(shown);
  place.removeAttribute("aria-busy");
}

function sentenceItem({ text, citations }: Suggestion["sentences"][number]) {
  const sources = new Set(citations.flatMap((fact) => fact.sources));
  const sessions = [...sources].filter((source) => source.startsWith(SESSION)).map((source) => source.slice(SESSION.length));
  return h("li", null, h("p", null, text, " ", sessions.length > 0 && sourcesOf(sessions)));
}

/** @param sessions ids, newest first */
function sourcesOf(sessions: string[]) {
  const href = `/#session=${encodeURIComponent(sessions[0])}`;
  return h("a", { class: "sources", href }, t("home-from-sessions", { count: sessions.length }));
}
