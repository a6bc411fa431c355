// The bars of a plan, by row, so that drawing and finding look at visible rows only, however many bars there are.
export const HEAD = 30;
export const GROUP = 28;
export const ROW = 30;
export const LEAST_WEEK = { wide: 64, narrow: 96 }; // px

export class Plan {
  // data: what the server worked out (domain/bars.py); words: what ids are called; other: the bars of a what-if, or null.
  constructor(data, words, other) {
    Object.assign(this, { rows: data.rows, lines: data.lines, families: data.families ?? [], bars: data.bars, weeks: data.buckets, words });
    this.starts = starts(this.bars.row, this.rows.length);
    this.compare(other);
    this.filter("");
  }

  // The what-if that is drawn over the bars, or none.
  compare(other) {
    this.maybe = other ? moved(this, other) : new Map();
  }

  // The rows of one operation, or of all: a list of groups and rows with their places; those with work first, groups and rows.
  filter(operation) {
    this.shown = [];
    const groups = new Map();
    this.rows.forEach((row, index) => {
      if (operation && row.operation !== operation) return;
      const key = `${row.city}\n${row.operation}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(index);
    });
    let at = 0;
    const idle = (index) => this.starts[index] === this.starts[index + 1];
    const order = [...groups.values()].sort((one, other) => one.every(idle) - other.every(idle));
    for (const rows of order) {
      this.shown.push({ y: at, height: GROUP, title: this.title(this.rows[rows[0]]), row: -1 });
      at += GROUP;
      for (const index of [...rows.filter((each) => !idle(each)), ...rows.filter(idle)]) {
        const row = this.rows[index];
        this.shown.push({ y: at, height: ROW, title: this.firm(row), machine: this.machine(row), row: index });
        at += ROW;
      }
    }
    this.height = at;
    this.placeOf = new Map(this.shown.filter((each) => each.row >= 0).map((each, i) => [each.row, each]));
  }

  title(row) {
    return `${this.words.cities[row.city] ?? row.city} · ${this.words.operations[row.operation] ?? row.operation}`;
  }

  firm(row) {
    return this.words.firms[row.firm] ?? row.firm;
  }

  machine(row) {
    return row.name && row.name !== row.firm && row.name !== row.id ? row.name : "";
  }

  name(row) {
    return [this.firm(row), this.machine(row)].filter(Boolean).join(" · ");
  }

  // Those that lie between two heights.
  between(top, bottom) {
    let [low, high] = [0, this.shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle].y + this.shown[middle].height <= top) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let i = low; i < this.shown.length && this.shown[i].y < bottom; i++) found.push(this.shown[i]);
    return found;
  }

  // Whether bars of a row lie where another would be drawn.
  covers(row, from, to) {
    for (let i = this.starts[row]; i < this.starts[row + 1]; i++) {
      if (this.bars.from[i] < to - 1e-6 && from + 1e-6 < this.bars.to[i]) return true;
    }
    return false;
  }

  // How much of its line a bar is: "8,082 m".
  quantity(bar) {
    const unit = this.words.units?.[this.families[this.bars.line[bar]]] ?? "";
    const amount = this.bars.quantity[bar];
    const said = amount.toLocaleString(document.documentElement.lang, { maximumFractionDigits: amount < 10 ? 1 : 0 });
    return [said, unit].filter(Boolean).join(" ");
  }

  // The bar of a row that covers a moment (in weeks), or -1.
  barAt(row, moment) {
    for (let i = this.starts[row]; i < this.starts[row + 1]; i++) {
      if (this.bars.from[i] <= moment && moment <= this.bars.to[i]) return i;
    }
    return -1;
  }

  // The bar after (or before) one, over the shown rows; the first if there is none yet.
  step(bar, by) {
    const order = this.shown.filter((each) => each.row >= 0 && this.starts[each.row] < this.starts[each.row + 1]);
    if (!order.length) return -1;
    if (bar < 0) return this.starts[order[0].row];
    const row = this.bars.row[bar];
    const next = bar + by;
    if (next >= this.starts[row] && next < this.starts[row + 1]) return next;
    const at = order.findIndex((each) => each.row === row) + by;
    if (at < 0 || at >= order.length) return bar;
    return by > 0 ? this.starts[order[at].row] : this.starts[order[at].row + 1] - 1;
  }

  // The bar nearest in time in the next (or the previous) row with any.
  jump(bar, by) {
    if (bar < 0) return this.step(bar, by);
    const order = this.shown.filter((each) => each.row >= 0 && this.starts[each.row] < this.starts[each.row + 1]);
    const at = order.findIndex((each) => each.row === this.bars.row[bar]) + by;
    if (at < 0 || at >= order.length) return bar;
    const moment = this.bars.from[bar];
    let best = this.starts[order[at].row];
    for (let i = best; i < this.starts[order[at].row + 1]; i++) {
      if (Math.abs(this.bars.from[i] - moment) < Math.abs(this.bars.from[best] - moment)) best = i;
    }
    return best;
  }

  week(bar) {
    return Math.min(this.weeks - 1, Math.floor(this.bars.from[bar] + 1e-9));
  }
}

// Where the bars of each row begin; they come sorted by row.
function starts(row, rows) {
  const found = new Uint32Array(rows + 1);
  for (const each of row) found[each + 1]++;
  for (let i = 0; i < rows; i++) found[i + 1] += found[i];
  return found;
}

// Row → the bars that only the what-if has.
function moved(plan, other) {
  const key = (data, i) =>
    [data.lines[data.bars.line[i]], data.bars.step[i], data.rows[data.bars.row[i]].id, Math.floor(data.bars.from[i] + 1e-9)].join("\n");
  const there = new Set(plan.bars.row.map((_, i) => key(plan, i)));
  const rows = new Map(plan.rows.map((row, i) => [row.id, i]));
  const found = new Map();
  other.bars.row.forEach((row, i) => {
    const home = rows.get(other.rows[row].id);
    if (home === undefined || there.has(key(other, i))) return;
    if (!found.has(home)) found.set(home, []);
    found.get(home).push({ from: other.bars.from[i], to: other.bars.to[i], line: other.lines[other.bars.line[i]] });
  });
  return found;
}
