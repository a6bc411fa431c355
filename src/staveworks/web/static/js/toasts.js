// Toasts stay ten seconds, longer while someone reads (hover, focus). New ones may come with an htmx answer. A phone shows
// one at a time (phone.css): the next waits until the one before has gone.
const STAY = 10_000;
const NARROW = window.matchMedia("(max-width: 859px)");

export function startToasts() {
  const box = document.getElementById("toasts");
  if (!box) return;
  const show = () => {
    for (const line of box.querySelectorAll("[data-toast]:not([data-shown])")) {
      if (NARROW.matches && line !== box.firstElementChild) return;
      line.dataset.shown = "";
      fade(line);
    }
  };
  show();
  new MutationObserver(show).observe(box, { childList: true });
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
