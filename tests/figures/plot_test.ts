import * as Plot from "@observablehq/plot";
import { assert, assertEquals, assertMatch, assertNotMatch, assertThrows } from "@std/assert";
import { JSDOM } from "jsdom";
import { panels, plot, svgText } from "../../lib/figures/plot.ts";

const labels = { name: "probe", title: "Probe & <check>", description: "A line\u00a0that rises" };
const line = (width = 320, height = 200) =>
  plot({ width, height, marks: [Plot.lineY([1, 2.123456789, 3], { clip: true })] });

/** Parses as strict XML, as a browser does for a file of its own; malformed text throws. */
function parsed(text: string): SVGSVGElement {
  const { window } = new JSDOM(text, { contentType: "image/svg+xml" });
  return window.document.documentElement as unknown as SVGSVGElement;
}

Deno.test("svgText() writes well-formed XML with namespace, view box, title, description and white ground", () => {
  const svg = parsed(svgText(line(), labels));
  assertEquals(svg.namespaceURI, "http://www.w3.org/2000/svg");
  assertEquals(svg.getAttribute("viewBox"), "0 0 320 200");
  assertEquals(svg.getAttribute("role"), "img");
  const described = svg.getAttribute("aria-labelledby")!.split(" ").map((id) =>
    svg.querySelector(`#${id}`)!.textContent
  );
  assertEquals(described, [labels.title, labels.description]);
  assertEquals(svg.querySelector("rect")!.getAttribute("fill"), "white");
});

Deno.test("svgText() prefixes every id with the name and keeps what refers to it whole", () => {
  const text = svgText(panels([line(), line()]), labels);
  const svg = parsed(text);
  const ids = [...svg.querySelectorAll("[id]")].map((node) => node.id);
  assert(ids.every((id) => id.startsWith("probe-")), `ids ${ids}`);
  assertEquals(new Set(ids).size, ids.length);
  const referred = [...text.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
  assertEquals(referred.length, 2);
  assert(referred.every((id) => ids.includes(id)));
});

Deno.test("svgText() gives the same text for the same figure, however many were drawn before", () => {
  assertEquals(svgText(line(), labels), svgText(line(), labels));
});

Deno.test("svgText() leaves nothing that only browsers read, and no needless digits", () => {
  const text = svgText(line(), labels);
  assertNotMatch(text, /<style|class=|var\(|system-ui/);
  assertNotMatch(text.replace(/<(title|desc)[^]*?<\/\1>/g, ""), /\.\d{4}/);
  assertMatch(text, /font-family="'Source Sans 3', sans-serif"/);
});

Deno.test("plot() refuses options that would give HTML", () => {
  assertThrows(
    () => plot({ color: { legend: true }, marks: [Plot.dot([1], { fill: ["a"] })] }),
    TypeError,
    "label the series directly",
  );
});

Deno.test("panels() lays figures in rows and columns and is as large as they are", () => {
  const sheet = parsed(
    svgText(panels([line(), line(), line(200, 100)], { columns: 2, gap: 10 }), labels),
  );
  const places = [...sheet.querySelectorAll("svg")].map((
    svg,
  ) => [svg.getAttribute("x"), svg.getAttribute("y")]);
  assertEquals(places, [["0", "0"], ["330", "0"], ["0", "210"]]);
  assertEquals(sheet.getAttribute("viewBox"), "0 0 650 310");
});

Deno.test("panels() of nothing is an error", () => {
  assertThrows(() => panels([]), RangeError, "at least one figure");
});
