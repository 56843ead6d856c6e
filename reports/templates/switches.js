"use strict";
// The switches of a figure. Words, notes and marks of every choice come from Python, the curve from the answer of the
// database that is also the download; nothing is computed here but percent. The choice is kept in the address.
report.switches = (function () {
  const form = document.querySelector("form.switches");
  if (!form || typeof DecompressionStream === "undefined") {
    if (form) form.hidden = true;
    return null;
  }
  const key = form.dataset.figure;
  const figure = form.closest("figure");
  const plot = figure.querySelector(".plot");
  const reset = form.querySelector("button[type=reset]");
  const selects = Array.from(form.querySelectorAll("select"));
  const initial = Object.fromEntries(selects.map(function (select) { return [select.name, select.value]; }));
  const places = { title: "h3", subtitle: ".subtitle", note: "figcaption .note", sentence: ".under", key: "table.key", baseline: "figcaption .baseline" };
  const slots = Object.fromEntries(Object.entries(places).map(function (pair) { return [pair[0], figure.querySelector(pair[1])]; }));
  const written = Object.fromEntries(Object.entries(slots).map(function (pair) { return [pair[0], Array.from(pair[1].childNodes)]; }));
  const alt = plot.getAttribute("aria-label");

  // Rows of the answer by choice, as numbers; cells hold no line breaks.
  function read(text) {
    const lines = text.trim().split("\n").map(function (line) {
      return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), function (cell) { return cell[1] === undefined ? cell[2] : cell[1].replace(/""/g, '"'); });
    });
    const heads = lines.shift();
    const rows = {};
    lines.forEach(function (cells) {
      const row = Object.fromEntries(heads.map(function (head, i) { return [head, cells[i]]; }));
      if (row.measure !== "avoided_share") return;
      const name = [row.scenario, row.adoption_metric, row.effect_set].join("|");
      (rows[name] = rows[name] || []).push(row);
    });
    return rows;
  }

  let content = null;
  function load() {
    content = content || report.pack().then(function (pack) {
      return Object.assign({ rows: read(pack.answers.levels_all) }, pack.choices);
    });
    return content;
  }

  function choiceOf(state) { return [state.scenario, state.metric, state.effects].join("|"); }
  function isInitial(state) { return selects.every(function (select) { return state[select.name] === initial[select.name]; }); }
  function current() { return Object.fromEntries(selects.map(function (select) { return [select.name, select.value]; })); }

  // The drawing of one layout: the curve from the rows, what stands around it from the pool.
  function drawing(all, state, name, base) {
    const choice = choiceOf(state);
    const rows = all.rows[choice];
    const percent = function (column) { return rows.map(function (row) { return 100 * Number(row[column]); }); };
    const x = percent("adoption_level");
    const parts = all.drawings[name][choice];
    const data = base.data.slice(0, all.bands.length + 1).map(function (trace, i) {
      if (i === all.bands.length) return Object.assign({}, trace, { x: x, y: percent("p50") });
      const low = percent(all.bands[i][0]), high = percent(all.bands[i][1]);
      return Object.assign({}, trace, { x: x.concat(x.slice().reverse()), y: high.concat(low.reverse()) });
    });
    const pick = function (i) { return all.pool[i]; };
    let notes = parts.notes.map(pick);
    if (state.baseline !== all.baseline) {
      notes = notes.filter(function (note) { return note.name !== all.names.chance; }).concat(all.off[name].map(pick));
      notes = notes.map(function (note) {
        if (note.name === all.names.callOut) return Object.assign({}, note, { text: all.words[choice].callOuts[state.baseline] });
        const amount = note.name && all.amounts[state.baseline][note.name];
        return amount ? Object.assign({}, note, { text: amount }) : note;
      });
    }
    return {
      data: data.concat(parts.marks.map(pick)),
      layout: Object.assign({}, base.layout, { annotations: notes, shapes: parts.shapes.map(pick) }),
    };
  }

  function row(cells, kind, classes) {
    const line = document.createElement("tr");
    cells.forEach(function (cell, i) {
      const made = line.appendChild(document.createElement(i === 0 ? "th" : kind));
      if (kind === "th" || i === 0) made.scope = kind === "th" ? "col" : "row";
      if (i === 1) made.className = "text";
      made.textContent = cell;
    });
    return line;
  }
  function table(content_) {
    const head = document.createElement("thead"), body = document.createElement("tbody");
    head.append(row(content_.heads, "th"));
    body.append.apply(body, content_.rows.map(function (cells) { return row(cells, "td"); }));
    return [head, body];
  }

  function restore() {
    delete report.instead[key];
    Object.keys(slots).forEach(function (name) { slots[name].replaceChildren.apply(slots[name], written[name]); });
    plot.setAttribute("aria-label", alt);
  }

  function write(all, state) {
    const words = all.words[choiceOf(state)];
    ["title", "subtitle", "note"].forEach(function (name) { slots[name].textContent = words[name]; });
    slots.baseline.textContent = all.baselines[state.baseline];
    slots.sentence.textContent = words.sentences[state.baseline];
    slots.key.replaceChildren.apply(slots.key, table(state.baseline === all.baseline ? words.key : words.keyOff));
    plot.setAttribute("aria-label", words.alt);
    report.instead[key] = function (name, base) { return drawing(all, state, name, base); };
  }

  // An option that was not computed with the other choices as they are cannot be chosen and says why.
  function offer(all, state) {
    selects.forEach(function (select) {
      if (select.name === "baseline") return;
      Array.from(select.options).forEach(function (option) {
        const there = choiceOf(Object.assign({}, state, { [select.name]: option.value })) in all.words;
        option.disabled = !there;
        option.textContent = option.dataset.text + (there ? "" : ": " + (option.dataset.why || "not computed"));
      });
    });
  }

  function address(state) {
    const query = new URLSearchParams();
    selects.forEach(function (select) { if (state[select.name] !== initial[select.name]) query.set(select.name, state[select.name]); });
    return "#" + figure.id + (String(query) ? "?" + query : "");
  }

  let turn = 0;
  function show(state) {
    const mine = ++turn;
    return load().then(function (all) {
      if (mine !== turn) return;
      offer(all, state);
      if (isInitial(state)) restore();
      else write(all, state);
      reset.hidden = isInitial(state);
      return report.draw(plot, plot.clientWidth).then(function () { form.dataset.shown = [choiceOf(state), state.baseline].join("|"); });
    });
  }

  form.addEventListener("change", function () {
    const state = current();
    history.replaceState(null, "", address(state));
    show(state);
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function (event) {
    event.preventDefault();
    const had = document.activeElement === reset;
    selects.forEach(function (select) { select.value = initial[select.name]; });
    history.replaceState(null, "", address(initial));
    show(current());
    if (had) selects[0].focus();
  });

  // A choice from the address: what is not offered there stays at its default.
  function open() {
    const parts = location.hash.slice(1).split("?");
    if (parts[0] !== figure.id || parts.length < 2) return;
    const query = new URLSearchParams(parts[1]);
    load().then(function (all) {
      const state = Object.assign({}, initial);
      selects.forEach(function (select) {
        const asked = query.get(select.name);
        if (Array.from(select.options).some(function (option) { return option.value === asked; })) state[select.name] = asked;
      });
      if (!(choiceOf(state) in all.words)) Object.assign(state, initial);
      selects.forEach(function (select) { select.value = state[select.name]; });
      show(state);
      figure.scrollIntoView();
    });
  }
  window.addEventListener("hashchange", open);
  open();

  document.addEventListener("report:paper", restore);
  document.addEventListener("report:screen", function () { show(current()); });

  return { current: current };
})();
