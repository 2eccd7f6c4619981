import { csrf, each } from "./dom.js";
import { openDialog } from "./dialog.js";
import { loadSortable } from "./sortable.js";
import { say, sayOffline } from "./toast.js";

const column = (card) => card.closest("[data-column]");
const place = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
/* The board may have scrolled on while the card was held. */
const put = (card, where) => {
  where.list.insertBefore(card, where.next);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const speak = (board, key, words = {}) => {
  const said = board.querySelector("[data-board-said]");
  said.textContent = Object.entries(words).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, value), board.dataset[key]);
};

const refresh = (board, columns = {}) => {
  for (const [id, figures] of Object.entries(columns)) {
    const head = board.querySelector(`[data-column="${CSS.escape(id)}"]`);
    for (const [name, value] of Object.entries(figures)) {
      const spot = head?.querySelector(`[data-column-${CSS.escape(name)}]`);
      if (spot) spot.textContent = value;
    }
  }
};

const send = async (board, card) => {
  const data = new URLSearchParams({
    stage: column(card).dataset.column,
    before: card.nextElementSibling?.dataset.card ?? "",
    version: card.dataset.version,
  });
  const response = await fetch(card.dataset.move, {
    method: "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
    body: data,
  });
  const kind = response.headers.get("Content-Type") ?? "";
  const answer = kind.includes("json") ? await response.json() : {};
  return { ok: response.ok, ...answer };
};

/* The card stays where it was dropped only when the server agrees. */
const settle = async (board, card, origin) => {
  const title = card.dataset.title;
  if (card.parentElement === origin.list && card.nextElementSibling === origin.next) return;
  card.classList.add("is-waiting");
  try {
    const answer = await send(board, card);
    if (!answer.ok || answer.dialog) {
      put(card, origin);
      speak(board, "saidBack", { card: title });
    }
    if (answer.dialog) openDialog(answer.dialog);
    else if (!answer.ok) {
      say({ text: answer.error || document.getElementById("toast-failed").content.textContent, level: "error" });
    } else {
      card.dataset.version = answer.version ?? card.dataset.version;
      refresh(board, answer.columns);
      if (answer.text) say(answer);
      speak(board, "saidDown", { card: title, column: label(card) });
    }
  } catch {
    put(card, origin);
    sayOffline();
  }
  card.classList.remove("is-waiting");
};

const label = (card) => column(card).querySelector("[data-column-label]").textContent;

/* A card left on a drop goes to the head of the column the drop stands for. */
const leaveDrop = (board, card) => {
  const drop = card.closest("[data-drop]");
  if (drop) board.querySelector(`[data-column="${CSS.escape(drop.dataset.drop)}"] [data-cards]`).prepend(card);
};

const drag = async (board) => {
  const Sortable = await loadSortable();
  const drops = board.nextElementSibling;
  const lists = [...board.querySelectorAll("[data-cards]"), ...drops.children];
  const point = (at) => {
    for (const list of lists) (list.closest("[data-column]") ?? list).classList.toggle("is-over", list === at);
    document.body.classList.toggle("is-over-drop", Boolean(at?.dataset.drop));
  };
  let origin = null;
  for (const list of lists) {
    Sortable.create(list, {
      group: "board",
      draggable: "[data-move]",
      animation: 160,
      delay: 180,
      delayOnTouchOnly: true,
      forceFallback: true,
      fallbackTolerance: 5,
      fallbackOnBody: true,
      ghostClass: "is-ghost",
      dragClass: "is-drag",
      scrollSensitivity: 80,
      scrollSpeed: 16,
      onStart: ({ item }) => {
        origin = { list: item.parentElement, next: item.nextElementSibling };
        drops.hidden = board.scrollWidth <= board.clientWidth;
        board.classList.add("is-dragging");
      },
      onMove: ({ to }) => point(to),
      onEnd: ({ item }) => {
        drops.hidden = true;
        board.classList.remove("is-dragging");
        point(null);
        leaveDrop(board, item);
        settle(board, item, origin);
      },
    });
  }
  board.classList.add("is-draggable");
};

const shift = (board, card, key) => {
  const lists = [...board.querySelectorAll("[data-cards]")];
  const at = lists.indexOf(card.parentElement);
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (side) lists[at + side]?.prepend(card);
  else if (key === "ArrowUp") card.previousElementSibling?.before(card);
  else card.nextElementSibling?.after(card);
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  const cards = [...card.parentElement.children];
  speak(board, "saidOver", {
    card: card.dataset.title,
    column: label(card),
    place: cards.indexOf(card) + 1,
    count: cards.length,
  });
};

const look = (board, card, key) => {
  const cards = [...card.parentElement.children];
  const lists = [...board.querySelectorAll("[data-cards]")];
  const at = cards.indexOf(card);
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const target = side
    ? lists[lists.indexOf(card.parentElement) + side]?.children[0]
    : cards[at + (key === "ArrowUp" ? -1 : 1)];
  target?.focus();
};

const hold = (board, card, state) => {
  state.card = card;
  state.origin = place(card);
  card.classList.add("is-held");
  speak(board, "saidUp", { card: card.dataset.title });
};

const release = (board, state, keep) => {
  const { card, origin } = state;
  state.card = null;
  card.classList.remove("is-held");
  if (keep) {
    settle(board, card, origin);
  } else {
    put(card, origin);
    speak(board, "saidBack", { card: card.dataset.title });
  }
  card.focus();
};

const onKey = (board, state) => (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || event.target !== card) return;
  if (event.key.startsWith("Arrow")) {
    (state.card ? shift : look)(board, state.card ?? card, event.key);
  } else if (event.key === " " && !state.card && card.dataset.move) hold(board, card, state);
  else if (state.card && [" ", "Enter"].includes(event.key)) release(board, state, true);
  else if (state.card && event.key === "Escape") release(board, state, false);
  else if (event.key === "Enter") card.querySelector("a").click();
  else return;
  event.preventDefault();
};

each("[data-board]", (board) => {
  const state = { card: null, origin: null };
  board.addEventListener("keydown", onKey(board, state));
  board.addEventListener("focusout", () => setTimeout(() => {
    if (state.card && document.activeElement !== state.card) release(board, state, false);
  }));
  drag(board);
});
