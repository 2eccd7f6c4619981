/* Sortable is fetched when the first page with something to drag is there. */
const SOURCE = new URL("../../vendor/sortable/Sortable.min.js", import.meta.url);
let library = null;

export const loadSortable = () => (library ||= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = SOURCE;
  script.onload = () => resolve(globalThis.Sortable);
  script.onerror = reject;
  document.head.append(script);
}));
