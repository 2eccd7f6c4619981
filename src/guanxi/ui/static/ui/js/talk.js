import { clamp, each, fetchPart, on } from "./dom.js";

/* Files: chosen or dropped anywhere on the page of a record, they are sent at once. */
const form = () => document.querySelector("form[data-attach]");
const isFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const card = () => document.querySelector("[data-drop]");

on("change", "form[data-attach] input[type=file]", (event, input) => {
  if (input.files.length) input.form.requestSubmit();
});

document.addEventListener("dragover", (event) => {
  if (!isFiles(event) || !form() || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  card().classList.add("is-over");
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) card()?.classList.remove("is-over");
});

document.addEventListener("drop", (event) => {
  if (!isFiles(event) || !form() || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  card().classList.remove("is-over");
  const input = form().elements.file;
  input.files = event.dataTransfer.files;
  if (input.files.length) form().requestSubmit();
});

/* @ and the beginning of a name offers colleagues, below the text. */
const WAIT = 120;
const NAME = /(^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠]{0,20})$/;

each("textarea[data-mention]", (area) => {
  const list = document.getElementById(area.getAttribute("aria-controls"));
  let timer = 0;
  let asked = null;
  const chosen = () => list.querySelector('[aria-selected="true"]');
  const typed = () => NAME.exec(area.value.slice(0, area.selectionStart));

  const show = (open) => {
    list.hidden = !open;
    if (!open) area.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    chosen()?.removeAttribute("aria-selected");
    if (!option) return;
    option.id ||= `${list.id}-${[...list.children].indexOf(option)}`;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", option.id);
  };

  const take = (option) => {
    const found = typed();
    show(false);
    if (!found || !option) return;
    const start = area.selectionStart - found[2].length;
    area.setRangeText(`${option.dataset.mentionAs} `, start, area.selectionStart, "end");
    area.focus();
  };

  const suggest = async (text) => {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(area.dataset.mention, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetchPart(url, `ul#${list.id}`, { signal: asked.signal });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
      choose(list.firstElementChild);
      show(Boolean(list.firstElementChild) && Boolean(typed()));
    } catch {
      show(false);
    }
  };

  area.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing && !typed()) return;
    const found = typed();
    if (found) timer = setTimeout(suggest, WAIT, found[2]);
    else show(false);
  });

  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const all = [...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(all[clamp(all.indexOf(chosen()) + step, 0, all.length - 1)]);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen());
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  area.addEventListener("blur", () => show(false));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(event.target.closest("[data-mention-as]"));
  });
});
