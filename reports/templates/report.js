"use strict";
// Drawing, printing and the contents. What other scripts of the page share is in `report`.
const report = (function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const config = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false, responsive: false };
  const plots = Array.from(document.querySelectorAll(".plot"));
  // Paper is 658 px wide and shows figures at about three quarters (report.css): the middle layout, drawn wider.
  const PRINT = { figure: 889, layout: "mid", card: 288, cardHeight: 100 };
  const instead = {};  // by figure: a function from the name of a layout to another drawing of it

  // Three layouts by the width of the container, one for cards; the page gives the width, Python gives all the rest.
  function drawing(key, width, layout) {
    const modes = figures[key];
    if (modes.card) return modes.card;
    const name = layout || (width >= 820 ? "wide" : width >= 540 ? "mid" : "narrow");
    return instead[key] ? instead[key](name, modes[name]) : modes[name];
  }

  function draw(element, width, height, name) {
    const mode = drawing(element.dataset.figure, width, name);
    const layout = structuredClone(mode.layout);
    layout.width = width;
    if (height) layout.height = height;
    return Plotly.react(element, structuredClone(mode.data), layout, config).then(function () {
      element.dataset.width = String(width);
      element.querySelectorAll("svg").forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); });
    });
  }

  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }

  // One after the other, what is in view first: a reader sees the first figure while the last are still to come.
  let turn = 0;
  async function drawAll() {
    const own = ++turn;
    const seen = new Set(plots.filter(inView));
    for (const element of [...seen, ...plots.filter(function (e) { return !seen.has(e); })]) {
      if (own !== turn) return;  // a later call draws them, or paper has
      await draw(element, element.clientWidth);
      await new Promise(function (done) { setTimeout(done); });
    }
    document.documentElement.dataset.drawn = "true";
  }

  // Answers of the database and what the switches need: compressed, and opened when first asked for.
  let opened = null;
  function pack() {
    opened = opened || (async function () {
      const letters = atob(document.getElementById("pack").textContent);
      const bytes = Uint8Array.from(letters, function (letter) { return letter.charCodeAt(0); });
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      return JSON.parse(await new Response(stream).text());
    })();
    return opened;
  }

  let waiting = 0;
  let seen = document.documentElement.clientWidth;
  window.addEventListener("resize", function () {
    if (document.documentElement.clientWidth === seen) return;
    seen = document.documentElement.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });

  // Chromium fires beforeprint when it prints to PDF, too.
  window.addEventListener("beforeprint", function () {
    turn += 1;
    document.dispatchEvent(new Event("report:paper"));
    plots.forEach(function (element) {
      const card = Boolean(figures[element.dataset.figure].card);
      if (card) draw(element, PRINT.card, PRINT.cardHeight);
      else draw(element, PRINT.figure, undefined, PRINT.layout);
    });
  });
  window.addEventListener("afterprint", function () {
    document.dispatchEvent(new Event("report:screen"));
    drawAll();
  });

  drawAll();

  const contents = document.querySelector(".contents details");
  const narrow = window.matchMedia("(max-width: 1100px)");
  function fold() { contents.open = !narrow.matches; }
  narrow.addEventListener("change", fold);
  fold();

  const links = new Map(Array.from(document.querySelectorAll(".contents a")).map(function (a) { return [a.hash.slice(1), a]; }));
  const sections = Array.from(document.querySelectorAll("main section[id]"));
  const visible = new Set();
  const observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { entry.isIntersecting ? visible.add(entry.target) : visible.delete(entry.target); });
    const first = sections.find(function (section) { return visible.has(section); });
    if (!first) return;
    links.forEach(function (a) { a.removeAttribute("aria-current"); });
    const link = links.get(first.id);
    if (link) link.setAttribute("aria-current", "true");
  }, { rootMargin: "0px 0px -60% 0px" });
  sections.forEach(function (section) { observer.observe(section); });

  return { config: config, draw: draw, drawing: drawing, instead: instead, pack: pack };
})();
