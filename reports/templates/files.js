"use strict";
// Downloads: answers of the database as CSV, pictures as SVG that stand alone. Nothing leaves the page.
report.files = (function () {
  const save = function (name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  };

  const escaped = function (text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  };
  const words = function (element) { return element ? element.textContent.replace(/\s+/g, " ").trim() : ""; };

  // Lines of a text that fit a width, by the widths of the page's own font.
  function wrapped(text, font, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    const lines = [];
    text.split(" ").forEach(function (word) {
      const last = lines.length ? lines[lines.length - 1] + " " + word : word;
      if (lines.length && pen.measureText(last).width <= width) lines[lines.length - 1] = last;
      else lines.push(word);
    });
    return { lines: lines, width: function (line) { return pen.measureText(line).width; } };
  }

  // The figure as it is on the page, at its widest layout: title, subtitle, legend, chart, the line under it, caption.
  function picture(key) {
    const figure = document.querySelector('.plot[data-figure="' + key + '"]').closest("figure");
    const style = getComputedStyle(document.documentElement);
    const color = function (name) { return style.getPropertyValue("--" + name).trim(); };
    const sans = style.getPropertyValue("--sans").trim();
    const edge = 24, inner = 928, width = inner + 2 * edge;
    const parts = [];
    let y = edge;

    function paragraph(text, size, weight, fill, after) {
      if (!text) return;
      wrapped(text, weight + " " + size + "px " + sans, inner).lines.forEach(function (line) {
        y += Math.round(size * 1.4);
        parts.push('<text x="' + edge + '" y="' + y + '" font-size="' + size + '" font-weight="' + weight + '" fill="' + fill + '">' + escaped(line) + "</text>");
      });
      y += after;
    }
    function legend() {
      let x = edge;
      const height = 20;
      const entries = Array.from(figure.querySelectorAll(".legend li"));
      entries.forEach(function (entry) {
        const swatch = entry.querySelector("svg").cloneNode(true);
        const wide = Number(swatch.getAttribute("width"));
        const text = words(entry);
        const length = wide + 7 + wrapped(text, "400 13px " + sans, inner).width(text) + 20;
        if (x > edge && x + length > edge + inner) { x = edge; y += height; }
        swatch.setAttribute("x", String(x));
        swatch.setAttribute("y", String(y + 4));
        swatch.removeAttribute("aria-hidden");
        swatch.setAttribute("xmlns", "http://www.w3.org/2000/svg");
        parts.push(new XMLSerializer().serializeToString(swatch));
        parts.push('<text x="' + (x + wide + 7) + '" y="' + (y + 15) + '" font-size="13" fill="' + color("ink") + '">' + escaped(text) + "</text>");
        x += length;
      });
      if (entries.length) y += height + 8;
    }

    const drawn = report.drawing(key, inner);
    const layout = Object.assign(structuredClone(drawn.layout), { width: inner });
    const shape = { data: structuredClone(drawn.data), layout: layout, config: report.config };
    return Plotly.toImage(shape, { format: "svg", width: inner, height: layout.height, imageDataOnly: true }).then(function (chart) {
      const root = new DOMParser().parseFromString(chart, "image/svg+xml").documentElement;
      const title = words(figure.querySelector("h3")), alt = figure.querySelector(".plot").getAttribute("aria-label");
      paragraph(words(figure.querySelector(".label")).replace(/#$/, ""), 13, 700, color("deep-blue"), 0);
      paragraph(title, 20, 700, color("ink"), 0);
      paragraph(words(figure.querySelector(".subtitle")), 15, 400, color("muted"), 10);
      legend();
      root.setAttribute("x", String(edge));
      root.setAttribute("y", String(y));
      parts.push(new XMLSerializer().serializeToString(root));
      y += layout.height + 4;
      paragraph(words(figure.querySelector(".under")), 15, 400, color("ink"), 8);
      paragraph(words(figure.querySelector("figcaption")), 13, 400, color("muted"), 0);
      y += edge;
      return '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + y
        + '" viewBox="0 0 ' + width + " " + y + '" font-family="' + escaped(sans) + '" role="img"><title>' + escaped(title) + "</title><desc>"
        + escaped(alt) + '</desc><rect width="100%" height="100%" fill="' + color("white") + '"/>' + parts.join("\n") + "</svg>\n";
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-answer], button[data-picture], button[data-copy]");
    if (!button) return;
    const name = button.dataset.file;
    if (button.dataset.answer) {
      report.pack().then(function (pack) { save(name, "text/csv;charset=utf-8", pack.answers[button.dataset.answer]); });
    } else if (button.dataset.picture) {
      picture(button.dataset.picture).then(function (text) { save(name, "image/svg+xml;charset=utf-8", text); });
    } else {
      copy(button, button.closest(".query").nextElementSibling);
    }
  });

  // Some browsers refuse the clipboard to a page opened as a file: then the command is selected, ready for the keys.
  function copy(button, block) {
    const say = function (word) {
      button.textContent = word;
      setTimeout(function () { button.textContent = "Copy"; }, 2000);
    };
    const select = function () { getSelection().selectAllChildren(block); say("Selected"); };
    if (!navigator.clipboard) { select(); return; }
    navigator.clipboard.writeText(block.textContent).then(function () { say("Copied"); }, select);
  }

  return { picture: picture };
})();
