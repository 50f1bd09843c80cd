/**
 * Rules for the code of the pages. `tsc` checks their types; ESLint finds what types do not tell.
 */

import js from "@eslint/js";
import globals from "globals";
import typescript from "typescript-eslint";

/** Tests, which run in Node.js with fakes of what only browsers have, and these fakes. */
const TESTS = ["src/**/*.test.js", "src/testing/*.js"];

export default typescript.config(
  { ignores: ["node_modules/", "types/", "src/api/graphql.d.ts"] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  { rules: { "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }] } }, // `{ id: _, ...others }` leaves a property out
  { rules: { "max-lines": ["error", 250] } },
  { files: ["src/**/*.ts"], languageOptions: { globals: globals.browser } },
  { files: ["src/offline/service-worker.ts", "src/**/*-worker.ts"], languageOptions: { globals: globals.worker } },
  { files: TESTS, languageOptions: { globals: { ...globals.node, ...globals.browser } }, rules: { "max-lines": ["error", 400] } },
  { files: ["*.config.js", "src/i18n/catalogues-in-node.ts"], languageOptions: { globals: globals.node } },
);
