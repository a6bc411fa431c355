// data-busy="…" on a submit button: what it says while its form is sent, and nobody sends it twice.
// data-mirrors="#id" on a slider: it shows and sets that number. data-autosubmit on a form: a changed filter is applied at once. data-copy="#id": its text goes to the clipboard. data-print: the page is printed.
// data-narrows on a search field above a list of ticks: only those that hold its words are shown, and those that are ticked.
// data-when="name=value|other" on a part of a form: it is shown while that field says so (of several, parted by blanks, all must).
import { say, toast } from "./toasts.js";

export function startForms() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.busy || event.defaultPrevented) return;
    // After this turn: a disabled button would not send its own name and value.
    setTimeout(() => hold(button));
  });
  document.addEventListener("change", (event) => {
    if (event.target.form) showWhen(event.target.form);
    event.target.closest("form[data-autosubmit]")?.requestSubmit();
  });
  document.addEventListener("input", (event) => {
    const number = document.querySelector(event.target.dataset?.mirrors ?? null);
    if (number) number.value = event.target.value;
    if (event.target.matches("[data-narrows]")) narrow(event.target);
  });
  document.addEventListener("click", async (event) => {
    const copier = event.target.closest("[data-copy]");
    if (!copier) return;
    const source = document.querySelector(copier.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    toast(say("copied"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // A page that comes back from the browser's memory must not keep its buttons held.
  window.addEventListener("pageshow", () => document.querySelectorAll("button.busy").forEach(release));
  window.addEventListener("pageshow", () => [...document.forms].forEach(showWhen));
  [...document.forms].forEach(showWhen);
  document.querySelectorAll("[data-narrows]").forEach((field) => (field.hidden = false));
  document.querySelector("[data-focus]")?.focus();
}

function narrow(field) {
  const words = field.value.trim().toLowerCase();
  for (const label of field.closest("fieldset").querySelectorAll(".choices label")) {
    label.hidden = !label.textContent.toLowerCase().includes(words) && !label.control.checked;
  }
}

function showWhen(form) {
  const parts = form.querySelectorAll("[data-when]");
  if (!parts.length) return;
  const said = new FormData(form);
  const holds = (when) => {
    const [name, values] = when.split("=", 2);
    return values.split("|").includes(said.get(name) ?? "");
  };
  for (const part of parts) part.hidden = !part.dataset.when.split(" ").every(holds);
}

function hold(button) {
  button.dataset.label = button.innerHTML;
  button.textContent = button.dataset.busy;
  button.classList.add("busy");
  button.disabled = true;
}

export function release(button) {
  button.innerHTML = button.dataset.label;
  button.classList.remove("busy");
  button.disabled = false;
}
