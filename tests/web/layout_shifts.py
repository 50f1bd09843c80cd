"""How much the parts of a page move while it loads."""

SLOW_API = """(() => {
  const send = window.fetch;
  let requests = 0;
  window.fetch = async (...request) => {
    requests += 1;
    await new Promise((resolve) => setTimeout(resolve, 200 + 60 * (requests % 5)));
    return send(...request);
  };
})();"""
"""Delays each answer, and not all by the same time, so that parts are shown one after another."""

SHIFTS = """() => new Promise((resolve) => {
  const observer = new PerformanceObserver(() => {});
  requestAnimationFrame(() => setTimeout(() => {
    observer.observe({ type: "layout-shift", buffered: true });
    const unasked = observer.takeRecords().filter((each) => !each.hadRecentInput);
    resolve(unasked.map((each) => each.value));
  }));
})"""
"""Values of all layout shifts up to the last frame, but after an input; there may be none."""
