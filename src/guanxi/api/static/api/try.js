/* Sends one request to this installation and shows the answer. The token stays in its field. */

const box = document.querySelector("[data-try] form");

if (box) {
  const { token, method, address, body } = box.elements;
  const status = box.querySelector(".api-status");
  const shown = box.querySelector("pre");

  const wantsBody = () => ["POST", "PATCH"].includes(method.value);
  method.addEventListener("change", () => { body.hidden = !wantsBody(); });

  const pretty = (text) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };

  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const headers = { Authorization: `Bearer ${token.value.trim()}`, "Accept-Language": document.documentElement.lang };
    const sent = { method: method.value, headers, credentials: "omit" };
    if (wantsBody()) {
      headers["Content-Type"] = "application/json";
      sent.body = body.value;
    }
    // Only paths of this installation: a token must not leave it.
    const target = new URL(address.value, location.origin);
    if (target.origin !== location.origin) return;
    status.hidden = shown.hidden = false;
    try {
      const answer = await fetch(target.pathname + target.search, sent);
      status.textContent = `${answer.status} ${answer.headers.get("ETag") || ""}`;
      shown.textContent = pretty(await answer.text());
    } catch (fault) {
      status.textContent = String(fault);
      shown.textContent = "";
    }
  });
}
