import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { deviations95 } from "../../lib/metrics/interval.ts";
import { proportionDifference, wilsonInterval } from "../../lib/metrics/proportion.ts";

const of = (successes: number, trials: number) => ({ successes, trials });

Deno.test("wilsonInterval() agrees with the values of statsmodels", () => {
  // statsmodels 0.15.0: statsmodels.stats.proportion.proportion_confint(count, nobs, method="wilson")
  for (
    const [count, trials, low, high] of [
      [19, 20, 0.7638688065532577, 0.9911185511992044],
      [0, 7, 0, 0.3543304350666875],
      [450, 1000, 0.4194153840742968, 0.4809672917742588],
    ]
  ) {
    const interval = wilsonInterval(of(count, trials));
    assertEquals(interval.estimate, count / trials);
    assertAlmostEquals(interval.low, low, 1e-12);
    assertAlmostEquals(interval.high, high, 1e-12);
  }
});

Deno.test("wilsonInterval() solves |p − count/trials| = z √(p(1 − p)/trials) at its ends", () => {
  const { low, high } = wilsonInterval(of(3, 11));
  for (const p of [low, high]) {
    assertAlmostEquals(Math.abs(p - 3 / 11), deviations95 * Math.sqrt(p * (1 - p) / 11), 1e-14);
  }
});

Deno.test("proportionDifference() agrees with the values of statsmodels", () => {
  // statsmodels 0.15.0: statsmodels.stats.proportion.confint_proportions_2indep(..., compare="diff", method="newcomb")
  for (
    const [count1, trials1, count2, trials2, low, high] of [
      [56, 70, 48, 80, 0.05243147240236498, 0.33387265403690614],
      [9, 10, 3, 10, 0.1705227239345029, 0.809017973535488],
      [7346, 10000, 7100, 10000, 0.012186910115371362, 0.037003024927241224],
      [10, 10, 0, 20, 0.6790860371419145, 1],
    ]
  ) {
    const interval = proportionDifference(of(count1, trials1), of(count2, trials2));
    assertEquals(interval.estimate, count1 / trials1 - count2 / trials2);
    assertAlmostEquals(interval.low, low, 1e-12);
    assertAlmostEquals(interval.high, high, 1e-12);
  }
});

Deno.test("a proportion of impossible counts is refused in words", () => {
  assertThrows(() => wilsonInterval(of(3, 2)), RangeError, "got 3 of 2");
  assertThrows(() => proportionDifference(of(1, 2), of(1, 0)), RangeError, "got 1 of 0");
  assertEquals(wilsonInterval(of(2, 2)).high, 1);
});
