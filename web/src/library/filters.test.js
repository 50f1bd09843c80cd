import assert from "node:assert/strict";
import { test } from "node:test";

import { formatSearch, matches, parseFilters } from "./filters.ts";

const CURL = { category: "pull", muscles: ["biceps", "forearms"], equipment: ["dumbbells"] };
const WORDS = "Curl de bíceps Tirón Bíceps Antebrazos Mancuernas";

const finds = (search, exercise = CURL, words = WORDS) => matches(exercise, words, parseFilters(search));

test("a URL without filters finds every exercise", () => {
  assert.equal(formatSearch(parseFilters("?page=2")), "");
  assert.equal(finds(""), true);
});

test("filters are written to the URL and read from it", () => {
  const search = "?text=leg+day&category=legs&muscle=glutes&equipment=none";
  assert.equal(formatSearch(parseFilters(search)), search);
});

test("a search finds all its words in any order, without accents, capitals and hyphens", () => {
  assert.equal(finds("?text=MANCUERNAS+biceps"), true);
  assert.equal(finds("?text=biceps+barra"), false);
  assert.equal(finds("?text=push+up", CURL, "Push-up"), true);
  assert.equal(finds("?text=push-up", CURL, "Push up"), true);
});

test("all filters apply, and one of them leaves what needs no equipment", () => {
  assert.equal(finds("?category=pull&muscle=forearms&equipment=dumbbells"), true);
  assert.equal(finds("?category=pull&muscle=chest"), false);
  assert.equal(finds("?equipment=none"), false);
  assert.equal(finds("?equipment=none", { ...CURL, equipment: [] }), true);
});
