import { on } from "./dom.js";

/* Ask before what can't be undone; resolves to true for yes. */
export const ask = (text) => new Promise((resolve) => {
  const dialog = document.getElementById("ask");
  dialog.querySelector("[data-ask-text]").textContent = text;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  dialog.showModal();
});

on("click", "[data-ask]", async (event, button) => {
  if (button.dataset.asked) {
    delete button.dataset.asked;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const count = document.querySelector("[data-bulk-count]")?.textContent ?? "";
  if (await ask(button.dataset.ask.replace("{n}", count))) {
    button.dataset.asked = "1";
    button.click();
  }
}, true);

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ask(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()));
});
