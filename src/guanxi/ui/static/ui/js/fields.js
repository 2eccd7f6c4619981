import { each, on } from "./dom.js";

/* Lengths count characters as people do, not UTF-16 units: 𠮷 is one. */
const length = (text) => [...text.replace(/\r\n?/g, "\n")].length;

each("[data-max]", (input) => {
  const max = Number(input.dataset.max);
  const note = document.createElement("span");
  note.className = "counter";
  note.hidden = true;
  const count = () => {
    const used = length(input.value);
    note.hidden = used < max * 0.8;
    note.textContent = `${used} / ${max}`;
    note.classList.toggle("is-over", used > max);
  };
  input.closest(".field")?.append(note);
  input.addEventListener("input", count);
  count();
});

/* What is ticked in a drop-down of several stands in its head. */
on("change", "[data-several] input", (_event, input) => {
  const box = input.closest("[data-several]");
  const text = box.querySelector("[data-several-text]");
  const ticked = [...box.querySelectorAll("input:checked")].map((one) => one.parentElement.textContent.trim());
  text.textContent = ticked.join("、") || text.dataset.none;
});

each("textarea[data-grow]", (area) => {
  const fit = () => {
    area.style.height = "auto";
    if (area.scrollHeight) area.style.height = `${Math.min(area.scrollHeight + 2, 480)}px`;
  };
  area.addEventListener("input", fit);
  if (area.value) fit();
});

/* Beside an amount: the same in 万 or 亿, so that a zero too many is seen. */
const short = (number, wan, yi) => {
  const [size, unit] = Math.abs(number) >= 1e8 ? [1e8, yi] : [1e4, wan];
  return `${(number / size).toLocaleString("zh-CN", { maximumFractionDigits: 2 })} ${unit}`;
};

each("[data-money]", (box) => {
  const input = box.querySelector("input");
  const hint = box.querySelector("[data-money-hint]");
  const tell = () => {
    const number = Number(input.value.normalize("NFKC").replace(/[,\s¥]/g, ""));
    const useful = Number.isFinite(number) && Math.abs(number) >= 1e4;
    hint.textContent = useful ? short(number, box.dataset.wan, box.dataset.yi) : "";
  };
  input.addEventListener("input", tell);
  tell();
});

/* Tags: one text with commas for the server, chips for the eye. */
const split = (text) => text.split(/[,，、;；\n]/).map((tag) => tag.trim()).filter(Boolean);

const chip = (text, remove) => {
  const item = document.createElement("span");
  const button = document.createElement("button");
  item.className = "chip";
  item.textContent = text;
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `${remove} ${text}`);
  button.dataset.chipRemove = text;
  item.append(button);
  return item;
};

each("[data-chips]", (box) => {
  const input = box.querySelector("input");
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = input.name;
  input.removeAttribute("name");
  let tags = [];
  const draw = () => {
    kept.value = tags.join(",");
    box.querySelectorAll(".chip").forEach((item) => item.remove());
    input.before(...tags.map((tag) => chip(tag, box.dataset.remove)));
  };
  const take = () => {
    tags = [...new Set([...tags, ...split(input.value)])];
    input.value = "";
    draw();
  };
  take();
  box.append(kept);
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (["Enter", ",", "，", "、"].includes(event.key) && input.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !input.value && tags.length) {
      tags.pop();
      draw();
    }
  });
  box.addEventListener("click", (event) => {
    const gone = event.target.dataset.chipRemove;
    if (gone !== undefined) {
      tags = tags.filter((tag) => tag !== gone);
      draw();
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.focus();
  });
});

each("[data-upload], [data-drop]", (box) => {
  const over = (state) => () => box.classList.toggle("is-over", state);
  box.addEventListener("dragenter", over(true));
  box.addEventListener("dragleave", over(false));
  box.addEventListener("drop", over(false));
});

on("change", "[data-upload] input[type=file], [data-drop] input[type=file]", (event, input) => {
  const name = input.closest("[data-upload], [data-drop]").querySelector("[data-upload-name] span");
  if (name && input.files.length) {
    name.textContent = [...input.files].map((file) => file.name).join(", ");
  }
});

on("click", "[data-conditions-toggle]", (event, button) => {
  button.closest(".conditions").classList.toggle("is-open");
});

on("change", "[data-autosubmit]", (event, input) => input.form.requestSubmit());
