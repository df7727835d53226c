// How frames and the main thread of a page are watched while its grid stands still, and while it scrolls.

const SECONDS = 10;
/** Pixels that each frame scrolls. */
const BY = 97;

/** A Chromium that draws with the processor and does nothing else. */
export const CHROMIUM = {
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

export const HEAD = `| grid | | frames a second | slowest hundredth of the frames, ms | processor of the main thread | of it for a frame that scrolls, ms | tasks over 50 ms | the longest, ms | most processor of one, ms | rows in the DOM | script, gzip, kB |
|---|---|---|---|---|---|---|---|---|---|---|`;

/** Counts frames and long tasks within the page for some seconds; `by` is how far each frame scrolls. */
function watch([seconds, by]) {
  return new Promise((done) => {
    const element = window.scrolled();
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const gaps = [];
    const start = performance.now();
    let before = start;
    let down = by;
    const frame = (now) => {
      if (now > before) gaps.push(now - before);
      before = now;
      if (by !== 0) {
        const end = element.scrollHeight - element.clientHeight;
        if (element.scrollTop + down > end || element.scrollTop + down < 0) down = -down;
        element.scrollTop += down;
      }
      if (now - start < seconds * 1000) return void requestAnimationFrame(frame);
      observer.disconnect();
      gaps.sort((a, b) => a - b);
      const spent = gaps.reduce((sum, gap) => sum + gap, 0);
      done({
        fps: (gaps.length / spent) * 1000,
        slowest: gaps[Math.floor(gaps.length * 0.99)],
        long: long.length,
        longest: Math.max(0, ...long),
      });
    };
    requestAnimationFrame(frame);
  });
}

/** The floor is there: `scrolled()` of the page is the grid. Its first seconds are those of a page that loads. */
export async function ready(page) {
  await page.waitForFunction(() => (window.scrolled?.()?.scrollHeight ?? 0) > 300_000);
  await page.waitForTimeout(4000);
}

/**
 * How much processor the busiest task of the page's main thread took, in milliseconds: a task can last longer than it
 * works, because other threads of the browser have the core meanwhile.
 */
function busiest(trace) {
  const { traceEvents } = JSON.parse(trace);
  const main = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith("RunTask") && main.includes(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error("the browser told of no task");
  return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000;
}

/** A line for the grid at rest, and one for it as it scrolls. */
export async function measured(page, name, kilobytes = "") {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const lines = [];
  let still = 0;
  for (const [how, by] of [["still", 0], ["scrolling", BY]]) {
    const before = await busy();
    await page.context().browser().startTracing(page, { categories: ["-*", "toplevel"] });
    const { fps, slowest, long, longest } = await page.evaluate(watch, [SECONDS, by]);
    const share = ((await busy()) - before) / SECONDS;
    const most = busiest(await page.context().browser().stopTracing());
    if (by === 0) still = share;
    const rows = await page.evaluate(() => window.scrolled().shadowRoot?.querySelectorAll("[role=row]").length ?? document.querySelectorAll("[role=row]").length);
    lines.push(
      `| ${name} | ${how} | ${fps.toFixed(1)} | ${slowest.toFixed(1)} | ${(share * 100).toFixed(0)} % | ${by === 0 ? "" : (((share - still) * 1000) / fps).toFixed(1)} | ${long} | ${longest.toFixed(0)} | ${most.toFixed(0)} | ${rows} | ${kilobytes} |`,
    );
  }
  return lines;
}
