/**
 * Rules for the code of the pages.
 *
 * The code is JavaScript with types in comments, which `tsc` checks; ESLint finds what types do not tell.
 */

import js from "@eslint/js";
import globals from "globals";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["node_modules/", "types/", "src/api/graphql.d.ts"] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  { rules: { "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }] } }, // `{ id: _, ...others }` leaves a property out
  { files: ["src/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["src/offline/service-worker.js", "src/**/*-worker.js"], languageOptions: { globals: globals.worker } },
  { files: ["*.config.js", "src/i18n/catalogues-in-node.js"], languageOptions: { globals: globals.node } },
);
