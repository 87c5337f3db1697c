/**
 * Observable Plot without a browser: figures in the project's theme, panels of several figures, and their export as SVG.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { drawing } from "./document.ts";
import { printable } from "./text.ts";
import { fontFamily, ink, palette, size } from "./theme.ts";

/** A figure: an SVG element that `svgText` turns into a file. */
export type Figure = SVGSVGElement;

const axis = { labelAnchor: "center", labelArrow: "none" } as const;

/**
 * Draws `options` in the project's theme.
 *
 * @throws {TypeError} where an option (`title`, `subtitle`, `caption`, a `legend`) would make Plot return HTML, which is not an
 * SVG, or a mark needs a browser.
 */
export function plot(options: Plot.PlotOptions): Figure {
  const style = typeof options.style === "string"
    ? `font-size: ${size.font}px; ${options.style}`
    : { fontSize: `${size.font}px`, ...options.style };
  const figure = inDocument({
    document: drawing().document,
    width: size.width,
    height: size.height,
    marginBottom: 42,
    marginLeft: 52,
    ...options,
    x: { ...axis, ...options.x },
    y: { ...axis, ...options.y },
    color: { range: palette, ...options.color },
    style,
  });
  if (figure.tagName.toLowerCase() !== "svg") {
    throw new TypeError(
      "A figure must be one SVG: label the series directly instead of a legend, and pass title and caption to figure()",
    );
  }
  return figure as Figure;
}

/** Plot's figure; a mark that draws on a canvas, as raster does, has none here. */
function inDocument(options: Plot.PlotOptions): Element {
  try {
    return Plot.plot(options);
  } catch (error) {
    if (!/createImageData|putImageData|getContext/.test(String(error))) throw error;
    throw new TypeError(
      "Plot.raster draws on a canvas, which only browsers have: use Plot.contour, or Plot.rect for each cell",
    );
  }
}

/**
 * One figure of several, `columns` side by side, row by row, `gap` pixels apart; every panel keeps its size.
 *
 * @throws {RangeError} where there is no panel.
 */
export function panels(
  figures: Figure[],
  { columns = figures.length, gap = 8 }: { columns?: number; gap?: number } = {},
): Figure {
  if (figures.length === 0) throw new RangeError("panels() needs at least one figure");
  const rows = Array.from(
    { length: Math.ceil(figures.length / columns) },
    (_, row) => figures.slice(row * columns, (row + 1) * columns),
  );
  const sheet = element("svg") as Figure;
  let width = 0;
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const figure of row) {
      const panel = figure.parentNode === sheet ? copy(figure) : figure;
      setAttributes(panel, { x: String(x), y: String(y) });
      sheet.append(panel);
      x += extent(panel, "width") + gap;
    }
    width = Math.max(width, x - gap);
    y += Math.max(...row.map((panel) => extent(panel, "height"))) + gap;
  }
  const height = y - gap;
  setAttributes(sheet, {
    width: String(width),
    height: String(height),
    viewBox: `0 0 ${width} ${height}`,
  });
  return sheet;
}

/** The figure once more, with ids of its own. */
function copy(figure: Figure): Figure {
  const twin = figure.cloneNode(true) as Figure, suffix = `-${++copies}`;
  const nodes = [...twin.querySelectorAll("*")], ids = new Set(nodes.map((node) => node.id));
  ids.delete("");
  for (const node of nodes) {
    if (node.id) node.id += suffix;
    for (const { name, value } of [...node.attributes]) {
      node.setAttribute(
        name,
        value.replace(/#([\w-]+)/g, (all, id) => ids.has(id) ? all + suffix : all),
      );
    }
  }
  return twin;
}
let copies = 0;

/**
 * The figure as the text of a standalone SVG file: white ground, title and description for screen readers, ids that start with
 * `name` so that many figures can stand in one page, and coordinates rounded to a thousandth of a pixel.
 */
export function svgText(
  figure: Figure,
  { name, title, description }: { name: string; title: string; description: string },
): string {
  const svg = figure.cloneNode(true) as Figure;
  svg.querySelectorAll("style").forEach((style) => style.remove());
  const nodes = [svg, ...svg.querySelectorAll("*")];
  const ids = new Map(
    nodes.filter((node) => node.id).map((node, i) => [node.id, `${name}-${i + 1}`]),
  );
  for (const node of nodes) {
    node.removeAttribute("class");
    if (node.tagName === "svg") setAttributes(node, { style: null, ...typography });
    if (node.id) node.id = ids.get(node.id)!;
    for (const { name: attribute, value } of [...node.attributes]) {
      if (attribute.startsWith("aria")) continue;
      const named = value.replace(/#([\w-]+)/g, (all, id) => ids.has(id) ? `#${ids.get(id)}` : all);
      node.setAttribute(
        attribute,
        printable(attribute.endsWith("href") ? named : rounded(named)),
      );
    }
    for (const child of node.childNodes) {
      if (child.nodeType === child.TEXT_NODE) child.nodeValue = printable(child.nodeValue!);
    }
  }
  setAttributes(svg, { role: "img", "aria-labelledby": `${name}-title ${name}-description` });
  svg.prepend(
    element("title", { id: `${name}-title` }, title),
    element("desc", { id: `${name}-description` }, description),
    element("rect", { width: "100%", height: "100%", fill: "white" }),
  );
  return `${new (drawing().XMLSerializer)().serializeToString(svg)}\n`;
}

const typography = {
  color: ink,
  fill: "currentColor",
  "font-family": `'${fontFamily}', sans-serif`,
  "font-size": String(size.font),
};

const rounded = (value: string) =>
  value.replace(
    /-?\d*\.\d{4,}(e-?\d+)?/g,
    (number) => String(Math.round(Number(number) * 1000) / 1000),
  );

function element(tag: string, attributes: Record<string, string> = {}, content = ""): SVGElement {
  const node = drawing().document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(node, attributes);
  node.textContent = printable(content);
  return node;
}

function setAttributes(node: Element, attributes: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}

const extent = (figure: Figure, side: "width" | "height") => Number(figure.getAttribute(side));
