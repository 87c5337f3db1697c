import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bulkEffectiveSampleSize,
  normalQuantile,
  rankNormalizedRHat,
} from "../../lib/metrics/convergence.ts";
import { normals, seeded } from "../../lib/random.ts";
import reference from "../reference/convergence.json" with { type: "json" };

for (const { name, chains, r_hat, bulk_ess } of reference.cases) {
  const values = chains.map((chain) => Float64Array.from(chain));
  Deno.test(`rankNormalizedRHat() agrees with ArviZ: ${name}`, () => {
    if (r_hat === null) assertEquals(rankNormalizedRHat(values), Infinity);
    else assertAlmostEquals(rankNormalizedRHat(values) / r_hat, 1, 1e-6);
  });
  Deno.test(`bulkEffectiveSampleSize() agrees with ArviZ: ${name}`, () => {
    assertAlmostEquals(bulkEffectiveSampleSize(values) / bulk_ess, 1, 1e-6);
  });
}

Deno.test("normalQuantile() agrees with SciPy", () => {
  for (const [p, z] of reference.normal_quantiles) assertAlmostEquals(normalQuantile(p), z, 2e-6);
  assertThrows(() => normalQuantile(1), RangeError, "(0, 1), got 1");
});

Deno.test("convergence measures do not change under an increasing function of the quantity", () => {
  const random = seeded(1), chains = [1, 2, 3].map(() => normals(random, 40));
  const stretched = chains.map((chain) => chain.map(Math.exp));
  assertEquals(bulkEffectiveSampleSize(stretched), bulkEffectiveSampleSize(chains));
});

Deno.test("rankNormalizedRHat() tells two chains in different places", () => {
  const random = seeded(2);
  assert(rankNormalizedRHat([normals(random, 100), normals(random, 100, { mean: 3 })]) > 1.5);
});

Deno.test("convergence measures refuse what they cannot judge", () => {
  const chain = normals(seeded(3), 10);
  for (const judge of [rankNormalizedRHat, bulkEffectiveSampleSize]) {
    assertThrows(() => judge([chain]), RangeError, "two chains");
    assertThrows(() => judge([chain, chain.slice(1)]), RangeError, "lengths [10,9]");
    assertThrows(() => judge([chain, chain.map(() => NaN)]), RangeError, "finite");
    assertThrows(
      () => judge([chain.map(() => 1), chain.map(() => 1)]),
      RangeError,
      "Nothing moves",
    );
  }
});
