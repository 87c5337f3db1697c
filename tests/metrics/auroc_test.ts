import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { auroc, aurocInterval } from "../../lib/metrics/auroc.ts";
import { midranks } from "../../lib/metrics/scores.ts";
import { normals, seeded } from "../../lib/random.ts";

const byPairs = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let wins = 0;
  for (const s of Array.from(a)) {
    for (const t of Array.from(b)) wins += s > t ? 1 : s === t ? 0.5 : 0;
  }
  return wins / (a.length * b.length);
};

Deno.test("auroc() equals the count of all pairs, with many ties", () => {
  const random = seeded(4);
  for (let trial = 0; trial < 50; trial++) {
    const n = 1 + random.integer(30), m = 1 + random.integer(30);
    const a = Array.from({ length: n }, () => random.integer(6) + 1);
    const b = Array.from({ length: m }, () => random.integer(6));
    assertAlmostEquals(auroc(a, b), byPairs(a, b), 1e-14);
  }
});

Deno.test("auroc() is unchanged by increasing maps and mirrored by exchanging the kinds", () => {
  const random = seeded(5);
  const a = normals(random, 40, { mean: 1 }), b = normals(random, 60);
  assertEquals(auroc(a.map(Math.exp), b.map(Math.exp)), auroc(a, b));
  assertAlmostEquals(auroc(b, a), 1 - auroc(a, b), 1e-14);
});

Deno.test("auroc() is 1, 0 and ½ for separated, reversed and constant scores", () => {
  assertEquals([auroc([2, 3], [0, 1]), auroc([0, 1], [2, 3]), auroc([1, 1], [1])], [1, 0, 0.5]);
});

Deno.test("auroc() ranks infinite scores and refuses NaN and empty kinds", () => {
  assertEquals(auroc([Infinity, Infinity], [Infinity, -Infinity]), 0.75);
  assertThrows(
    () => auroc([1, NaN], [0]),
    RangeError,
    "In-distribution scores are numbers, and entry 1 is NaN",
  );
  assertThrows(() => auroc([], [0]), RangeError, "In-distribution scores are 1 at least");
  assertThrows(() => auroc([0], []), RangeError, "Out-of-distribution scores are 1 at least");
});

Deno.test("midranks() gives tied scores the mean of their ranks", () => {
  assertEquals(midranks([10, 20, 10, 30]), Float64Array.of(1.5, 3, 1.5, 4));
});

Deno.test("aurocInterval() holds the true area in about 95 of 100 samples", () => {
  const random = seeded(6), trials = 1000, n = 40, m = 60;
  // Both kinds standard normal, one moved by √2: the difference of two scores is N(√2, 2), so the area is Φ(1).
  const truth = 0.8413447460685429;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const area = auroc(normals(random, n, { mean: Math.SQRT2 }), normals(random, m));
    const [low, high] = aurocInterval(area, { inDistribution: n, outOfDistribution: m });
    if (low <= truth && truth <= high) held++;
  }
  // Four standard deviations of the count of 1,000 intervals of exactly 95%.
  assert(Math.abs(held / trials - 0.95) < 4 * Math.sqrt(0.95 * 0.05 / trials), `${held}`);
});

Deno.test("aurocInterval() has a width at an area of 1 and refuses what is no area", () => {
  const [low, high] = aurocInterval(1, { inDistribution: 30, outOfDistribution: 30 });
  assert(low > 0.8 && low < 1);
  assertEquals(high, 1);
  const counts = { inDistribution: 3, outOfDistribution: 3 };
  assertThrows(() => aurocInterval(1.2, counts), RangeError, "in [0, 1]");
  assertThrows(
    () => aurocInterval(0.5, { ...counts, inDistribution: 0 }),
    RangeError,
    "at least 1, got 0",
  );
});
