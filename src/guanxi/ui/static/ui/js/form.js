import { each, on } from "./dom.js";

/* Forms marked data-guard ask before typed text is left behind. */
let leaving = false;

each("form[data-guard]", (form) => {
  const mark = () => form.classList.add("is-dirty");
  form.addEventListener("input", mark);
  form.addEventListener("change", mark);
});

addEventListener("beforeunload", (event) => {
  if (leaving || !document.querySelector("form.is-dirty")) return;
  event.preventDefault();
  event.returnValue = "";
});

/* One press is one request; going back makes the buttons work again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  // What comes back with a fault is marked anew.
  if (event.defaultPrevented && form.hasAttribute("hx-post")) form.classList.remove("is-dirty");
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  leaving = true;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.classList.add("is-busy");
    }
  });
});

addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
  }
});

/* Conditions left empty stay out of the address, so that it can be read and sent. */
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches(".conditions")) return;
  for (const name of new Set(formData.keys())) {
    if (!formData.getAll(name).some(Boolean)) formData.delete(name);
  }
});

/* Ctrl+Enter saves from anywhere in the form. */
on("keydown", "form[data-guard], form[data-save], dialog[data-filled] form", (event, form) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-main], .btn-primary") ?? undefined);
});

/* The first field with an error takes the focus when the page comes back. */
each("form", (form) => {
  if (form.closest("dialog")) return;
  const wrong = form.querySelector('[aria-invalid="true"], .parts-row.has-error .input');
  if (!wrong) return;
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  wrong.focus();
});
