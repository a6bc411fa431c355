// What happens while the page waits: a bar after one second, words for errors, the offline banner, news read out.
import { release } from "./forms.js";
import { say, toast } from "./toasts.js";

const PATIENCE = 1000; // ms: no sign of waiting before this
let waiting = 0;
let timer;

export function startLive() {
  const on = (name, act) => document.body.addEventListener(name, act);
  on("htmx:beforeRequest", () => wait(1));
  on("htmx:afterRequest", (event) => {
    wait(-1);
    event.detail.elt.querySelectorAll?.("button.busy").forEach(release);
  });
  on("htmx:responseError", (event) => toast(say("failed") + reference(event.detail.xhr)));
  on("htmx:sendError", () => toast(say(navigator.onLine ? "failed" : "offline")));
  // A form that comes back with its errors (422) is shown like any other answer.
  on("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 422) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  on("htmx:afterSettle", (event) => announce(event.detail.elt));
  window.addEventListener("online", showNetwork);
  window.addEventListener("offline", showNetwork);
  showNetwork();
}

function reference(xhr) {
  const id = xhr.getResponseHeader("X-Request-ID");
  return id ? ` ${say("reference")} ${id}` : "";
}

function wait(change) {
  waiting = Math.max(0, waiting + change);
  clearTimeout(timer);
  if (!waiting) document.body.classList.remove("slow");
  else timer = setTimeout(() => document.body.classList.add("slow"), PATIENCE);
}

function announce(element) {
  const news = element.matches?.("[data-announce]") ? element : element.querySelector?.("[data-announce]");
  if (news) document.getElementById("announcer").textContent = news.textContent.trim();
}

function showNetwork() {
  for (const banner of document.querySelectorAll("[data-offline]")) banner.hidden = navigator.onLine;
}
