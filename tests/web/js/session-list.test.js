import assert from "node:assert/strict";
import { test } from "node:test";

import { tagsOf } from "../../../web/src/session/tag-editor.js";
import { exportPath, hasFilters, formatSearch, queryVariables, parseFilters } from "../../../web/src/session/filters.js";

const PERSON = { zone: "Europe/Berlin", athlete: "ada" };

test("an address that says nothing wishes for the newest sessions of all", () => {
  const wish = parseFilters("");
  assert.equal(formatSearch(wish), "");
  assert.equal(hasFilters(wish), false);
  assert.deepEqual(queryVariables(wish, PERSON), {
    first: 20, after: null, athlete: "ada", exercise: null, sort: "STARTED_AT", ascending: false,
    only: { since: null, until: null, zone: "Europe/Berlin", formFrom: null, formBelow: null, recorded: null, tag: null, completed: null, ownDays: false },
  });
});

test("what is wished for is in the address, and read from there again", () => {
  const search = "?since=2026-11-01&until=2026-11-30&exercise=push_up&form=fair&recorded=no&tag=leg+day&after=abc&sort=score&order=ascending";
  const wish = parseFilters(search);
  assert.equal(formatSearch(wish), search);
  const { only, after, sort, ascending } = queryVariables(wish, PERSON);
  assert.deepEqual(only, { since: "2026-11-01", until: "2026-11-30", zone: "Europe/Berlin", formFrom: 0.65, formBelow: 0.85, recorded: false, tag: "leg day", completed: null, ownDays: false });
  assert.deepEqual([after, sort, ascending], ["abc", "SCORE", true]);
});

test("a page before another one is asked for from its end", () => {
  const { last, before, first } = queryVariables(parseFilters("?before=xyz"), PERSON);
  assert.deepEqual([last, before, first], [20, "xyz", undefined]);
});

test("what an address cannot mean is left out", () => {
  assert.equal(formatSearch(parseFilters("?since=yesterday&form=splendid&recorded=maybe&sort=mood&order=sideways")), "");
  assert.equal(parseFilters("?form=constructor").form, "");
  assert.equal(formatSearch(parseFilters("?since=2026-02-30&until=0001-01-01")), "", "the server knows no such days");
});

test("tags in a line are read one by one", () => {
  assert.deepEqual(tagsOf(" legs, before breakfast,, ,a "), ["legs", "before breakfast", "a"]);
  assert.deepEqual(tagsOf(" , "), []);
});

test("R-UIX-08: the file has all that is wished for, not one page of it", () => {
  const wish = parseFilters("?since=2026-11-01&form=good&completed=yes&days=own&recorded=no&after=abc&sort=form");
  const said = new URL(exportPath(wish, PERSON, "csv"), "https://kinelog.example");
  assert.equal(said.pathname, "/v1/sessions/export");
  assert.deepEqual(Object.fromEntries(said.searchParams), {
    format: "csv", athlete: "ada", sort: "form", ascending: "false", since: "2026-11-01", zone: "Europe/Berlin",
    recorded: "false", completed: "true", own_days: "true", form_from: "0.85",
  });
});
