/** Texts of refused and failed requests on Russian pages. */
import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { documentElement: { lang: "ru" } };
const { graphqlProblem, problemFrom } = await import("../api/problem.ts");
await import("./l10n.ts");

const words = (status, code, detail) => { const problem = problemFrom(status, JSON.stringify({ title: "A title.", detail, code }), null); return [problem.title, problem.detail]; };

test("R-UIX-06: a request that failed says so in the language of the page", () => {
  assert.deepEqual(words(503, "http.503", "Retry later."), ["Kinelog сейчас недоступен.", null]);
  assert.deepEqual(words(500, "internal", "Internal error."), ["В Kinelog произошла ошибка.", null]);
  assert.deepEqual(words(429, "http.429", "Wait."), ["Слишком много запросов за короткое время.", null]);
  assert.equal(graphqlProblem("Internal error.", { code: "internal" }).title, "В Kinelog произошла ошибка.");
  assert.equal(graphqlProblem("Internal error.", { code: "internal" }).detail, null);
  assert.deepEqual(words(413, "http.413", "Too large."), ["Слишком большой объём для отправки.", null]);
});

test("R-UIX-06: a refusal has the text of its code, or else a title and the server's reason", () => {
  assert.deepEqual(words(409, "payment.disputed", "Wait."), ["Банк пользователя оспаривает этот платёж и может вернуть деньги.", "Дождись его решения."]);
  assert.deepEqual(words(503, "event.unreadable", "Tell."), ["Сохранённые данные повреждены, их не удаётся прочитать.", "Сообщи администратору."]);
  assert.deepEqual(words(422, "some.new_rule", "At most three."), ["Что-то введено неверно.", "At most three."]);
});

test("R-UIX-06: a refused access token says in the language of the page what its user can do", () => {
  assert.deepEqual(words(401, "auth.token_refused", "The access token is invalid or has expired."), ["Сеанс закончился. Войди снова.", null]);
});
