import { each, on, revive } from "./dom.js";

/* Repeating rows: the server reads NAME-TOTAL and skips numbers that are missing. */
const box = (element) => element.closest("[data-parts]");
const rows = (parts) => [...parts.querySelectorAll("[data-parts-row]")].filter((row) => !row.hidden);

const limit = (parts) => {
  const max = Number(parts.dataset.partsMax || Infinity);
  parts.querySelector("[data-parts-add]").disabled = rows(parts).length >= max;
};

const add = (parts) => {
  const total = parts.querySelector("[data-parts-total]");
  const shape = parts.querySelector("template");
  const made = document.createElement("template");
  made.innerHTML = shape.innerHTML.replaceAll("__n__", total.value);
  const row = made.content.firstElementChild;
  total.value = Number(total.value) + 1;
  parts.querySelector("[data-parts-rows]").append(row);
  globalThis.htmx?.process(row);
  revive(row);
  keepMain(parts);
  limit(parts);
  row.querySelector(".input")?.focus();
};

const keepMain = (parts) => {
  const radios = rows(parts).map((row) => row.querySelector("input[type=radio]")).filter(Boolean);
  if (radios.length && !radios.some((radio) => radio.checked)) radios[0].checked = true;
};

on("click", "[data-parts-add]", (event, button) => add(box(button)));

on("click", "[data-parts-remove]", (event, button) => {
  event.preventDefault();
  const parts = box(button);
  const row = button.closest("[data-parts-row]");
  const main = row.querySelector("input[type=radio]");
  row.querySelector('[name$="-remove"]').checked = true;
  if (main) main.checked = false;
  row.hidden = true;
  keepMain(parts);
  limit(parts);
  parts.querySelector("[data-parts-add]").focus();
  parts.dispatchEvent(new Event("change", { bubbles: true }));
});

on("keydown", "[data-parts] input.input", (event, input) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.defaultPrevented) return;
  event.preventDefault();
  const parts = box(input);
  const all = rows(parts);
  if (input.closest("[data-parts-row]") === all[all.length - 1]) add(parts);
});

each("[data-parts]", limit);
