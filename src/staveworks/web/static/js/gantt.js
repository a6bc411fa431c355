// <div data-gantt data-source="…">: the plan of a run on canvas, fluid at ten thousand bars. Arrow keys go from bar to bar, Enter opens
// the line, dragging a bar asks "what if" by the hidden form beside it. The same stands in a table for those who want it.
import { Brush } from "./gantt-paint.js";
import { HEAD, LEAST_WEEK, Plan, ROW } from "./gantt-plan.js";

const FAR = 5; // px that make a drag
const NAMES = { wide: 196, narrow: 130 };

class Gantt {
  constructor(root, plan, words) {
    Object.assign(this, { root, plan, words, picked: -1, ghost: null });
    this.canvas = root.querySelector("canvas");
    this.said = root.querySelector("[data-gantt-said]");
    this.form = document.querySelector("[data-gantt-ask]");
    this.brush = new Brush(this.canvas, words);
    this.pane = Object.assign(document.createElement("div"), { className: "gantt-pane" });
    this.space = document.createElement("div");
    this.canvas.replaceWith(this.pane);
    this.pane.append(this.canvas, this.space);
    this.listen();
    this.measure();
    root.dataset.ready = plan.bars.row.length;
  }

  listen() {
    new ResizeObserver(() => this.measure()).observe(this.root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.brush.look(), this.paint()));
    this.pane.addEventListener("scroll", () => this.paint(), { passive: true });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("dblclick", () => this.open());
    document.querySelector("[data-gantt-operation]")?.addEventListener("change", (event) => {
      this.plan.filter(event.target.value);
      this.picked = -1;
      this.pane.scrollTop = 0;
      this.measure();
    });
  }

  // Sizes: the weeks fill the width, or are as narrow as can be read and are scrolled.
  measure() {
    const width = this.root.clientWidth;
    this.left = width < 640 ? NAMES.narrow : NAMES.wide;
    this.pane.style.height = `${Math.min(HEAD + this.plan.height + 4, width < 640 ? 340 : 460)}px`;
    const inner = this.pane.clientWidth;
    this.week = Math.max(width < 640 ? LEAST_WEEK.narrow : LEAST_WEEK.wide, (inner - this.left) / this.plan.weeks);
    this.canvas.style.width = `${inner}px`;
    this.canvas.style.height = `${this.pane.clientHeight}px`;
    this.space.style.width = `${this.left + this.week * this.plan.weeks}px`;
    this.space.style.height = `${Math.max(0, HEAD + this.plan.height - this.pane.clientHeight)}px`;
    this.paint();
  }

  // Once a frame, however often it is asked for.
  paint() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = undefined;
      this.brush.draw(this.plan, this.view(), this.picked, this.ghost);
    });
  }

  view() {
    const { pane, left, week } = this;
    return { width: pane.clientWidth, height: pane.clientHeight, left, week, x: pane.scrollLeft, y: pane.scrollTop, now: this.words.now };
  }

  // The row and the moment (in weeks) under the pointer.
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const view = this.view();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const found = y < HEAD ? null : this.plan.between(y - HEAD + view.y, y - HEAD + view.y + 1)[0];
    return { row: found?.row ?? -1, moment: x < view.left ? -1 : (x - view.left + view.x) / view.week };
  }

  // A bar that can be taken looks so.
  hover(event) {
    const { row, moment } = this.under(event);
    const over = row >= 0 && this.plan.barAt(row, moment) >= 0;
    this.canvas.style.cursor = this.ghost ? "grabbing" : !over ? "" : "mayAsk" in this.root.dataset ? "grab" : "pointer";
  }

  press(event) {
    const { row, moment } = this.under(event);
    const bar = row < 0 ? -1 : this.plan.barAt(row, moment);
    this.pick(bar);
    if (bar < 0 || event.pointerType === "touch" || !("mayAsk" in this.root.dataset)) return;
    const start = [event.clientX, event.clientY];
    const grip = moment - this.plan.bars.from[bar];
    const move = (now) => {
      if (!this.ghost && Math.hypot(now.clientX - start[0], now.clientY - start[1]) < FAR) return;
      this.drag(bar, this.under(now), grip);
    };
    const end = (now) => {
      this.canvas.removeEventListener("pointermove", move);
      this.canvas.removeEventListener("pointercancel", end);
      if (this.ghost && now.type === "pointerup") this.drop(bar);
      this.ghost = null;
      this.paint();
    };
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", end, { once: true });
    this.canvas.addEventListener("pointercancel", end, { once: true });
  }

  drag(bar, { row, moment }, grip) {
    const { bars, lines, rows } = this.plan;
    const home = row >= 0 && rows[row].operation === rows[bars.row[bar]].operation ? row : bars.row[bar];
    const place = this.plan.placeOf.get(home);
    const from = Math.max(0, Math.min(this.plan.weeks - 0.01, moment - grip));
    const top = HEAD + place.y - this.pane.scrollTop;
    this.ghost = { from, to: from + bars.to[bar] - bars.from[bar], top, row: home, week: Math.floor(Math.max(0, moment)), line: lines[bars.line[bar]] };
    this.paint();
  }

  drop(bar) {
    const { bars, lines, rows } = this.plan;
    const { row, week } = this.ghost;
    if (row === bars.row[bar] && week === this.plan.week(bar)) return;
    const fields = { line: lines[bars.line[bar]], lot: bars.lot[bar], step: bars.step[bar], operation: rows[row].operation, work_centre: rows[row].id, bucket: Math.min(week, this.plan.weeks - 1) };
    for (const [name, value] of Object.entries(fields)) this.form.elements[name].value = value;
    this.form.requestSubmit();
  }

  key(event) {
    const act = {
      ArrowRight: () => this.pick(this.plan.step(this.picked, 1)),
      ArrowLeft: () => this.pick(this.plan.step(this.picked, -1)),
      ArrowDown: () => this.pick(this.plan.jump(this.picked, 1)),
      ArrowUp: () => this.pick(this.plan.jump(this.picked, -1)),
      Enter: () => this.open(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  pick(bar) {
    this.picked = bar;
    if (bar >= 0) this.show(bar);
    this.said.textContent = bar < 0 ? "" : this.tell(bar);
    this.paint();
  }

  tell(bar) {
    const { bars, lines, rows } = this.plan;
    const row = rows[bars.row[bar]];
    const late = bars.late[bar] ? ` · ${this.words.late} +${bars.late[bar]}` : "";
    return `${lines[bars.line[bar]]} · ${this.plan.title(row)} · ${this.plan.name(row)} · ${this.words.weeks[this.plan.week(bar)]} · ${this.plan.quantity(bar)}${late}`;
  }

  // Scroll so that the bar can be seen.
  show(bar) {
    const place = this.plan.placeOf.get(this.plan.bars.row[bar]);
    if (!place) return;
    const [top, view] = [place.y, this.view()];
    if (top < view.y) this.pane.scrollTop = top;
    if (top + ROW > view.y + view.height - HEAD) this.pane.scrollTop = top + ROW - view.height + HEAD;
    const [from, to] = [this.plan.bars.from[bar] * this.week, this.plan.bars.to[bar] * this.week];
    if (from < view.x) this.pane.scrollLeft = from;
    if (to > view.x + view.width - view.left) this.pane.scrollLeft = to - view.width + view.left;
  }

  open() {
    if (this.picked < 0) return;
    const line = this.plan.lines[this.plan.bars.line[this.picked]];
    location.assign(`${this.root.dataset.lineUrl}?line=${encodeURIComponent(line)}`);
  }
}

async function read(url) {
  if (!url) return null;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
}

// Grey lines until the bars are here; where they don't come, a sentence that says where the plan can be read.
async function start(root) {
  const [wait, failed, canvas] = ["[data-gantt-wait]", "[data-gantt-failed]", "canvas"].map((each) => root.querySelector(each));
  wait.hidden = false;
  canvas.hidden = true;
  const words = JSON.parse(document.getElementById(root.dataset.words).textContent);
  const plans = await Promise.all([read(root.dataset.source), read(root.dataset.whatIf)]).catch(() => null);
  wait.hidden = true;
  canvas.hidden = !plans;
  failed.hidden = Boolean(plans);
  if (!plans) return;
  const gantt = new Gantt(root, new Plan(plans[0], words, plans[1]), { ...words, late: root.dataset.late, maybe: root.dataset.maybe });
  document.body.addEventListener("htmx:afterSettle", () => redraw(gantt));
}

// A what-if that came meanwhile is drawn without loading the page.
async function redraw(gantt) {
  const { dataset } = gantt.root;
  const wanted = document.querySelector("[data-drawn]")?.dataset.drawn ?? "";
  if (wanted === (dataset.whatIf ?? "")) return;
  dataset.whatIf = wanted;
  const bars = await read(wanted).catch(() => null);
  if (dataset.whatIf !== wanted) return; // another came while this one was fetched
  gantt.plan.compare(bars);
  gantt.paint();
}

document.querySelectorAll("[data-gantt]").forEach(start);
