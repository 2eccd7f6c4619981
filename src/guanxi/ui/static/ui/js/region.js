import { each, fetchPart, on } from "./dom.js";

/* Province, city, district: whichever was chosen, the server says what stands in the others. */
const follow = async (region, code) => {
  const url = new URL(region.dataset.region, location.href);
  url.searchParams.set("code", code);
  const response = await fetchPart(url, "div.region-steps");
  if (!response.ok) return;
  const made = document.createElement("template");
  made.innerHTML = await response.text();
  const fresh = made.content.querySelectorAll("select");
  region.querySelectorAll("[data-region-step]").forEach((select, n) => {
    select.innerHTML = fresh[n].innerHTML;
  });
  region.dispatchEvent(new Event("region", { bubbles: true }));
};

const chosen = (region) =>
  [...region.querySelectorAll("[data-region-step]")].map((select) => select.value);

on("change", "[data-region-step]", (event, select) => {
  const region = select.closest("[data-region]");
  const all = [...region.querySelectorAll("[data-region-step]")];
  const at = all.indexOf(select);
  all.slice(at + 1).forEach((below) => { below.value = ""; });
  const code = chosen(region).filter(Boolean).pop() ?? "";
  region.querySelector("[data-picker-value]").value = code;
  region.querySelector("[data-picker-text]").value = "";
  follow(region, code);
});

/* Chosen from what was typed: the selects show it, the text is free for the next one. */
on("change", "[data-region] [data-picker-value]", (event, input) => {
  const region = input.closest("[data-region]");
  if (!region.querySelector("[data-region-step]")) return;
  region.querySelector("[data-picker-text]").value = "";
  region.querySelector("[data-picker-clear]").hidden = true;
  follow(region, input.value);
});

/* In China the region says province and city; elsewhere people write them. What is spare is hidden,
   what an older address says beside its region stays in sight. */
const CHINESE = ["CN", "HK", "MO", "TW"];

const settle = (row) => {
  const country = row.querySelector('select[name$="-country"]');
  const region = row.querySelector("[data-region]");
  if (!country || !region) return;
  const home = CHINESE.includes(country.value);
  const steps = chosen(region);
  region.closest(".parts-cell").hidden = !home;
  ["province", "city", "district"].forEach((name, level) => {
    const input = row.querySelector(`input[name$="-${name}"]`);
    const told = home && Boolean(level === 2 ? steps[2] : steps[0]);
    input.disabled = told;
    input.closest(".parts-cell").hidden = told || (home && !input.value);
  });
};

const forget = (row) => {
  for (const name of ["province", "city", "district"]) {
    row.querySelector(`input[name$="-${name}"]`).value = "";
  }
};

const clear = (region) => {
  region.querySelectorAll("[data-region-step]").forEach((select) => { select.value = ""; });
  region.querySelector("[data-picker-value]").value = "";
};

on("change", '[data-parts-row] select[name$="-country"]', (event, select) => {
  const row = select.closest("[data-parts-row]");
  const region = row.querySelector("[data-region]");
  if (region && !CHINESE.includes(select.value)) clear(region);
  settle(row);
});

document.addEventListener("region", (event) => {
  const row = event.target.closest("[data-parts-row]");
  if (!row?.querySelector('select[name$="-country"]')) return;
  forget(row);
  settle(row);
});

each("[data-parts-row]", settle);
