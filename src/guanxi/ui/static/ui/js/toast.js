import { each, on } from "./dom.js";

const STAY = 10000;

const words = (id) => document.getElementById(id)?.content.textContent.trim() ?? "";

const leave = (toast) => {
  clearTimeout(toast.timer);
  toast.remove();
};

each("[data-toast]", (toast) => {
  if (toast.closest("template")) return;
  const wait = () => {
    clearTimeout(toast.timer);
    toast.timer = setTimeout(leave, STAY, toast);
  };
  toast.addEventListener("pointerenter", () => clearTimeout(toast.timer));
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", () => clearTimeout(toast.timer));
  toast.addEventListener("focusout", wait);
  wait();
});

on("click", "[data-toast-close]", (event, button) => leave(button.closest("[data-toast]")));

/* notice: {text, level, undo, url} as guanxi.ui.notices.Notice */
export const say = (notice) => {
  const shape = document.getElementById("toast");
  if (!shape) return;
  const toast = shape.content.firstElementChild.cloneNode(true);
  const undo = toast.querySelector("[data-toast-undo]");
  const link = toast.querySelector("[data-toast-url]");
  toast.classList.add(`toast-${notice.level ?? "success"}`);
  toast.querySelector("[data-toast-text]").textContent = notice.text;
  if (notice.undo) {
    undo.action = notice.undo;
    undo.hidden = false;
  }
  if (notice.url) {
    link.href = notice.url;
    link.hidden = false;
  }
  const list = document.getElementById("toasts");
  list.append(toast);
  for (const old of [...list.children].slice(0, -4)) leave(old);
  document.dispatchEvent(new CustomEvent("htmx:after:process"));
};

export const sayFailed = () => say({ text: words("toast-failed"), level: "error" });
export const sayOffline = () => say({ text: words("toast-offline"), level: "error" });

document.addEventListener("toast", (event) => say(event.detail));
document.addEventListener("htmx:error", () => sayOffline());
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) sayFailed();
});

/* Over plain http there is no clipboard; what a dialog covers can't be selected. */
const copyByHand = (text, near) => {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  (near.closest("dialog") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  near.focus({ preventScroll: true });
  return done;
};

const copy = async (text, near) => {
  const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject())
    .then(() => true)
    .catch(() => copyByHand(text, near));
  if (done) say({ text: `${words("toast-copied")} ${text}`, level: "success" });
  else say({ text: words("toast-not-copied"), level: "error" });
};

on("click", "[data-copy]", (event, button) => {
  event.preventDefault();
  copy(button.dataset.copy, button);
});
