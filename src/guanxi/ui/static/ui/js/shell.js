import { isTyping, on, recall, remember } from "./dom.js";

const root = document.documentElement;

on("click", "[data-theme-switch]", () => {
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  root.dataset.themeChoice = root.dataset.theme = next;
  remember("theme", next);
  document.dispatchEvent(new CustomEvent("guanxi:theme"));
});

on("change", "[data-theme-choice-input]", (event, input) => {
  root.dataset.themeChoice = input.value;
  remember("theme", input.value);
  const dark = input.value === "dark" ||
    (input.value === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  document.dispatchEvent(new CustomEvent("guanxi:theme"));
});

on("click", "[data-density-switch]", () => {
  const next = root.dataset.density === "compact" ? "comfortable" : "compact";
  root.dataset.density = next;
  remember("density", next);
});

on("click", "[data-fold]", () => {
  const next = root.dataset.menu === "folded" ? "open" : "folded";
  root.dataset.menu = next;
  remember("menu", next);
});

document.addEventListener("toggle", (event) => {
  const group = event.target.dataset?.group;
  if (!group) return;
  const closed = new Set(recall("closed").split(".").filter(Boolean));
  if (event.target.open) closed.delete(group);
  else closed.add(group);
  remember("closed", [...closed].join("."));
}, true);

let opener = null;

const drawer = (open) => {
  root.classList.toggle("drawer", open);
  const menu = document.getElementById("menu");
  if (open) menu.querySelector("a, button").focus();
  else opener?.focus();
};

on("click", "[data-drawer]", (event, link) => {
  event.preventDefault();
  const open = link.dataset.drawer === "open";
  if (open) opener = link;
  drawer(open);
});

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};

for (const leaving of ["click", "focusin"]) {
  document.addEventListener(leaving, (event) => closeMenus(event.target.closest("details.menu")));
}

on("keydown", "details.menu[open]", (event, menu) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (step) {
    const items = [...menu.querySelectorAll(".menu-item")].filter((item) => item.offsetParent);
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
    event.preventDefault();
  }
});

document.addEventListener("keydown", (event) => {
  if (!root.classList.contains("drawer")) return;
  if (event.key === "Escape") drawer(false);
  if (event.key !== "Tab") return;
  const stops = [...document.querySelectorAll("#menu a, #menu button, #menu summary")]
    .filter((stop) => stop.offsetParent);
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement !== edge) return;
  (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  event.preventDefault();
});

document.addEventListener("scroll", (event) => {
  if (event.target.classList?.contains("table-scroll")) {
    event.target.classList.toggle("is-shifted", event.target.scrollLeft > 0);
  }
}, { capture: true, passive: true });

/* What takes the focus by keyboard comes out from below what lies over it: the browser itself heeds
   scroll-padding only for what is out of sight altogether. */
on("focusin", ".main :is(a, button, input, select, textarea, summary):focus-visible", (event, stop) => {
  if (!stop.closest(".form-foot")) stop.scrollIntoView({ block: "nearest", inline: "nearest" });
});

/* A button that takes the focus from a text must not move before its tap is over. */
const TAP = 300;
const tellTyping = () => root.classList.toggle("is-typing", isTyping(document.activeElement));
document.addEventListener("focusin", (event) => isTyping(event.target) && tellTyping());
document.addEventListener("focusout", () => setTimeout(tellTyping, TAP));

// The bell asks again each minute, but only for a page somebody looks at.
setInterval(() => {
  if (document.visibilityState === "visible") {
    document.getElementById("bell")?.dispatchEvent(new CustomEvent("look"));
  }
}, 60_000);
