import { clamp, isTyping, on } from "./dom.js";

/* Tick boxes of the list and its bulk bar. */
const ticks = () => [...document.querySelectorAll("[data-tick]")];
const bar = () => document.querySelector("[data-bulk]");
const found = () => Number(document.getElementById("pager")?.dataset.total || 0);
const grouped = (number) => number.toLocaleString("zh-CN");
let last = null;

const refresh = () => {
  const all = ticks();
  const on = all.filter((tick) => tick.checked);
  const head = document.querySelector("[data-tick-all]");
  for (const tick of all) tick.closest("tr").classList.toggle("is-ticked", tick.checked);
  if (head) {
    head.checked = all.length > 0 && on.length === all.length;
    head.indeterminate = on.length > 0 && on.length < all.length;
  }
  const bulk = bar();
  if (!bulk) return;
  const every = bulk.querySelector("[data-bulk-every]");
  bulk.querySelector("[data-bulk-all]").value = "";
  bulk.classList.toggle("is-open", on.length > 0);
  bulk.querySelector("[data-bulk-count]").textContent = grouped(on.length);
  if (!every) return;
  every.hidden = on.length !== all.length || found() <= all.length;
  every.textContent = every.dataset.bulkEvery.replace("{n}", grouped(found()));
};

on("click", "[data-tick]", (event, tick) => {
  const all = ticks();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = tick.checked;
  }
  last = tick;
  refresh();
});

on("change", "[data-tick-all]", (event, head) => {
  for (const tick of ticks()) tick.checked = head.checked;
  refresh();
});

on("click", "[data-bulk-none]", () => {
  for (const tick of ticks()) tick.checked = false;
  refresh();
});

on("click", "[data-bulk-every]", (event, button) => {
  const bulk = bar();
  bulk.querySelector("[data-bulk-all]").value = "1";
  bulk.querySelector("[data-bulk-count]").textContent = grouped(found());
  button.hidden = true;
});

addEventListener("pageshow", refresh);
document.addEventListener("htmx:after:swap", refresh);

/* What a cell is too narrow for is told when pointed at. */
on("mouseover", "[data-rows] tbody :is(th, td)", (event, cell) => {
  const cut = cell.scrollWidth > cell.clientWidth && !cell.matches(".row-acts");
  if (cut) cell.title = cell.textContent.trim();
  else cell.removeAttribute("title");
});

/* The jump box: a page that exists, or nothing; empty again after the jump. */
on("submit", "[data-jump]", (event, form) => {
  const input = form.querySelector('[name="page"]');
  const text = input.value.normalize("NFKC").trim();
  const pages = Number(form.dataset.pages || Infinity);
  const page = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (page < 1 || page > pages) {
    event.preventDefault();
    return;
  }
  input.value = String(page);
  setTimeout(() => { input.value = ""; });
});

on("change", "[data-per-page] select", (event, select) => select.form.requestSubmit());

/* J and K walk the rows, Enter opens, X ticks. */
const rows = () => [...document.querySelectorAll("[data-rows] tbody [data-row]")];
const current = () => document.querySelector("[data-rows] tr.is-current");

const move = (by) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const row = all[clamp(at + by, 0, all.length - 1)];
  current()?.classList.remove("is-current");
  row.classList.add("is-current");
  const target = row.querySelector("[data-row-link]") ?? row.querySelector("[data-tick]");
  target?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || !rows().length) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x" && current()) current().querySelector("[data-tick]")?.click();
  else if (event.key === "Enter" && event.target.matches("[data-tick], [data-tick-all]")) {
    // Else the browser would press the first button of the bulk bar.
    event.preventDefault();
    event.target.closest("tr").querySelector("[data-row-link]")?.click();
  }
});
