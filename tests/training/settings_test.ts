import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkSettings, learningRateAt, PRESETS } from "../../lib/training/settings.ts";

Deno.test("PRESETS are usable settings", () => {
  for (const preset of Object.values(PRESETS)) assertEquals(checkSettings(preset), preset);
});

Deno.test("checkSettings() names the setting, what was given and what is allowed", () => {
  const wrong = { ...PRESETS.default, momentum: 1 };
  assertThrows(() => checkSettings(wrong), RangeError, "momentum must be in [0, 1), got 1");
});

Deno.test("learningRateAt() rises to the largest rate over a quarter and falls to zero, never reaching it", () => {
  const steps = 1000;
  const rates = Array.from(
    { length: steps },
    (_, step) => learningRateAt({ schedule: "one-cycle", learningRate: 0.2 }, { step, steps }),
  );
  const rise = rates.slice(0, 250), fall = rates.slice(250);
  rise.slice(1).forEach((rate, i) => assertAlmostEquals(rate - rise[i], 0.2 / 250, 1e-12));
  fall.slice(1).forEach((rate, i) => assertAlmostEquals(rate - fall[i], -0.2 / 750, 1e-12));
  assertAlmostEquals(Math.max(...rates), 0.2, 0.2 / 250);
  assert(rates.every((rate) => rate > 0 && rate < 0.2));
  const average = rates.reduce((sum, rate) => sum + rate) / steps;
  assertAlmostEquals(average, 0.1, 1e-6); // A triangle's mean height is half its peak.
});

Deno.test("learningRateAt() is constant in a constant schedule", () => {
  const settings = { schedule: "constant", learningRate: 1e-3 } as const;
  assertEquals(learningRateAt(settings, { step: 999, steps: 1000 }), 1e-3);
});
