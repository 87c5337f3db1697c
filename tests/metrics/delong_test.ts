import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { auroc } from "../../lib/metrics/auroc.ts";
import { aurocCovariance, delong, delongDifference } from "../../lib/metrics/delong.ts";
import { normals, seeded } from "../../lib/random.ts";

const { coarse } = JSON.parse(
  await Deno.readTextFile(new URL("../reference/detectors_random.json", import.meta.url)),
);

Deno.test("aurocCovariance() of a detector with itself is DeLong's variance, pair by pair, with ties", () => {
  const scores = { inDistribution: coarse.inside, outOfDistribution: coarse.outside };
  assertAlmostEquals(aurocCovariance(scores, scores), coarse.delong, 1e-12);
});

Deno.test("delong() covers the true AUROC of two normals in about 95 of 100 draws", () => {
  const random = seeded(3), truth = 0.7602499389065233; // Φ(1/√2), for means 0 and 1, deviation 1
  let covered = 0;
  for (let draw = 0; draw < 1000; draw++) {
    const { low, high } = delong({
      inDistribution: normals(random, 80, { mean: 1 }),
      outOfDistribution: normals(random, 60),
    });
    if (low <= truth && truth <= high) covered++;
  }
  assert(covered > 925 && covered < 970, `${covered} of 1000`); // ± 3.6 standard errors of 950
});

Deno.test("delongDifference() is narrower than unpaired intervals, and 0 for one detector twice", () => {
  const random = seeded(4);
  const shared = { in: normals(random, 200, { mean: 1 }), out: normals(random, 200) };
  const noisy = (deviation: number) => ({
    inDistribution: shared.in.map((s) => s + normals(random, 1, { deviation })[0]),
    outOfDistribution: shared.out.map((s) => s + normals(random, 1, { deviation })[0]),
  });
  const a = noisy(0.2), b = noisy(0.2);
  const { estimate, low, high } = delongDifference(a, b);
  assertAlmostEquals(
    estimate,
    auroc(a.inDistribution, a.outOfDistribution) - auroc(b.inDistribution, b.outOfDistribution),
  );
  const { low: lowA, high: highA } = delong(a);
  assert(high - low < highA - lowA);
  const same = delongDifference(a, a);
  assertAlmostEquals(same.high - same.low, 0, 1e-8);
});

Deno.test("delongDifference() refuses detectors that scored different images", () => {
  const scores = (n: number) => ({
    inDistribution: normals(seeded(1), n),
    outOfDistribution: normals(seeded(2), 9),
  });
  assertThrows(() => delongDifference(scores(8), scores(9)), RangeError, "8 and 9");
});
