import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix } from "../../lib/linear_algebra/mod.ts";
import { calibrationBesideChance, chanceCalibrationError } from "../../lib/metrics/calibration.ts";
import { seeded, uniforms } from "../../lib/random.ts";

const random = seeded(1);
const predictions = (confidences: Float64Array): Matrix =>
  matrix(Array.from(confidences, (c) => [c, 1 - c]));

Deno.test("chanceCalibrationError() of one bin is that of a binomial share", () => {
  // All at confidence p: E|X/N − p| of a binomial X is 2 (1 − p)^(N − m) p^(m + 1) (m + 1) C(N, m + 1) / N with m = ⌊Np⌋ (De Moivre).
  const N = 10, p = 0.7, m = 7, choose = 45; // C(10, 8)
  const expected = 2 * (1 - p) ** (N - m) * p ** (m + 1) * (m + 1) * choose / N;
  const confidences = new Float64Array(N).fill(p), replicates = 40_000;
  const { mean, quantile } = chanceCalibrationError(predictions(confidences), {
    random,
    replicates,
  });
  assertAlmostEquals(mean, expected, 4 * 0.1 / Math.sqrt(replicates));
  assertAlmostEquals(quantile, 0.3, 1e-12); // P(|X − 7| ≤ 2) = .89 and P(|X − 7| ≤ 3) = .989
});

Deno.test("calibrationBesideChance() tells honest confidences from others: its p-value is uniform, or small", () => {
  const pValues = Array.from({ length: 200 }, () => {
    const confidences = uniforms(random, 150, 0.5, 1);
    const labels = Array.from(confidences, (c) => random() < c ? 0 : 1);
    return calibrationBesideChance(predictions(confidences), labels, { random, replicates: 99 })
      .pValue;
  });
  const under = (level: number) => pValues.filter((p) => p <= level).length / pValues.length;
  for (const level of [0.1, 0.5, 0.9]) {
    assertAlmostEquals(under(level), level, 4 * Math.sqrt(level * (1 - level) / 200));
  }
  const confidences = uniforms(random, 150, 0.9, 1),
    labels = Array.from(confidences, (_, i) => i % 2);
  const { error, chance, pValue } = calibrationBesideChance(predictions(confidences), labels, {
    random,
  });
  assert(error > 0.4 && chance.quantile < 0.1 && pValue < 0.002);
});

Deno.test("simulations of calibration refuse options that are none", () => {
  const p = predictions(Float64Array.of(0.7));
  assertThrows(
    () => chanceCalibrationError(p, { random: Math.random as never }),
    TypeError,
    "random",
  );
  for (const wrong of [{ replicates: 0 }, { bins: 0 }, { level: 2 }, { seed: 1 }]) {
    assertThrows(() => chanceCalibrationError(p, { random, ...wrong }), Error);
  }
});
