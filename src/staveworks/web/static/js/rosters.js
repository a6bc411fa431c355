// Lists of firms: files dropped on the page, and the keys by which pairs are decided.
startDrop();
startPair();

function startDrop() {
  const zone = document.querySelector("[data-drop-zone]");
  if (!zone) return;
  const input = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-drop-names]");
  const show = () => names.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, () => zone.classList.add("over"));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  show();
}

// K means "keep apart" here, so the list is walked by J and the arrows; 1–9 switch a field to its other side.
function startPair() {
  const pair = document.querySelector(".pair");
  if (!pair) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("textarea, select, input:not([type=radio])")) return;
    if (!act(event.key, pair, event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

function act(key, pair, target) {
  if (key === "k" || key === "K") return press(pair.querySelector("[data-pair-key=k]"));
  if (key === "j" || key === "J") return step(1);
  if (key === "ArrowDown" && !target.matches?.("input")) return step(1);
  if (key === "ArrowUp" && !target.matches?.("input")) return step(-1);
  if (/^[1-9]$/.test(key)) return other(pair, key);
  if (key === "M" || key === "S") return press(pair.querySelector(`[data-key=${key.toLowerCase()}]`));
  return false;
}

function press(button) {
  button?.click();
  return Boolean(button);
}

function step(by) {
  const links = [...document.querySelectorAll(".pairs a")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  return press(links[at + by]);
}

function other(pair, key) {
  const free = [...pair.querySelectorAll(`input[data-switch="${key}"]`)].find((radio) => !radio.checked);
  free?.click();
  return Boolean(free);
}
