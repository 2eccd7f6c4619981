import { each } from "./dom.js";

/* ECharts is large: it is fetched when the first chart is on the page. */
const SOURCE = new URL("../../vendor/echarts/echarts.min.js", import.meta.url);
let library = null;

const load = () => (library ||= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = SOURCE;
  script.onload = () => resolve(globalThis.echarts);
  script.onerror = reject;
  document.head.append(script);
}));

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* 万 and 亿 in Chinese, K and M in English. */
const language = document.documentElement.lang;
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 2 });
const short = (number) => (Math.abs(number) < 1e4 ? number.toLocaleString(language) : compact.format(number));

/* Each name stands below its bar, cut where it is long; where they get narrower, some are left out. */
const NARROWEST = 28;
const WIDEST = 96;

const axis = (data, isValue, room) => ({
  type: isValue ? "value" : "category",
  data,
  min: isValue ? (range) => Math.min(0, range.min) : undefined,
  axisTick: { show: false },
  axisLine: { show: !isValue, lineStyle: { color: token("--line-strong") } },
  splitLine: { show: isValue, lineStyle: { color: token("--line") } },
  axisLabel: {
    color: token("--text-3"),
    fontSize: 12,
    formatter: isValue ? short : undefined,
    interval: room < NARROWEST ? "auto" : 0,
    width: isValue || room < NARROWEST ? WIDEST : room,
    overflow: isValue ? undefined : "truncate",
  },
});

const series = (chart, isRow) => (line, n) => ({
  name: line.name,
  data: line.values,
  type: chart.kind === "line" ? "line" : "bar",
  stack: chart.stack ? "all" : undefined,
  barMaxWidth: 34,
  symbolSize: 7,
  itemStyle: {
    borderRadius: isRow ? [0, 3, 3, 0] : [3, 3, 0, 0],
    color: token(`--chart-${(n % 6) + 1}`),
  },
  label: {
    show: chart.series.length === 1 && chart.labels.length <= 12,
    position: isRow ? "right" : "top",
    color: token("--text-2"),
    formatter: (point) => short(point.value),
  },
});

const picture = (chart, width) => {
  const isRow = chart.kind === "row";
  const names = axis(chart.labels, false, isRow ? WIDEST : (width - 80) / chart.labels.length - 4);
  const values = axis(undefined, true);
  return {
    animationDuration: 240,
    textStyle: { fontFamily: token("--font") },
    grid: { left: 8, right: 24, top: chart.series.length > 1 ? 36 : 20, bottom: 8, containLabel: true },
    legend: {
      show: chart.series.length > 1,
      // On one line with arrows: further lines would lie over the chart.
      type: "scroll",
      top: 0,
      left: 0,
      right: 0,
      pageIconColor: token("--text-2"),
      pageIconInactiveColor: token("--line-strong"),
      pageTextStyle: { color: token("--text-2") },
      icon: "roundRect",
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { color: token("--text-2") },
    },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: token("--accent"), opacity: 0.06 } },
      backgroundColor: token("--surface"),
      borderColor: token("--line"),
      textStyle: { color: token("--text"), fontSize: 13 },
      valueFormatter: (n) => `${Number(n).toLocaleString(language)} ${chart.unit ?? ""}`,
    },
    xAxis: isRow ? values : names,
    yAxis: isRow ? { ...names, inverse: true } : values,
    series: chart.series.map(series(chart, isRow)),
  };
};

each("[data-chart]", async (box) => {
  const chart = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const echarts = await load();
  const view = echarts.init(box, null, { renderer: "svg" });
  const draw = () => view.setOption(picture(chart, box.clientWidth), true);
  draw();
  new ResizeObserver(() => view.resize()).observe(box);
  document.addEventListener("guanxi:theme", draw);
  view.on("click", (point) => {
    const url = chart.urls?.[point.seriesIndex]?.[point.dataIndex];
    if (url) location.assign(url);
  });
});
