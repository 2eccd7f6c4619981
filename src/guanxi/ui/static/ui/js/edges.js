import { each } from "./dom.js";

/* Rows that scroll sideways begin with what is current in view, and fade where they go on. */
const fade = (row) => {
  row.classList.toggle("is-cut-start", row.scrollLeft > 1);
  row.classList.toggle("is-cut-end", row.scrollWidth - row.clientWidth - row.scrollLeft > 1);
};

each("[data-edges]", (row) => {
  const now = row.querySelector("[aria-current]")?.getBoundingClientRect();
  const own = row.getBoundingClientRect();
  if (now) row.scrollLeft += now.left - own.left - (own.width - now.width) / 2;
  row.addEventListener("scroll", () => fade(row), { passive: true });
  new ResizeObserver(() => fade(row)).observe(row);
});
