// Draws every [data-chart] from the JSON beside it. ECharts is fetched only where there is something to draw.
(() => {
  const source = document.currentScript.dataset.echarts;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const drawn = new Map();
  let library = null;

  const load = () => (library ||= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done(window.echarts);
    script.onerror = fail;
    document.head.append(script);
  }));

  // Colours and the font are written as "var(--token)", so that the style sheet stays their only source.
  const resolve = (value, style) => {
    if (typeof value === "string") return value.replace(/^var\((--[\w-]+)\)$/, (_, name) => style.getPropertyValue(name).trim());
    if (Array.isArray(value)) return value.map((item) => resolve(item, style));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, style)]));
    return value;
  };

  const paint = (figure, chart, moving = false) => {
    const style = getComputedStyle(document.documentElement);
    const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const token = (name) => style.getPropertyValue(name).trim();
    option.animation = moving && !calm.matches;
    option.tooltip = { backgroundColor: token("--paper"), borderColor: token("--line"), textStyle: { color: token("--ink"), fontSize: 12 }, ...option.tooltip };
    chart.setOption(resolve(option, style), true);
    if (!moving) chart.getZr().flush();
  };

  const draw = async (figure) => {
    if (drawn.has(figure)) return;
    drawn.set(figure, null);
    const echarts = await load();
    const canvas = figure.querySelector(".chart-canvas");
    figure.classList.add("chart-drawn");
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    drawn.set(figure, chart);
    paint(figure, chart, true);
    const numbers = figure.querySelector("details");
    if (numbers) numbers.open = false;
    chart.on("click", ({ data }) => { if (data && data.url) location.assign(data.url); });
    chart.on("mouseover", ({ data }) => { canvas.classList.toggle("chart-link", Boolean(data && data.url)); });
    new ResizeObserver(() => chart.resize()).observe(canvas);
  };

  const sweep = () => {
    for (const [figure, chart] of drawn) if (!figure.isConnected) { chart?.dispose(); drawn.delete(figure); }
    document.querySelectorAll("[data-chart]").forEach((figure) => draw(figure).catch(() => {}));
  };

  document.addEventListener("DOMContentLoaded", sweep);
  document.addEventListener("htmx:afterSettle", sweep);
  document.addEventListener("house:theme", () => drawn.forEach((chart, figure) => chart && paint(figure, chart)));
  addEventListener("beforeprint", () => document.querySelectorAll(".chart details").forEach((numbers) => { numbers.open = true; }));
})();
