import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { cosineHistogram, cosineTriangle } from "../../lib/figures/collapse.ts";
import { intervalPanel, rocPanels, scorePanels } from "../../lib/figures/detection.ts";
import { namedLines } from "../../lib/figures/epochs.ts";
import { imageRows } from "../../lib/figures/images.ts";
import type { Figure } from "../../lib/figures/plot.ts";
import { cosines } from "../../lib/metrics/neural_collapse.ts";
import { normals, seeded } from "../../lib/random.ts";

const random = seeded(1);
const detectors = ["Energy", "NECO"].map((name) => ({
  name,
  inDistribution: normals(random, 200, { mean: 2 }),
  near: normals(random, 100, { mean: 1 }),
  far: Float64Array.of(-20, -21, -22, -23),
}));
const texts = (figure: Figure) => [...figure.querySelectorAll("text")].map((it) => it.textContent);

Deno.test("rocPanels() names each detector and gives both AUROCs", () => {
  const shown = texts(rocPanels(detectors));
  for (const name of ["Energy", "NECO"]) assert(shown.includes(name));
  assertEquals(shown.filter((it) => it === "1.000").length, 2); // the far set is wholly apart
});

Deno.test("scorePanels() draws a panel for each detector, three distributions in each", () => {
  const figure = scorePanels(detectors, { columns: 2 });
  assertEquals(figure.querySelectorAll("[aria-label=line] path").length, 6);
});

Deno.test("intervalPanel() draws an interval for each row and a cross where there is a published value", () => {
  const rows = [
    { name: "a", estimate: 0.7, low: 0.6, high: 0.8, published: 0.75 },
    { name: "b", estimate: 0.6, low: 0.5, high: 0.7 },
  ];
  const figure = intervalPanel(rows, { title: "near", label: "AUROC", color: "#000" });
  assertEquals(figure.querySelectorAll("[aria-label=link] path").length, 2);
  assertEquals(figure.querySelectorAll("[aria-label=dot] circle").length, 2);
  assertEquals(figure.querySelectorAll("[aria-label=dot] path").length, 1);
});

Deno.test("namedLines() keeps names of lines that end together apart, and inside the frame", () => {
  const figure = namedLines([
    { name: "one", points: [[0, 0], [1, 1]] },
    { name: "two", points: [[0, 1], [1, 1]] },
    { name: "out", points: [[0, 1], [1, -9]] },
  ], { y: { domain: [0, 1] } });
  const heights = [...figure.querySelectorAll("g[aria-label=text]")].flatMap((group) => {
    const name = group.textContent!;
    if (!["one", "two", "out"].includes(name)) return [];
    const shift = (node: Element) =>
      Number(/,(-?[\d.]+)\)/.exec(node.getAttribute("transform") ?? "")?.[1] ?? 0);
    return [shift(group) + shift(group.querySelector("text")!)];
  });
  assertEquals(heights.length, 3);
  assert(Math.abs(heights[0] - heights[1]) >= 14, `${heights}`);
  assert(heights.every((y) => y > -10 && y < 250), `${heights}`);
});

Deno.test("cosineTriangle() has a square for each pair of classes", () => {
  const matrix = cosines({ rows: 6, columns: 4, data: normals(random, 24) });
  assertEquals(
    cosineTriangle(matrix, { title: "" }).querySelectorAll("[aria-label=rect] rect").length,
    15,
  );
});

Deno.test("cosineHistogram() is as high as the share of pairs whose cosine is there", () => {
  const data = Float64Array.of(1, 0.1, 0.1, 0.1, 1, 0.5, 0.1, 0.5, 1); // two pairs at 0.1, one at 0.5
  const groups = [{ name: "means", cosines: { rows: 3, columns: 3, data }, color: "#000" }];
  const figure = cosineHistogram(groups, { title: "" });
  assert(texts(figure).includes("means"));
  const points = (mark: string) =>
    [...figure.querySelector(`[aria-label=${mark}] path, path[aria-label=${mark}]`)!
      .getAttribute("d")!.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const [[x1, y1], [x2, y2], ...more] = points("line");
  assertEquals(more, []);
  const base = Math.max(...points("area").map(([, y]) => y));
  assertAlmostEquals((base - y1) / (base - y2), 2, 1e-2); // of the heights in pixels
  assert(x1 < x2);
});

Deno.test("imageRows() embeds each image as a bitmap", () => {
  const red = new Uint8Array(3072).map((_, k) => k % 3 === 0 ? 255 : 0);
  const [image] = imageRows([{ name: "red", images: [red] }]).querySelectorAll("image");
  const bytes = Uint8Array.from(
    atob(image.getAttribute("href")!.split(",")[1]),
    (it) => it.charCodeAt(0),
  );
  assertEquals(new DataView(bytes.buffer).getUint32(2, true), bytes.length);
  assertEquals([...bytes.subarray(54, 57)], [0, 0, 255]); // blue, green, red
});
