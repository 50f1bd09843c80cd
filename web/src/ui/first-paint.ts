/* Apply language, theme and contrast before the first paint. Not a module on purpose: modules run too late. */
(() => {
  const LANGUAGES = ["en", "ru", "es"];
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const more = matchMedia("(prefers-contrast: more)");

  /* If the browser refuses its storage, keep values for as long as the page is open. Reading the property throws then, which would stop every script. */
  function replaceRefused(name: "localStorage" | "sessionStorage") {
    try {
      void globalThis[name];
    } catch {
      const items = new Map<string, string>();
      const storage = {
        getItem: (key: string) => items.get(key) ?? null,
        setItem: (key: string, value: string) => void items.set(key, value),
        removeItem: (key: string) => void items.delete(key),
      };
      Object.defineProperty(globalThis, name, { value: storage });
    }
  }

  /* Read the preferences stored by display-settings.js. */
  function stored() {
    return JSON.parse(localStorage.getItem("kinelog.display") ?? "{}");
  }

  /* Apply the stored preferences and the contrast switch of this device. */
  function apply() {
    const { theme = "system", contrast = "system" } = stored();
    const here = localStorage.getItem("contrast") ?? contrast;
    root.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.contrast = here === "system" ? (more.matches ? "high" : "normal") : here;
  }

  /* The language of the account, or else the one chosen on this device, or else the first of the browser. */
  function applyLanguage() {
    const tags = [stored().locale, localStorage.getItem("kinelog.language"), ...navigator.languages];
    root.lang = tags.map((tag) => (tag ?? "").split("-")[0]).find((language) => LANGUAGES.includes(language)) ?? "en";
    if (root.lang !== "en") root.dataset.untranslated = ""; // hides the English page until l10n.js has translated it
    const href = document.currentScript?.dataset[root.lang];
    if (href) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }

  replaceRefused("localStorage");
  replaceRefused("sessionStorage");
  for (const query of [dark, more]) query.addEventListener("change", apply);
  for (const name of ["display", "storage"]) addEventListener(name, apply);
  applyLanguage();
  apply();
})();
