import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { auroc } from "../../lib/metrics/auroc.ts";
import {
  countScores,
  detectionMetrics,
  falsePositiveRate,
  metricsOf,
  rankScores,
  rocCurve,
} from "../../lib/metrics/detection.ts";
import { normals, seeded } from "../../lib/random.ts";

const reference = JSON.parse(
  await Deno.readTextFile(new URL("../reference/detectors_random.json", import.meta.url)),
);

Deno.test("detectionMetrics() agrees with scikit-learn on scores full of ties", () => {
  const { inside, outside, metrics } = reference.coarse;
  assert(new Set([...inside, ...outside]).size < inside.length + outside.length, "no ties");
  for (const [name, value] of Object.entries(detectionMetrics(inside, outside))) {
    assertAlmostEquals(value, metrics[name], 1e-12, name);
  }
});

Deno.test("detectionMetrics() counts infinite and tied scores as a naive count of pairs does", () => {
  const inside = [Infinity, 3, 1, 1, 0, -Infinity], outside = [Infinity, 1, 0, -0, -Infinity];
  let ordered = 0;
  for (const a of inside) for (const b of outside) ordered += a > b ? 1 : a === b ? 0.5 : 0;
  const area = ordered / (inside.length * outside.length);
  assertAlmostEquals(detectionMetrics(inside, outside).auroc, area, 1e-15);
  assertAlmostEquals(auroc(inside, outside), area, 1e-15);
});

Deno.test("falsePositiveRate() gives both conventions on six images worked by hand", () => {
  // In-distribution 6, 5, 2; out-of-distribution 4, 3, 1.
  const counts = countScores(rankScores([6, 5, 2], [4, 3, 1]));
  // To catch 4, 3 and 1 the image of score 2 is lost; to keep 6, 5 and 2, the images of 4 and 3 are let in.
  assertEquals(falsePositiveRate(counts, { positive: "out-of-distribution" }), 1 / 3);
  assertEquals(falsePositiveRate(counts, { positive: "in-distribution" }), 2 / 3);
  // Two of three are caught at threshold 3, after the image of score 2 was lost.
  const recall = { truePositiveRate: 0.6 };
  assertEquals(falsePositiveRate(counts, { positive: "out-of-distribution", ...recall }), 1 / 3);
  assertEquals(falsePositiveRate(counts, { positive: "in-distribution", ...recall }), 0);
});

Deno.test("detectionMetrics() does not change under an increasing map of the scores", () => {
  const inside = normals(seeded(1), 300, { mean: 1 }), outside = normals(seeded(2), 200);
  const mapped = (scores: Float64Array) => scores.map((score) => Math.exp(score / 2) - 7);
  assertEquals(
    detectionMetrics(inside, outside),
    detectionMetrics(mapped(inside), mapped(outside)),
  );
});

Deno.test("detectionMetrics() swaps its conventions when the kinds swap and the scores turn", () => {
  const inside = normals(seeded(1), 300, { mean: 1 }), outside = normals(seeded(2), 200);
  const negative = (scores: Float64Array) => scores.map((score) => -score);
  const metrics = detectionMetrics(inside, outside);
  const swapped = detectionMetrics(negative(outside), negative(inside));
  assertAlmostEquals(metrics.auroc, swapped.auroc, 1e-14);
  assertEquals(metrics.fpr95OutPositive, swapped.fpr95InPositive);
  assertAlmostEquals(metrics.auprInPositive, swapped.auprOutPositive, 1e-14);
});

Deno.test("countScores() with weights equals counting each image that often", () => {
  const inside = [3, 1, 2, 2], outside = [2, 0, 1];
  const weights = { inDistribution: [2, 0, 1, 1], outOfDistribution: [1, 3, 0] };
  const repeat = (scores: number[], times: number[]) =>
    scores.flatMap((score, i) => Array(times[i]).fill(score));
  const weighted = metricsOf(countScores(rankScores(inside, outside), { weights }));
  const repeated = detectionMetrics(
    repeat(inside, weights.inDistribution),
    repeat(outside, weights.outOfDistribution),
  );
  for (const [name, value] of Object.entries(weighted)) {
    assertAlmostEquals(value, repeated[name as keyof typeof repeated], 1e-14, name);
  }
});

Deno.test("rocCurve() runs from (0, 0) to (1, 1), and its trapezoids are the AUROC", () => {
  const inside = normals(seeded(1), 50, { mean: 1 }).map(Math.round);
  const outside = normals(seeded(2), 40).map(Math.round);
  const { falsePositiveRate: x, truePositiveRate: y, thresholds } = rocCurve(inside, outside);
  assertEquals([x[0], y[0], x.at(-1), y.at(-1)], [0, 0, 1, 1]);
  assertEquals(thresholds.length, x.length);
  let area = 0;
  for (let k = 1; k < x.length; k++) area += (x[k] - x[k - 1]) * (y[k] + y[k - 1]) / 2;
  assertAlmostEquals(area, auroc(inside, outside), 1e-14);
});

Deno.test("detectionMetrics() refuses an empty kind and NaN", () => {
  assertThrows(
    () => detectionMetrics([], [1]),
    RangeError,
    "In-distribution scores are 1 at least",
  );
  assertThrows(
    () => detectionMetrics([1], []),
    RangeError,
    "Out-of-distribution scores are 1 at least",
  );
  assertThrows(
    () => detectionMetrics([1, NaN], [1]),
    RangeError,
    "In-distribution scores are numbers, and entry 1 is NaN",
  );
});
