import { clamp, each, fetchPart, on, revive } from "./dom.js";
import { loadSortable } from "./sortable.js";
import { say, sayFailed, sayOffline } from "./toast.js";

/* The sort page: whatever moves rows is sent at once, and the server answers with the new order. */
const rowsOf = (sort) => [...sort.querySelectorAll("[data-sort-row]")];
const boxOf = (row) => row.querySelector("[name=row]");
const tickedOf = (sort) => rowsOf(sort).filter((row) => boxOf(row).checked);

const send = async (sort, rows, what, focus) => {
  if (sort.getAttribute("aria-busy") === "true") return;
  if (!rows.length) {
    say({ text: sort.querySelector("[data-none]").dataset.none, level: "warning" });
    return;
  }
  sort.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(what);
  for (const row of rows) body.append("row", row.dataset.sortRow);
  try {
    const response = await fetchPart(sort.querySelector("form").action, "section#sort", { method: "POST", body });
    if (!response.ok) {
      location.reload();
      return;
    }
    sort.outerHTML = await response.text();
    const fresh = document.getElementById("sort");
    revive(fresh);
    const target = fresh.querySelector(focus);
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  } catch {
    sort.removeAttribute("aria-busy");
    sayOffline();
  }
};

on("submit", "#sort-form", (event, form) => {
  event.preventDefault();
  const sort = form.closest("[data-sort]");
  const act = event.submitter?.name === "act" ? event.submitter.value : "";
  const to = form.elements.to.value.normalize("NFKC").trim();
  if (act) send(sort, tickedOf(sort), { act }, `[name=act][value=${act}]`);
  else if (/^[1-9]\d{0,5}$/.test(to)) send(sort, tickedOf(sort), { to }, "[name=to]");
}, true);

on("change", "[data-sort] [name=row]", (event, box) => {
  box.closest("[data-sort-row]").classList.toggle("is-ticked", box.checked);
});

on("change", "[data-sort-group] select", (event, select) => select.form.requestSubmit());

/* A dragged row takes the other ticked ones along when it is ticked itself. */
const drop = (sort, item) => {
  const rows = boxOf(item).checked ? tickedOf(sort) : [item];
  const all = rowsOf(sort);
  const before = all.slice(0, all.indexOf(item)).filter((row) => !rows.includes(row));
  send(sort, rows, { to: before.length + 1 }, `[data-sort-row="${item.dataset.sortRow}"] input`);
};

each("[data-sort-list]", async (list) => {
  try {
    const Sortable = await loadSortable();
    Sortable.create(list, {
      draggable: "[data-sort-row]",
      filter: "input",
      preventOnFilter: false,
      animation: 160,
      delay: 180,
      delayOnTouchOnly: true,
      forceFallback: true,
      fallbackTolerance: 5,
      ghostClass: "is-ghost",
      dragClass: "is-drag",
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) drop(list.closest("[data-sort]"), item);
      },
    });
    list.dataset.ready = "1";
  } catch {
    sayFailed();
  }
});

on("keydown", "[data-sort-row] [name=row]", (event, box) => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const sort = box.closest("[data-sort]");
  const row = box.closest("[data-sort-row]");
  if (event.altKey) {
    const rows = box.checked ? tickedOf(sort) : [row];
    send(sort, rows, { act: by < 0 ? "up" : "down" }, `[data-sort-row="${row.dataset.sortRow}"] input`);
    return;
  }
  const all = rowsOf(sort);
  boxOf(all[clamp(all.indexOf(row) + by, 0, all.length - 1)]).focus();
});
