// Keys: / search, ? help, j k Enter x in [data-keys] tables and lists, data-key="m" presses its button.
import { openDialog } from "./dialogs.js";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (press(event.key, event.target)) event.preventDefault();
  });
}

function press(key, target) {
  if (key === "/") return focusSearch();
  if (key === "?") return openDialog("keys") ?? true;
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "x") return tick();
  if (key === "Enter") return open(target);
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
  button?.click();
  return Boolean(button);
}

function focusSearch() {
  const search = document.querySelector("[data-search]");
  search?.focus();
  search?.select();
  return Boolean(search);
}

function rows() {
  return [...document.querySelectorAll("table[data-keys] > tbody > tr, ul[data-keys] > li, ol[data-keys] > li")].filter(
    (row) => row.offsetParent !== null,
  );
}

const here = () => document.querySelector("[data-keys] .at");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  here()?.classList.remove("at");
  next.classList.add("at");
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const box = here()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function open(target) {
  if (target.closest?.("a, button, summary, input, label")) return false;
  const link = here()?.querySelector("a[data-open]") ?? here()?.querySelector("a[href]");
  link?.click();
  return Boolean(link);
}
