import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { blobs } from "../../lib/data/blobs.ts";
import {
  confidenceBands,
  decisionMap,
  reliability,
  squareGrid,
} from "../../lib/figures/classification.ts";
import { svgText } from "../../lib/figures/plot.ts";
import { row } from "../../lib/linear_algebra/mod.ts";
import { sigmoid } from "../../lib/models/inference/predictive.ts";
import { seeded } from "../../lib/random.ts";

const grid = squareGrid({ low: -4, high: 4 });
const predicted = (logit: (x: Float64Array) => number) => ({
  rows: grid.X.rows,
  columns: 2,
  data: Float64Array.from({ length: 2 * grid.X.rows }, (_, i) => {
    const a = logit(row(grid.X, Math.floor(i / 2)));
    return sigmoid(i % 2 === 0 ? -a : a);
  }),
});

Deno.test("squareGrid() spans the square with x running fastest", () => {
  const { X, side } = squareGrid({ low: -1, high: 3, side: 5 });
  assertEquals([X.rows, side], [25, 5]);
  assertEquals([...row(X, 0)], [-1, -1]);
  assertEquals([...row(X, 4)], [3, -1]);
  assertEquals([...row(X, 20)], [-1, 3]);
});

Deno.test("decisionMap() draws the boundary of a linear classifier at its place, with few corners", () => {
  const extent = 300;
  const figure = decisionMap({ grid, probabilities: predicted(([x]) => 2 * (x - 1)) }, {
    title: "test",
    extent,
    axes: false,
  });
  const boundary = [...figure.querySelectorAll('g[stroke="black"] path, path[stroke="black"]')]
    .map((path) => path.getAttribute("d")!).filter((d) => d.includes("L"));
  assertEquals(boundary.length, 1);
  const corners = [...boundary[0].matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x]) => Number(x));
  // The line bounds the region p > ½, which goes on past the clipped frame. The frame spans x = −4 … 4 between
  // margins of 4 pixels, and the boundary is x = 1.
  assertAlmostEquals(Math.min(...corners), 4 + (extent - 8) * 5 / 8, 0.2);
  assert(corners.length < 10, `straight lines need corners only at their ends: ${boundary[0]}`);
});

Deno.test("decisionMap() shows every band of a prediction that runs from ½ to certainty, in a small file", () => {
  const figure = decisionMap({ grid, probabilities: predicted(([x, y]) => x + y) }, {
    title: "test",
    data: blobs(seeded(1), { points: 40 }),
  });
  const svg = svgText(figure, { name: "test", title: "t", description: "d" });
  for (const color of confidenceBands.range) assert(svg.includes(color), color);
  assert(svg.length < 20_000, `${svg.length}`);
});

Deno.test("reliability() draws one dot for each bin that holds points", () => {
  const bins = [
    { low: 0, high: 0.5, count: 0, confidence: NaN, accuracy: NaN },
    { low: 0.5, high: 0.75, count: 10, confidence: 0.7, accuracy: 0.6 },
    { low: 0.75, high: 1, count: 30, confidence: 0.9, accuracy: 1 },
  ];
  const figure = reliability(bins, { title: "test" });
  assertEquals(figure.querySelectorAll("circle").length, 2);
  assert(!svgText(figure, { name: "test", title: "t", description: "d" }).includes("NaN"));
});
