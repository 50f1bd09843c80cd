/* Apply theme and contrast before the first paint. Not a module on purpose: modules run too late. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const more = matchMedia("(prefers-contrast: more)");

  /* Read the preferences stored by display-settings.js and the contrast switch of this device. */
  function apply() {
    const { theme = "system", contrast = "system" } = JSON.parse(localStorage.getItem("kinelog.display") ?? "{}");
    const here = localStorage.getItem("contrast") ?? contrast;
    root.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.contrast = here === "system" ? (more.matches ? "high" : "normal") : here;
  }

  for (const query of [dark, more]) query.addEventListener("change", apply);
  for (const name of ["display", "storage"]) addEventListener(name, apply);
  apply();
})();
