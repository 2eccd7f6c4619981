// A tap on a phrase adds it to the text it belongs to, as a sentence of its own.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  const field = button?.form?.elements[button.dataset.phraseFor];
  if (!field) return;
  const before = field.value.trimEnd();
  const joint = !before ? "" : /[。！？!?；;，,]$/.test(before) ? "" : "。";
  field.value = `${before}${joint}${button.dataset.phrase}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
