// Suggestions for the city field: asked for while typing, put into the datalist that the input names.
const list = document.getElementById("cities");
const input = document.querySelector('input[list="cities"]');
let waiting;

async function suggest() {
  const answer = await fetch(`${list.dataset.source}?q=${encodeURIComponent(input.value)}`);
  if (!answer.ok) return;
  const { cities } = await answer.json();
  list.replaceChildren(...cities.map((city) => Object.assign(document.createElement("option"), { value: city })));
}

input?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 200);
});
