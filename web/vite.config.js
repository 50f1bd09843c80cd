/**
 * Builds the pages (docs/adr/0036): minified files whose names contain the hash of their content, each beside its
 * compressed forms. `python -m bootstrap.pages` runs it when a source has changed.
 *
 * `--mode test` also keeps the modules in `EXPOSED` importable, at the paths of their sources, for tests in a browser.
 */

import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { constants } from "node:zlib";
import { build, defineConfig } from "vite";
import { compression, defineAlgorithm } from "vite-plugin-compression2";

/** Modules of `src` that tests import. They are the same instances that the page runs. */
const EXPOSED = [
  "api/client", "api/credentials", "coach/camera", "i18n/display-settings", "live/channel-transport", "live/data-channel",
  "live/http-transport", "live/live-session", "live/pose-engine", "live/pose-source", "live/recording", "live/socket-channel",
  "live/storage", "offline/register", "session/pose-frames", "session/repetition-table", "stores/workout", "ui/forms", "workouts/workout-api",
];

/**
 * Scripts that every page loads by tags of their own, which have the attribute `vite-ignore`: the first runs before the
 * first paint, so it is not a module; the second reports errors, also those of the page's own script.
 */
const SEPARATE = ["src/ui/first-paint.ts", "src/api/error-reports.ts"];

/** Scripts that are in one file for all pages, if two pages have them. */
const SHARED = /src\/(?!api\/custom-exercises|athletes\/|auth\/|billing\/|checkout\/|content\/(?:video-source|last-position)|exports\/|ghost\/|health\/trend-chart|lesson\/|payments\/|plans\/(?:amounts|gateway|regions)|replay\/|session\/(?:export-buttons|filters)|studio\/|ui\/(?:data-table|date-field|decimal-field|questions|roving-focus|save-file|unsaved-work|weight-field|whole-units)|workouts\/(?:load-field|plan\.|program-builder)).+\.ts$|preload-helper/;

/** Scripts that only pages with a camera, a player or unsent data load. */
const TRAINING = /node_modules\/idb\/|src\/effort\/|src\/live\/(?!backoff|sockets)|src\/coach\/(?!camera-consent)|src\/player\/(?!exercise-figure)|src\/motion\/(?!body|joint|landmarks|measures|rescaling)|src\/ui\/(camera-|cue-|form-meter|phase-bar|pre-flight|rep-counter|rest-timer|stopwatch)/;

/** Name of the built service worker, which has no hash: browsers look for a new one at the same address. */
const WORKER = "service-worker.js";

/** Modules with the texts of a language. */
const CATALOGUE = /^virtual:catalogue\/(\w+)$/;

/** Modules with the English texts of one page, which other pages do not load. */
const TEXTS = /^virtual:texts\/([\w-]+)$/;

/** Catalogues that are such a module. */
const SEPARATE_TEXTS = ["account", "analytics", "athletes", "billing", "checkout", "content", "coupons", "effort", "health", "history", "leaderboards", "lesson", "library", "payments", "plan-editor", "programs", "replay", "studio"];

/** Read texts without their comments. @param {string} file */
const readTexts = (file) => readFileSync(file, "utf8").replaceAll(/^#.*\n/gm, "");

/** Prefix of the ids of texts of problems, which the server sends in English already. */
const PROBLEMS = "problem-";

/** Leave out the texts that no script names: pages have them in English already. @param {string} texts */
function namedByScripts(texts) {
  const scripts = globSync("src/**/*.ts").map((file) => readFileSync(file, "utf8")).join("\n");
  const prefixes = [...scripts.matchAll(/`([\w-]+-)\$\{/g)].map(([, prefix]) => prefix).filter((prefix) => prefix !== PROBLEMS);
  return texts.split(/\n(?=[a-zA-Z])/).filter((text) => {
    const [id] = text.split(" ");
    return scripts.includes(`"${id}"`) || prefixes.some((prefix) => id.startsWith(prefix));
  }).join("\n");
}

/** Joins the texts of each language to one module, and names its file in the tag of the script that chooses the language. @returns {import("vite").Plugin} */
function catalogues() {
  return {
    name: "catalogues",
    resolveId: (id) => (CATALOGUE.test(id) || TEXTS.test(id) ? id : null),
    load(id) {
      const page = TEXTS.exec(id)?.[1];
      if (page) {
        this.addWatchFile(`locales/en/${page}.ftl`);
        return `export default ${JSON.stringify(namedByScripts(readTexts(`locales/en/${page}.ftl`)))};`;
      }
      const language = CATALOGUE.exec(id)?.[1];
      if (!language) return null;
      const files = globSync(`locales/${language}/*.ftl`).filter((file) => language !== "en" || !SEPARATE_TEXTS.includes(basename(file, ".ftl"))).sort();
      for (const file of files) this.addWatchFile(file);
      const texts = files.map(readTexts).join("\n");
      return `export default ${JSON.stringify(language === "en" ? namedByScripts(texts) : texts)};`;
    },
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((each) => each.type === "chunk" && CATALOGUE.test(each.facadeModuleId ?? ""));
        const names = chunks.map((each) => ` data-${CATALOGUE.exec(each.facadeModuleId)?.[1]}="/static/${each.fileName}"`).sort();
        return html.replace(/(<script src="[^"]*first-paint[^"]*")/, `$1${names.join("")}`);
      },
    },
  };
}

/** Writes the names of the built files into the tags of `SEPARATE`. @returns {import("vite").Plugin} */
function separateScripts() {
  return {
    name: "separate-scripts",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) =>
        SEPARATE.reduce((page, source) => {
          const chunk = Object.values(bundle).find((each) => each.type === "chunk" && each.moduleIds.some((id) => id.endsWith(source)));
          if (!chunk) throw new Error(`${source} is in no chunk`);
          // A page that has no script of its own but shared ones gets a second tag for this one.
          return page.replace(new RegExp(`.*<script [^>]*src="/static/${chunk.fileName}"></script>\\n`), "").replace(`src="/${source}"`, `src="/static/${chunk.fileName}"`);
        }, styleFirst(html)),
    },
  };
}

/** Move the style sheet before the scripts: without it, nothing is painted. @param {string} html */
function styleFirst(html) {
  const [tag] = html.match(/ *<link rel="stylesheet".*>\n/) ?? [""];
  return html.replace(tag, "").replace(/ *<script /, (script) => tag + script);
}

/** Joins the style sheets of a page to one file, in the order of their tags. @returns {import("vite").Plugin} */
function oneStyleSheet() {
  const TAG = /[ \t]*<link rel="stylesheet" href="\/styles\/([a-z-]+)\.css">\n/g;
  const JOINED = /^\/styles\/joined\/(.+)\.css$/;
  return {
    name: "one-style-sheet",
    enforce: "pre",
    transformIndexHtml: {
      order: "pre",
      handler(html) {
        const names = [...html.matchAll(TAG)].map(([, name]) => name);
        return html.replaceAll(TAG, "").replace("</head>", `  <link rel="stylesheet" href="/styles/joined/${names.join("+")}.css">\n</head>`);
      },
    },
    resolveId: (id) => (JOINED.test(id) ? id : null),
    load(id) {
      const names = JOINED.exec(id)?.[1].split("+");
      return names?.map((name) => `@import "./styles/${name}.css";`).join("\n");
    },
  };
}

/** Names of the icons of the manifest, with their sizes and purposes. */
const ICONS = [["icon-192", "192x192", "any"], ["icon-512", "512x512", "any"], ["maskable-512", "512x512", "maskable"]];

const MANIFEST = {
  id: "/", name: "Kinelog", short_name: "Kinelog", start_url: "/", scope: "/", display: "standalone",
  description: "Counts your reps and coaches your form.", background_color: "#14181a", theme_color: "#14181a",
};

/** The place in the built service worker for the addresses of the files that pages need to open. */
const PAGE_FILES = /[\w.$]+\.PAGE_FILES/;

/** The place in it for the paths of all other files. */
const OTHER_FILES = /[\w.$]+\.OTHER_FILES/;

/** Files that a page may need, but not to open without a connection. */
const NOT_OFFLINE = /\.map$|vision_wasm|pose-worker|latin-ext|cyrillic|\/hls-|\/src\//;

/** Build the service worker to one script: not all browsers let it import modules. @returns {Promise<string>} */
async function serviceWorker() {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: { write: false, rolldownOptions: { input: "src/offline/service-worker.ts", output: { format: "iife" } } },
  });
  const [worker] = /** @type {import("vite").Rolldown.RolldownOutput} */ (built).output;
  return worker.code;
}

/** Makes the pages installable: their manifest, and the names of their files in the service worker. @returns {import("vite").Plugin} */
function installable() {
  return {
    name: "installable",
    enforce: "post", // after the pages are in the bundle, and before it is compressed
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace("</head>", '  <link rel="manifest" href="/manifest.webmanifest">\n</head>'),
    },
    async generateBundle(_, bundle) {
      const icon = (/** @type {string} */ name) => this.getFileName(this.emitFile({ type: "asset", name: `${name}.png`, source: readFileSync(`icons/${name}.png`) }));
      const icons = ICONS.map(([name, sizes, purpose]) => ({ src: `/static/${icon(name)}`, sizes, type: "image/png", purpose }));
      this.emitFile({ type: "asset", fileName: "manifest.webmanifest", source: JSON.stringify({ ...MANIFEST, icons }) });
      const names = Object.keys(bundle).filter((name) => name !== WORKER).sort();
      const entries = names.filter((name) => !NOT_OFFLINE.test(`/${name}`)).map((name) => {
        const file = bundle[name];
        if (!name.endsWith(".html") || file.type === "chunk") return { url: `/static/${name}`, revision: null }; // its name has the hash
        return { url: name === "index.html" ? "/" : `/${name}`, revision: createHash("sha256").update(file.source).digest("hex").slice(0, 16) };
      });
      const code = await serviceWorker();
      if (!PAGE_FILES.test(code) || !OTHER_FILES.test(code)) throw new Error("The service worker has no place for the files.");
      const paths = names.filter((name) => NOT_OFFLINE.test(`/${name}`) && !name.endsWith(".map")).map((name) => `/static/${name}`);
      this.emitFile({ type: "asset", fileName: WORKER, source: code.replace(PAGE_FILES, () => JSON.stringify(entries)).replace(OTHER_FILES, () => JSON.stringify(paths)) });
    },
  };
}

/** Writes the icon of each page into its tag, which saves a request. @returns {import("vite").Plugin} */
function inlineIcon() {
  const icon = encodeURIComponent(readFileSync("icon.svg", "utf8").trim());
  return {
    name: "inline-icon",
    transformIndexHtml: { order: "pre", handler: (html) => html.replace('href="/icon.svg"', `href="data:image/svg+xml,${icon}"`) },
  };
}

/** @param {number} quality of Brotli, at most 11 @param {RegExp} include */
const compressed = (quality, include) =>
  compression({
    include,
    threshold: 1024,
    logLevel: "silent",
    algorithms: ["gzip", defineAlgorithm("brotliCompress", { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })],
  });

export default defineConfig(({ mode }) => ({
  base: "/static/",
  publicDir: false,
  plugins: [
    catalogues(),
    separateScripts(),
    oneStyleSheet(),
    inlineIcon(),
    installable(),
    compressed(11, /\.(html|css|svg)$|^(?!.*vision_wasm).*\.js$/),
    mode === "test" ? null : compressed(5, /vision_wasm/), // 3.2 instead of 2.7 MB, in 1 instead of 50 s
  ],
  build: {
    emptyOutDir: true,
    sourcemap: true,
    assetsInlineLimit: 0, // the content security policy has no `data:` but for images
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        ...Object.fromEntries(globSync("*.html").map((file) => [basename(file, ".html"), file])),
        "first-paint": SEPARATE[0],
        ...(mode === "test" ? Object.fromEntries(EXPOSED.map((name) => [`src/${name}`, `src/${name}.ts`])) : {}),
      },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: ({ name }) => (name.startsWith("src/") ? "[name].js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          groups: [
            { name: "error-reports", test: /src\/api\/(error-reports|tracing)\.ts$/, priority: 2 },
            { name: "shared", test: (id) => SHARED.test(id) && !TRAINING.test(id), minShareCount: 2, priority: 1 },
            { name: "training", test: TRAINING, minShareCount: 2 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
}));
