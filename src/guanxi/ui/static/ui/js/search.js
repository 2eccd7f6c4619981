import { clamp, on } from "./dom.js";

const input = document.getElementById("search");
const panel = document.getElementById("suggestions");

/* Where the chosen suggestion leads: it stays chosen when a later answer lists it again. */
let held = null;

const options = () => [...panel.querySelectorAll('[role="option"]')];
const chosen = () => (held === null ? undefined : options().find((option) => option.href === held));

const show = (open) => {
  panel.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (!open) choose();
};

const choose = (option) => {
  chosen()?.removeAttribute("aria-selected");
  held = option?.href ?? null;
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `suggestion-${options().indexOf(option)}`;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
};

const keys = {
  ArrowDown: (at, all) => choose(all[clamp(at + 1, 0, all.length - 1)]),
  ArrowUp: (at, all) => choose(all[clamp(at - 1, 0, all.length - 1)]),
  Escape: () => (panel.hidden ? input.blur() : show(false)),
};

export const focusSearch = () => {
  input?.focus();
  input?.select();
};

if (input && panel) {
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement !== input) return;
    choose(chosen());
    show(panel.childElementCount > 0);
  });
  input.addEventListener("input", () => choose());
  input.addEventListener("focus", () => show(panel.childElementCount > 0));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const act = keys[event.key];
    if (act) {
      const all = options();
      act(all.indexOf(chosen()), all);
      event.preventDefault();
    } else if (event.key === "Enter" && !panel.hidden && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-search]")) show(false);
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest("[data-search]")) show(false);
  });
  on("click", "#suggestions a[data-dialog]", () => show(false));
  /* What was typed while the scripts were still on their way is looked up too. */
  addEventListener("load", () => {
    if (input.value && document.activeElement === input) input.dispatchEvent(new Event("input"));
  });
}
