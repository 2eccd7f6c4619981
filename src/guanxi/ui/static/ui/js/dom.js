/* Small helpers; everything listens on the document, so swapped-in parts work at once. */

export const on = (type, selector, act, options) => {
  document.addEventListener(type, (event) => {
    const hit = event.target instanceof Element && event.target.closest(selector);
    if (hit) act(event, hit);
  }, options);
};

const starters = [];

/* Run `start(element)` once for each element that fits, now and whenever htmx brings new ones. */
export const each = (selector, start) => {
  const run = (root) => {
    const own = root instanceof Element && root.matches(selector) ? [root] : [];
    for (const element of [...own, ...root.querySelectorAll(selector)]) {
      const done = (element.started ||= new Set());
      if (!done.has(start)) {
        done.add(start);
        start(element);
      }
    }
  };
  starters.push(run);
  run(document);
};

export const revive = (root) => starters.forEach((run) => run(root));

document.addEventListener("htmx:after:process", (event) => {
  if (event.target instanceof Element || event.target === document) revive(event.target);
});

export const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

export const remember = (name, value) => {
  const year = 365 * 24 * 3600;
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name}=${value};path=/;max-age=${year};samesite=lax${secure}`;
};

export const recall = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.split("=")[1] ?? "";

export const isTyping = (target) =>
  target instanceof Element &&
  target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

export const clamp = (n, low, high) => Math.min(Math.max(n, low), high);

export const fetchPart = (url, target, options = {}) =>
  fetch(url, {
    credentials: "same-origin",
    ...options,
    headers: {
      "HX-Request": "true",
      "HX-Request-Type": "partial",
      "HX-Target": target,
      "HX-Current-URL": location.href,
      "X-CSRFToken": csrf(),
      ...options.headers,
    },
  });
