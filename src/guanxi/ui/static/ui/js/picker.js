import { clamp, each, fetchPart, on } from "./dom.js";
import { openDialog } from "./dialog.js";

const WAIT = 150;
let asking = null;

const parts = (picker) => ({
  value: picker.querySelector("[data-picker-value]"),
  text: picker.querySelector("[data-picker-text]"),
  clear: picker.querySelector("[data-picker-clear]"),
  list: picker.querySelector('[role="listbox"]'),
});

const set = (picker, value, text) => {
  const own = parts(picker);
  own.value.value = value;
  own.text.value = text;
  own.text.removeAttribute("name");
  own.clear.hidden = !value;
  picker.known = text;
  own.value.dispatchEvent(new Event("input", { bubbles: true }));
  own.value.dispatchEvent(new Event("change", { bubbles: true }));
};

const show = (picker, open) => {
  const { text, list } = parts(picker);
  list.hidden = !open;
  text.setAttribute("aria-expanded", String(open));
  if (!open) text.removeAttribute("aria-activedescendant");
};

const mark = (picker, option) => {
  const { text, list } = parts(picker);
  list.querySelector('[aria-selected="true"]')?.removeAttribute("aria-selected");
  if (!option) return;
  option.id ||= `${list.id}-${[...list.children].indexOf(option)}`;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", option.id);
};

const take = (picker, option) => {
  if (!option || option.dataset.value === undefined) return;
  set(picker, option.dataset.value, option.dataset.text);
  show(picker, false);
};

const suggest = async (picker) => {
  const { text, list } = parts(picker);
  const url = new URL(picker.dataset.suggest, location.href);
  url.searchParams.set("q", text.value.trim());
  picker.ask?.abort();
  picker.ask = new AbortController();
  try {
    const response = await fetchPart(url, `ul#${list.id}`, { signal: picker.ask.signal });
    if (!response.ok) return;
    list.innerHTML = await response.text();
    mark(picker, list.querySelector("[data-value]"));
    show(picker, document.activeElement === text);
  } catch {
    show(picker, false);
  }
};

const step = (picker, by) => {
  const all = [...parts(picker).list.querySelectorAll("[data-value]")];
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(picker, all[clamp(at + by, 0, all.length - 1)]);
};

const onKey = (picker, event) => {
  const { list } = parts(picker);
  if (event.isComposing) return;
  if (event.key === "ArrowDown" && list.hidden) suggest(picker);
  else if (event.key === "ArrowDown") step(picker, 1);
  else if (event.key === "ArrowUp") step(picker, -1);
  else if (event.key === "Enter" && !list.hidden) {
    take(picker, list.querySelector('[aria-selected="true"]'));
  } else if (event.key === "Escape" && !list.hidden) show(picker, false);
  else return;
  event.preventDefault();
  event.stopPropagation();
};

each("[data-picker]", (picker) => {
  const { text } = parts(picker);
  picker.known = text.value;
  /* Only what was typed and not chosen is sent as text; then the server looks for the name. */
  const name = text.name;
  text.removeAttribute("name");
  if (!picker.dataset.suggest) return;
  text.addEventListener("input", (event) => {
    text.name = name;
    if (event.isComposing) return;
    clearTimeout(picker.timer);
    picker.timer = setTimeout(suggest, WAIT, picker);
  });
  text.addEventListener("compositionend", () => suggest(picker));
  text.addEventListener("keydown", (event) => onKey(picker, event));
  text.addEventListener("blur", () => setTimeout(settle, WAIT, picker));
});

/* Text that was not chosen from the list names nothing: emptied means cleared, else put back. */
const settle = (picker) => {
  const { text, value } = parts(picker);
  show(picker, false);
  if (document.activeElement === text || text.value === picker.known) return;
  if (text.value.trim() === "") set(picker, "", "");
  else if (value.value) set(picker, value.value, picker.known);
};

on("pointerdown", "[data-picker] [role=option]", (event, option) => {
  event.preventDefault();
  take(option.closest("[data-picker]"), option);
});

on("click", "[data-picker-clear]", (event, button) => {
  const picker = button.closest("[data-picker]");
  set(picker, "", "");
  parts(picker).text.focus();
});

on("click", "[data-picker-open]", (event, link) => {
  if (event.ctrlKey || event.metaKey || !document.getElementById("picker")) return;
  event.preventDefault();
  asking = link.closest("[data-picker]");
  openDialog(link.href, "picker");
});

on("click", "#picker [data-choose]", (event, choice) => {
  if (!asking) return;
  event.preventDefault();
  set(asking, choice.dataset.value, choice.dataset.text);
  choice.closest("dialog").close();
  parts(asking).text.focus();
  asking = null;
});

/* The arrows lead from the search to the rows and back. */
on("keydown", "#picker [data-picker-page]", (event, page) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...page.querySelectorAll(".picker-search .input, [data-row-link]")];
  const at = stops.indexOf(document.activeElement);
  if (!by || at < 0) return;
  event.preventDefault();
  stops[clamp(at + by, 0, stops.length - 1)].focus();
});

on("click", "#picker .table-pick tr[data-row]", (event, row) => {
  if (!event.target.closest("a, input, button")) row.querySelector("[data-choose]")?.click();
});
