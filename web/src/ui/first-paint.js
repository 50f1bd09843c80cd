/* Theme and contrast before anything is painted. A plain script on purpose: modules come too late. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const more = matchMedia("(prefers-contrast: more)");

  /* What display.js has kept of the person, and what the switch in the head says on this device. */
  function apply() {
    const { theme = "system", contrast = "system" } = JSON.parse(localStorage.getItem("kinelog.display") ?? "{}");
    const here = localStorage.getItem("contrast") ?? contrast;
    root.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.contrast = here === "system" ? (more.matches ? "high" : "normal") : here;
  }

  for (const wish of [dark, more]) wish.addEventListener("change", apply);
  for (const name of ["display", "storage"]) addEventListener(name, apply);
  apply();
})();
