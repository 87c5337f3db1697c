import * as Plot from "@observablehq/plot";
import { assert, assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { rocPanels, type ScoredSets, scorePanels } from "../../lib/figures/detection.ts";
import { namedLines } from "../../lib/figures/epochs.ts";
import { type Figure, panels, plot, svgText } from "../../lib/figures/plot.ts";
import { extentOf, histogram, type Point, thinned } from "../../lib/figures/points.ts";

const scores = (count: number, f: (i: number) => number) =>
  Float64Array.from({ length: count }, (_, i) => f(i));
const text = (figure: Figure) => svgText(figure, { name: "n", title: "t", description: "d" });
const panelOf = (sets: Omit<ScoredSets, "name">) => scorePanels([{ name: "a", ...sets }]);
/** The lines of a panel, each as its points. */
const drawn = (figure: Figure) =>
  [...figure.querySelectorAll("[aria-label=line] path")].map((it) =>
    it.getAttribute("d")!.match(/-?[\d.]+/g)!.map(Number)
  );

Deno.test("score and ROC panels draw 180,000 scores", () => {
  const sets = {
    inDistribution: scores(60_000, Math.sin),
    near: scores(60_000, Math.sin),
    far: scores(60_000, Math.cos),
  };
  for (const figure of [panelOf(sets), rocPanels([{ name: "a", ...sets }])]) {
    assert(text(figure).length < 60_000);
    assertNotMatch(text(figure), /NaN/);
  }
});

Deno.test("scorePanels() draws saturated scores, and says of equal ones that they are", () => {
  const saturated = panelOf({
    inDistribution: scores(1000, () => 1),
    near: scores(1000, (i) => i < 990 ? 1 : 0.5),
    far: scores(9, () => 0.2),
  });
  const [inDistribution, near] = drawn(saturated);
  const top = (line: number[]) => Math.min(...line.filter((_, i) => i % 2 === 1));
  assert(top(inDistribution) < 40 && top(near) < 40, "the last bin holds the scores of 1");
  const nearlyEqual = panelOf({
    inDistribution: scores(1000, () => 1),
    near: scores(1000, () => 1),
    far: scores(2, () => 0.5),
  });
  assertEquals(drawn(nearlyEqual).length, 3);
  assertNotMatch(text(nearlyEqual), /NaN/);
  const equal = panelOf({
    inDistribution: scores(9, () => 2),
    near: scores(9, () => 2),
    far: scores(9, () => 2),
  });
  assert(text(equal).includes("every score is 2"));
});

Deno.test("namedLines() draws one epoch, equal values, 150,000 points, and a zero line with the names at the ends", () => {
  const one = namedLines([{ name: "train", points: [[1, 0.5]] }]);
  assertEquals(one.querySelectorAll("[aria-label=dot] circle").length, 1);
  const equal = namedLines([{ name: "train", points: [[1, 3], [2, 3]] }]);
  const many = namedLines([{
    name: "loss",
    points: Array.from({ length: 150_000 }, (_, i) => [i, Math.sin(i)] as const),
  }]);
  for (const figure of [one, equal, many]) assertNotMatch(text(figure), /NaN|Infinity/);
  assert(text(many).length < 120_000);
  const zero = namedLines([{ name: "a", points: [[0, 9], [1, 10]] }], { y: { zero: true } });
  const [name] = [...zero.querySelectorAll("text")].filter((it) => it.textContent === "a");
  const shift = /,(-?[\d.]+)\)/.exec((name.parentNode as Element).getAttribute("transform") ?? "")
    ?.[1];
  assert(Math.abs(Number(shift ?? 0)) < 1, "the name stands at the line's end");
  assertThrows(() => namedLines([{ name: "a", points: [] }]), RangeError, '"a" has no point');
  assertThrows(() => namedLines([{ name: "a", points: [[0, NaN]] }]), RangeError, "finite");
  assertThrows(
    () => namedLines([{ name: "a", points: [[0, 0], [1, 1]] }], { y: { type: "log" } }),
    RangeError,
    "above 0",
  );
});

Deno.test("panels() shows one figure as often as it is given, its ids apart", () => {
  const figure = plot({ marks: [Plot.lineY([1, 2], { clip: true })] });
  const sheet = panels([figure, figure, figure]);
  assertEquals(sheet.querySelectorAll("svg").length, 3);
  const ids = [...text(sheet).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const [, id] of text(sheet).matchAll(/url\(#([^)]+)\)/g)) assert(ids.includes(id), id);
});

Deno.test("plot() takes a style as text, and says which mark needs a browser", () => {
  assert(plot({ style: "color: red", marks: [] }).getAttribute("style")!.includes("color: red"));
  assertThrows(
    () => plot({ marks: [Plot.raster([0, 1, 2, 3], { width: 2, height: 2 })] }),
    TypeError,
    "only browsers",
  );
});

Deno.test("svgText() writes any text as XML, and leaves links as they are", () => {
  const figure = plot({
    marks: [
      Plot.text(["red\u001b[0m \ud800 \ufffe <&>"], {
        frameAnchor: "middle",
        href: () => "https://x.org/1.123456",
      }),
    ],
  });
  const svg = text(figure);
  assert(svg.includes("red\ufffd[0m \ufffd \ufffd &lt;&amp;&gt;"), svg);
  assert(svg.includes("https://x.org/1.123456"));
});

Deno.test("thinned() keeps ends and extremes, histogram() every value, extentOf() widens what is equal", () => {
  const points: Point[] = Array.from(
    { length: 50_000 },
    (_, i) => [i, i === 777 ? 9 : i === 40_001 ? -9 : Math.sin(i / 1000)],
  );
  const few = thinned(points);
  assert(few.length <= 4000);
  for (const i of [0, 777, 40_001, 49_999]) assert(few.includes(points[i]), `${i}`);
  assert(few.every(([x], i) => i === 0 || x > few[i - 1][0]));
  assertEquals(histogram([0, 0.1, 1], [0, 1], 2).map(([, share]) => Math.round(3 * share)), [2, 1]);
  assertEquals(extentOf([2, 2]), [1, 3]);
  assertEquals(extentOf([0]), [-1, 1]);
  assertThrows(() => extentOf([]), RangeError, "at least one");
});
