import { isTyping } from "./dom.js";
import { focusSearch } from "./search.js";

/* A page names its targets: data-key="n" on the link for New, "e" for Edit, "prev", "next". */
const WAIT = 1200;
let going = 0;

const press = (key) => {
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].find((e) => e.offsetParent);
  target?.click();
  return Boolean(target);
};

const go = (key) => {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
};

document.addEventListener("keydown", (event) => {
  const mod = event.ctrlKey || event.metaKey;
  if (mod && event.key.toLowerCase() === "k") {
    event.preventDefault();
    focusSearch();
    return;
  }
  if (mod || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const isGoing = performance.now() - going < WAIT;
  going = 0;
  if (isGoing && go(event.key.toLowerCase())) event.preventDefault();
  else if (event.key === "g") going = performance.now();
  else if (event.key === "/") {
    event.preventDefault();
    focusSearch();
  } else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (["n", "e", "s"].includes(event.key) && press(event.key)) event.preventDefault();
});
