import assert from "node:assert/strict";
import { test } from "node:test";

import { changedTags, tagsOf } from "./tag-editor.ts";
import { exportPath, hasFilters, formatSearch, queryVariables, parseFilters } from "./filters.ts";

const PERSON = { zone: "Europe/Berlin", athlete: "ada" };

test("a URL without filters lists the newest sessions", () => {
  const filters = parseFilters("");
  assert.equal(formatSearch(filters), "");
  assert.equal(hasFilters(filters), false);
  assert.deepEqual(queryVariables(filters, PERSON), {
    first: 20, after: null, athlete: "ada", exercise: null, sort: "STARTED_AT", ascending: false,
    filter: { since: null, until: null, timeZone: "Europe/Berlin", minForm: null, maxForm: null, hasRecording: null, tag: null, completed: null, useSessionTimeZone: false },
  });
});

test("filters are written to the URL and read from it", () => {
  const search = "?since=2026-11-01&until=2026-11-30&exercise=push_up&form=fair&recorded=no&tag=leg+day&after=abc&sort=score&order=ascending";
  const filters = parseFilters(search);
  assert.equal(formatSearch(filters), search);
  const { filter, after, sort, ascending } = queryVariables(filters, PERSON);
  assert.deepEqual(filter, { since: "2026-11-01", until: "2026-11-30", timeZone: "Europe/Berlin", minForm: 0.65, maxForm: 0.85, hasRecording: false, tag: "leg day", completed: null, useSessionTimeZone: false });
  assert.deepEqual([after, sort, ascending], ["abc", "SCORE", true]);
});

test("the previous page is requested by its last rows", () => {
  const { last, before, first } = queryVariables(parseFilters("?before=xyz"), PERSON);
  assert.deepEqual([last, before, first], [20, "xyz", undefined]);
});

test("invalid URL parameters are left out", () => {
  assert.equal(formatSearch(parseFilters("?since=yesterday&form=splendid&recorded=maybe&sort=mood&order=sideways")), "");
  assert.equal(parseFilters("?form=constructor").form, "");
  assert.equal(formatSearch(parseFilters("?since=2026-02-30&until=0001-01-01")), "", "the server knows no such days");
});

test("tags in a line are read one by one", () => {
  assert.deepEqual(tagsOf(" legs, before breakfast,, ,a "), ["legs", "before breakfast", "a"]);
  assert.deepEqual(tagsOf(" , "), []);
});

test("a stored tag that has a comma stays one tag", () => {
  const saved = ["arms", "legs, heavy", "a"];
  assert.deepEqual(tagsOf("arms, legs, heavy, a", saved), saved);
  assert.deepEqual(tagsOf("heavy, legs,  heavy", saved), ["heavy", "legs, heavy"]);
  assert.deepEqual(tagsOf("legs, light", saved), ["legs", "light"]);
});

test("R-UIX-08: the file has all matching sessions, not one page of it", () => {
  const filters = parseFilters("?since=2026-11-01&form=good&completed=yes&days=own&recorded=no&after=abc&sort=form");
  const said = new URL(exportPath(filters, PERSON, "csv"), "https://kinelog.example");
  assert.equal(said.pathname, "/v1/sessions/export");
  assert.deepEqual(Object.fromEntries(said.searchParams), {
    format: "csv", athlete: "ada", sort: "form", ascending: "false", since: "2026-11-01", timeZone: "Europe/Berlin",
    hasRecording: "false", completed: "true", useSessionTimeZone: "true", minForm: "0.85",
  });
});

test("a change of tags keeps what was changed elsewhere", () => {
  assert.deepEqual(changedTags(["a", "b"], ["b", "c"], ["a", "b"]), ["b", "c"]);
  assert.deepEqual(changedTags(["a", "b"], ["b", "c"], ["a", "b", "d"]), ["b", "d", "c"]);
  assert.deepEqual(changedTags(["a"], ["a", "c"], ["c"]), ["c"]);
  assert.deepEqual(changedTags(["a"], [], []), []);
});
