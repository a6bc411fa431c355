// Draws what is visible of a plan: weeks, groups, bars, what-if, now. Colours and words come from the page.
import { HEAD, ROW } from "./gantt-plan.js";

const PAD = 4;
const LETTER = 7; // px, about

export class Brush {
  constructor(canvas, words) {
    this.canvas = canvas;
    this.words = words;
    this.look();
  }

  // The theme's colours and the page's font, read anew when the theme changes.
  look() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["surface", "sunk", "line", "edge", "ink", "ink2", "water", "water-soft", "short", "short-soft", "indigo", "indigo-soft"];
    this.colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
    this.font = getComputedStyle(document.body).fontFamily;
  }

  // view: { width, height, left (px of names), week (px), x, y (scrolled), now }, picked: a bar or -1, ghost: what is dragged or null.
  draw(plan, view, picked, ghost) {
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(view.width * ratio) || this.canvas.height !== Math.round(view.height * ratio)) {
      this.canvas.width = Math.round(view.width * ratio);
      this.canvas.height = Math.round(view.height * ratio);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, view.width, view.height);
    pen.textBaseline = "middle";
    const rows = plan.between(view.y, view.y + view.height - HEAD);
    pen.save();
    pen.beginPath();
    pen.rect(0, HEAD, view.width, view.height - HEAD);
    pen.clip();
    this.weeks(pen, plan, view);
    for (const row of rows) {
      const top = HEAD + row.y - view.y;
      if (row.row < 0) this.group(pen, row, top, view);
      else this.row(pen, plan, row, top, view, picked);
    }
    if (ghost) this.bar(pen, ghost, "maybe", view);
    this.now(pen, view);
    pen.restore();
    this.head(pen, plan, view);
  }

  weeks(pen, plan, view) {
    pen.strokeStyle = this.colours.line;
    pen.lineWidth = 1;
    for (let week = 0; week <= plan.weeks; week++) {
      const x = Math.round(view.left + week * view.week - view.x) + 0.5;
      if (x < view.left - 1 || x > view.width) continue;
      pen.beginPath();
      pen.moveTo(x, HEAD);
      pen.lineTo(x, view.height);
      pen.stroke();
    }
  }

  head(pen, plan, view) {
    pen.fillStyle = this.colours.surface;
    pen.fillRect(0, 0, view.width, HEAD);
    pen.fillStyle = this.colours.ink2;
    for (let week = 0; week < plan.weeks; week++) {
      const x = view.left + week * view.week - view.x;
      if (x + view.week < view.left || x > view.width) continue;
      this.clip(pen, Math.max(view.left, x), 0, Math.max(0, x + view.week - 4 - Math.max(view.left, x)), HEAD, () => this.week(pen, this.words.weeks[week] ?? "", x + 5, view.week - 9));
    }
    pen.fillStyle = this.colours.line;
    pen.fillRect(0, HEAD - 1, view.width, 1);
  }

  // "W50 7 Dec" in one line where there is room, else its day below.
  week(pen, words, x, room) {
    pen.font = `12px ${this.font}`;
    if (pen.measureText(words).width <= room) return pen.fillText(words, x, HEAD / 2);
    const [name, ...day] = words.split(" ");
    pen.fillText(name, x, 9);
    pen.font = `11px ${this.font}`;
    pen.fillText(day.join(" "), x, 22);
  }

  group(pen, row, top, view) {
    pen.fillStyle = this.colours.sunk;
    pen.fillRect(0, top, view.width, row.height);
    pen.fillStyle = this.colours.ink;
    pen.font = `600 13px ${this.font}`;
    pen.fillText(row.title, 10, top + row.height / 2);
  }

  row(pen, plan, row, top, view, picked) {
    const shown = [view.x / view.week, (view.x + view.width - view.left) / view.week];
    this.clip(pen, view.left, HEAD, view.width - view.left, view.height - HEAD, () => {
      for (let i = plan.starts[row.row]; i < plan.starts[row.row + 1]; i++) {
        if (plan.bars.to[i] < shown[0] || plan.bars.from[i] > shown[1]) continue;
        const late = plan.bars.late[i] > 0;
        const box = { from: plan.bars.from[i], to: plan.bars.to[i], top, line: plan.lines[plan.bars.line[i]], picked: i === picked };
        this.bar(pen, box, late ? "late" : "fine", view);
      }
      for (const box of plan.maybe.get(row.row) ?? []) this.bar(pen, { ...box, top, over: plan.covers(row.row, box.from, box.to) }, "maybe", view);
    });
    pen.fillStyle = this.colours.surface;
    pen.fillRect(0, top, view.left, ROW);
    this.names(pen, row, top, view);
  }

  // The firm, and below it the machine: two rows of a firm never look the same.
  names(pen, row, top, view) {
    const room = view.left - 16;
    pen.fillStyle = this.colours.ink;
    pen.font = `${row.machine ? 12 : 13}px ${this.font}`;
    pen.fillText(cut(pen, row.title, room), 10, top + (row.machine ? 9 : ROW / 2));
    if (!row.machine) return;
    pen.fillStyle = this.colours.ink2;
    pen.font = `11px ${this.font}`;
    pen.fillText(cut(pen, row.machine, room), 10, top + 22);
  }

  bar(pen, box, kind, view) {
    const x = view.left + box.from * view.week - view.x;
    const width = Math.max(2, (box.to - box.from) * view.week - 1.5);
    const [fill, edge] = { fine: ["water-soft", "water"], late: ["short-soft", "short"], maybe: ["indigo-soft", "indigo"] }[kind];
    pen.fillStyle = this.colours[fill];
    pen.strokeStyle = this.colours[edge];
    pen.lineWidth = box.picked ? 2.5 : width < 9 ? 0.5 : 1; // borders of narrow bars would be all that is seen
    pen.setLineDash(kind === "maybe" ? [4, 3] : []);
    pen.beginPath();
    pen.roundRect(x, box.top + PAD, width, ROW - 2 * PAD, Math.min(3, width / 2));
    if (!box.over) pen.fill();
    pen.stroke();
    pen.setLineDash([]);
    if (box.over) return; // what it lies over keeps its name
    const said = kind === "fine" ? [box.line] : kind === "late" ? [`${box.line}  ${this.words.late}`, `! ${box.line}`, "!"] : [`${box.line}  ${this.words.maybe}`, box.line];
    const room = said.find((text) => width > text.length * LETTER + (text.length > 1 ? 8 : 4));
    if (!room) return;
    pen.fillStyle = kind === "fine" ? this.colours.ink : this.colours[edge];
    pen.font = `${kind === "fine" ? "" : "600 "}12px ${this.font}`;
    pen.fillText(room, x + (room.length > 1 ? 6 : 3), box.top + ROW / 2);
  }

  now(pen, view) {
    const x = view.left + view.now * view.week - view.x;
    if (x < view.left || x > view.width) return;
    pen.fillStyle = this.colours.ink;
    pen.fillRect(Math.round(x), HEAD, 1.5, view.height);
  }

  clip(pen, x, y, width, height, act) {
    pen.save();
    pen.beginPath();
    pen.rect(x, y, width, height);
    pen.clip();
    act();
    pen.restore();
  }
}

// As much of a text as there is room for, with "…" where it is cut.
function cut(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  let shown = text;
  while (shown && pen.measureText(`${shown}…`).width > room) shown = shown.slice(0, -1);
  return `${shown}…`;
}
