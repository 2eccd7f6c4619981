import { ask } from "./ask.js";
import { fetchPart, on, revive } from "./dom.js";
import { sayFailed, sayOffline } from "./toast.js";

/* Two dialogs are filled from an address: "dialog" for pages, and "picker" that may lie over it. */
const TARGET = "div#dialog-body";
const FILLED = "dialog[data-filled]";
const bodyOf = (box) => box.querySelector("[data-dialog-body]");

/* Where one begins; what deletes is not pressed by the Enter that opened the dialog. */
const FIRST = [
  "[aria-invalid]", "[autofocus]", ".input", "input:not([type=hidden])", ".btn-primary", ".dialog-foot a",
];

const fill = (box, html) => {
  const body = bodyOf(box);
  body.innerHTML = html;
  box.classList.toggle("has-page", Boolean(body.querySelector(":scope > .page")));
  box.setAttribute("aria-labelledby", `${box.id}-title`);
  body.querySelector("h1, h2")?.setAttribute("id", `${box.id}-title`);
  globalThis.htmx?.process(body);
  revive(body);
  FIRST.map((one) => body.querySelector(one)).find(Boolean)?.focus();
};

const hear = (response) => {
  const trigger = response.headers.get("HX-Trigger");
  if (!trigger?.startsWith("{")) return false;
  for (const [name, detail] of Object.entries(JSON.parse(trigger))) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }
  return true;
};

const answer = async (box, response) => {
  const go = response.headers.get("HX-Redirect");
  if (go) {
    location.assign(go);
    return;
  }
  const heard = hear(response);
  const html = response.status < 500 ? await response.text() : "";
  const isPage = html.trimStart().slice(0, 9).toLowerCase() === "<!doctype";
  if (html && !isPage) fill(box, html);
  else if (response.status === 204) box.close();
  else if (!heard) {
    box.close();
    sayFailed();
  }
};

const load = async (box, url, options) => {
  const body = bodyOf(box);
  if (body.getAttribute("aria-busy") === "true") return;
  body.setAttribute("aria-busy", "true");
  try {
    await answer(box, await fetchPart(url, TARGET, options));
  } catch {
    sayOffline();
  }
  body.removeAttribute("aria-busy");
};

/* Open `url` in the dialog, with a waiting shape until it is there. */
export const openDialog = (url, id = "dialog") => {
  const box = document.getElementById(id);
  const shape = document.querySelector("template[data-waiting]");
  bodyOf(box).replaceChildren(shape.content.cloneNode(true));
  if (!box.open) box.showModal();
  return load(box, url);
};

/* Typed words are not lost to a stray Esc or click. */
const leave = async (box) => {
  const text = document.querySelector("template[data-leave]").content.textContent;
  if (!box.querySelector(".is-dirty") || (await ask(text))) box.close();
};

for (const box of document.querySelectorAll(FILLED)) {
  box.addEventListener("cancel", (event) => {
    if (event.target !== box || !box.querySelector(".is-dirty")) return;
    event.preventDefault();
    leave(box);
  });
  box.addEventListener("close", (event) => {
    if (event.target === box) bodyOf(box).replaceChildren();
  });
}

/* A menu closes behind the dialog it opens, and its button gets the focus back after it. */
const leaveMenu = (entry) => {
  const menu = entry.closest("details.menu");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
};

on("click", "a[data-dialog]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !document.querySelector(FILLED)) return;
  event.preventDefault();
  leaveMenu(link);
  openDialog(link.href);
});

on("click", "[data-dialog-open]", (event, button) => {
  leaveMenu(button);
  document.getElementById(button.dataset.dialogOpen)?.showModal();
});

on("click", "[data-dialog-close]", (event, button) => {
  const box = button.closest("dialog");
  if (!box) return;
  event.preventDefault();
  leave(box);
});

on("click", "dialog", (event, box) => {
  if (event.target === box) leave(box);
});

on("click", "dialog[data-filled] a[data-dialog-link]", (event, link) => {
  event.preventDefault();
  load(link.closest("dialog"), link.href);
});

/* Cancel links of a form lead back to this page: in the dialog they only close it. */
on("click", "dialog[data-filled] :is(.form-foot, .dialog-foot) a", (event, link) => {
  if (link.pathname !== location.pathname || event.defaultPrevented) return;
  event.preventDefault();
  leave(link.closest("dialog"));
});

on("submit", "dialog[data-filled] form", (event, form) => {
  if (event.defaultPrevented || form.method === "dialog") return;
  event.preventDefault();
  const box = form.closest("dialog");
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  const url = new URL(event.submitter?.getAttribute("formaction") || form.action, location.href);
  if (form.method === "get") {
    url.search = new URLSearchParams(data);
    load(box, url);
    return;
  }
  form.classList.remove("is-dirty");
  load(box, url, { method: "POST", body: data }).then(() => {
    box.querySelector("form[data-guard]")?.classList.add("is-dirty");
  });
});
