import { fetchPart, on } from "./dom.js";
import { sayFailed, sayOffline } from "./toast.js";

/* The star changes at once and goes back where the server says no. */
const show = (button, isOn) => {
  button.setAttribute("aria-pressed", String(isOn));
  button.value = isOn ? "0" : "1";
};

on("click", "button[data-star]", async (event, button) => {
  event.preventDefault();
  const isOn = button.getAttribute("aria-pressed") === "true";
  const body = new FormData();
  body.set("on", isOn ? "0" : "1");
  show(button, !isOn);
  try {
    const response = await fetchPart(button.getAttribute("formaction"), "", { method: "POST", body });
    if (response.ok) return;
    sayFailed();
  } catch {
    sayOffline();
  }
  show(button, isOn);
});
