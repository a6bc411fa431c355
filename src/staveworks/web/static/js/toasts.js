// Toasts stay ten seconds, longer while someone reads (hover, focus). New ones may come with an htmx answer.
const STAY = 10_000;

export function startToasts() {
  const box = document.getElementById("toasts");
  if (!box) return;
  box.querySelectorAll("[data-toast]").forEach(fade);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node instanceof HTMLElement && node.matches("[data-toast]")) fade(node);
    }
  }).observe(box, { childList: true });
}

function fade(line) {
  let timer = setTimeout(() => line.remove(), STAY);
  for (const name of ["mouseenter", "focusin"]) line.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) {
    line.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(() => line.remove(), STAY);
    });
  }
}

export function toast(text) {
  const line = document.createElement("div");
  line.className = "toast-line";
  line.dataset.toast = "";
  line.append(Object.assign(document.createElement("span"), { textContent: text }));
  document.getElementById("toasts")?.append(line);
}

// The few sentences that scripts say stand in the page, in its language.
export function say(name) {
  return document.getElementById("words")?.dataset[name] ?? "";
}
