// <figure class="chart" data-chart="histogram|bars|line|step" data-source="id of a JSON script">: ECharts in our tokens.
// One accent, the rest pale; labels at the line's end, no legend; texts by canvas, since the page forbids inline styles.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const LIBRARY = new URL("../vendor/echarts-6.1.0/echarts.min.js", import.meta.url);

async function start() {
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  if (!figures.length) return;
  await load(figures[0].dataset.library ?? LIBRARY.href);
  const drawn = figures.map(draw);
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawn.forEach((chart, i) => chart.setOption(options(figures[i]), true));
  });
}

function load(src) {
  return new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
  });
}

function draw(figure) {
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true");
  figure.append(place);
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(options(figure));
  return chart;
}

function options(figure) {
  const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
  const kind = figure.dataset.chart;
  const text = { color: colour("ink2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const rule = { lineStyle: { color: colour("line") } };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 300,
    textStyle: text,
    grid: { left: 8, right: kind === "line" ? 110 : 16, top: 34, bottom: 26, containLabel: true },
    tooltip: {
      renderMode: "richText",
      shadowBlur: 0,
      shadowColor: "transparent",
      axisPointer: { type: kind === "line" || kind === "step" ? "line" : "none" },
      trigger: "axis",
      borderColor: colour("edge"),
      backgroundColor: colour("surface"),
      textStyle: text,
    },
    xAxis: {
      type: "category",
      data: data.labels,
      name: data.x,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: text,
      axisLabel: text,
      axisTick: { show: false },
      axisLine: rule,
    },
    yAxis: {
      type: "value",
      name: data.unit,
      nameTextStyle: { ...text, align: "right" },
      axisLabel: text,
      splitLine: rule,
      // Both count firms, of which there are no fractions.
      minInterval: kind === "histogram" || kind === "bars" ? 1 : 0,
    },
    series: series(kind, data),
  };
}

function series(kind, data) {
  const pale = colour("pale");
  const water = colour("water");
  if (kind === "histogram" || kind === "bars") {
    const values = data.values.map((value, i) => ({ value, itemStyle: { color: i === data.accent ? water : pale } }));
    const label = { show: kind === "bars", position: "top", color: colour("ink2") };
    return [{ type: "bar", data: values, label, barCategoryGap: kind === "histogram" ? "4%" : "40%" }];
  }
  const lines = data.series ?? [{ name: "", values: data.values }];
  return lines.map((one, i) => {
    const line = i === (data.accent ?? 0) ? water : colour("ink3");
    return {
      type: "line",
      name: one.name,
      data: one.values,
      step: kind === "step" ? "end" : false,
      lineStyle: { color: line, width: 2 },
      itemStyle: { color: line },
      endLabel: { show: Boolean(one.name), formatter: "{a}", color: line },
    };
  });
}

start();
