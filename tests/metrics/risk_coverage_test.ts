import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { riskCoverage } from "../../lib/metrics/risk_coverage.ts";

Deno.test("riskCoverage() answers tied images together, whatever their order", () => {
  const a = riskCoverage([2, 1, 1, 0], [true, false, true, false]);
  const b = riskCoverage([1, 2, 0, 1], [true, true, false, false]);
  assertEquals([...a.coverage], [1 / 4, 3 / 4, 1]);
  assertEquals([...a.risk], [0, 1 / 3, 1 / 2]);
  assertEquals(a, b);
  assertAlmostEquals(a.area, (0 + 2 / 3 + 1 / 2) / 4, 1e-15);
});

Deno.test("riskCoverage() ends at the error rate, and a score that ranks errors last has the least area", () => {
  const correct = [true, true, true, false, false];
  const best = riskCoverage([5, 4, 3, 2, 1], correct),
    worst = riskCoverage([1, 2, 3, 4, 5], correct);
  assertEquals([best.risk.at(-1), worst.risk.at(-1)], [2 / 5, 2 / 5]);
  assertAlmostEquals(best.area, (0 + 0 + 0 + 1 / 4 + 2 / 5) / 5, 1e-15);
  assertAlmostEquals(worst.area, (1 + 1 + 2 / 3 + 2 / 4 + 2 / 5) / 5, 1e-15);
});

Deno.test("riskCoverage() refuses NaN, no images and sizes that differ", () => {
  assertThrows(() => riskCoverage([NaN], [true]), RangeError, "entry 0 is NaN");
  assertThrows(() => riskCoverage([], []), RangeError);
  assertThrows(() => riskCoverage([1], [true, false]), RangeError, "1 scores, 2 outcomes");
});
