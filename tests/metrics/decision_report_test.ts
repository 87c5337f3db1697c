import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decisionReport, thresholdKeeping } from "../../lib/metrics/decision_report.ts";
import { wilsonInterval } from "../../lib/metrics/proportion.ts";
import { normals, seeded } from "../../lib/random.ts";

Deno.test("thresholdKeeping() keeps at least the share asked, and no higher threshold does", () => {
  const scores = normals(seeded(1), 1000);
  const threshold = thresholdKeeping(scores, { keep: 0.95 });
  assertEquals(scores.filter((score) => score >= threshold).length, 950);
  assertEquals(thresholdKeeping([1, 2, 2, 2], { keep: 0.7 }), 2);
  assertEquals(thresholdKeeping([1, 2, 3, 4], { keep: 1 }), 1);
  assertEquals(thresholdKeeping([1, 2, 3], { keep: 0.5, weights: [0, 0, 4] }), 3);
});

Deno.test("decisionReport() says what follows from the threshold, on images with a known outcome", () => {
  // Accepted are scores of at least 5; of those in-distribution 3 of 4, all right.
  const { threshold, kept, accuracy, accuracyOfKept, turnedAway } = decisionReport({
    validation: [5, 6, 7, 8],
    inDistribution: { scores: [9, 8, 7, 1], correct: [true, true, true, false] },
    outOfDistribution: { kept: { scores: [1, 2, 9, 3] }, accuracy: { scores: [9, 9] } },
  }, { random: seeded(1), keep: 1, replicates: 20 });
  assertEquals(threshold, 5);
  assertEquals([kept, accuracy, accuracyOfKept].map((it) => it.estimate), [3 / 4, 3 / 4, 1]);
  assertEquals([turnedAway.kept.estimate, turnedAway.accuracy.estimate], [3 / 4, 0]);
});

Deno.test("decisionReport() keeps the share asked of new images, within its interval", () => {
  const random = seeded(2), draws = (count: number, mean = 0) => normals(random, count, { mean });
  const { kept, turnedAway } = decisionReport({
    validation: draws(1000),
    inDistribution: { scores: draws(4000), correct: Array(4000).fill(true) },
    outOfDistribution: { far: { scores: draws(500, -3), block: 10 } },
  }, { random, replicates: 400 });
  assert(kept.low < 0.95 && kept.high > 0.95);
  // The threshold's own uncertainty counts: far wider than 4000 images with a fixed threshold would give.
  assert(kept.high - kept.low > 2 * 1.96 * Math.sqrt(0.95 * 0.05 / 4000));
  assertAlmostEquals(turnedAway.far.estimate, 0.912, 0.05); // P(N(−3, 1) < −1.645)
});

Deno.test("decisionReport() refuses NaN, no scores and a share of nothing", () => {
  assertThrows(() => thresholdKeeping([1, NaN]), RangeError, "entry 1 is NaN");
  assertThrows(() => thresholdKeeping([]), RangeError);
  assertThrows(() => thresholdKeeping([1], { keep: 0 }), RangeError, "(0, 1]");
});

Deno.test("decisionReport() refuses scores and outcomes that are none, and a threshold that keeps nothing", () => {
  const random = seeded(3), good = { scores: [1, 2], correct: [true, false] };
  const report = (changes: object, options = {}) =>
    decisionReport(
      { validation: [1, 2], inDistribution: good, outOfDistribution: {}, ...changes },
      { random, replicates: 20, ...options },
    );
  const cases: [object, string][] = [
    [
      { inDistribution: { ...good, scores: [NaN, 2] } },
      "In-distribution scores are numbers, and entry 0 is NaN",
    ],
    [{ outOfDistribution: { moths: { scores: [NaN] } } }, "The scores of moths are numbers"],
    [{ outOfDistribution: { moths: { scores: JSON.parse("[null]") } } }, "entry 0 is null"],
    [{ outOfDistribution: { moths: { scores: [] } } }, "The scores of moths are 1 at least"],
    [{ inDistribution: { ...good, correct: [true] } }, "2 scores, 1 outcomes"],
    [{ inDistribution: { ...good, correct: [1, 0] } }, "entry 0 is 1"],
    [{ validation: [10, 11] }, "keeps none of the in-distribution images"],
  ];
  for (const [changes, message] of cases) assertThrows(() => report(changes), Error, message);
  assertThrows(() => report({}, { replicates: 0 }), RangeError, "replicates");
});

Deno.test("decisionReport() gives Wilson's interval where all images agree", () => {
  const scores = Array.from({ length: 50 }, (_, i) => i), correct = Array(50).fill(true);
  const { accuracy, accuracyOfKept, turnedAway } = decisionReport({
    validation: scores,
    inDistribution: { scores, correct },
    outOfDistribution: { far: { scores: Array(30).fill(-5), block: 10 } },
  }, { random: seeded(4), replicates: 50 });
  assertEquals(accuracy, wilsonInterval({ successes: 50, trials: 50 }));
  assert(accuracyOfKept.low < 0.95 && accuracyOfKept.high > 0.999);
  assertEquals(turnedAway.far, wilsonInterval({ successes: 3, trials: 3 })); // three blocks
});
