import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkSettings,
  coolDownStart,
  learningRateAt,
  PRESETS,
} from "../../lib/training/settings.ts";

Deno.test("PRESETS are usable settings", () => {
  for (const preset of Object.values(PRESETS)) assertEquals(checkSettings(preset), preset);
});

Deno.test("checkSettings() names the setting, what was given and what is allowed", () => {
  const wrong = { ...PRESETS.default, momentum: 1 };
  assertThrows(() => checkSettings(wrong), RangeError, "momentum must be in [0, 1), got 1");
});

const TRAPEZOID = { schedule: "trapezoid", coolDown: 3 / 8, learningRate: 0.2 } as const;

function rates(epochs: number, stepsPerEpoch: number): number[] {
  const settings = { ...TRAPEZOID, epochs };
  return Array.from(
    { length: epochs * stepsPerEpoch },
    (_, step) => learningRateAt(settings, { step, stepsPerEpoch }),
  );
}

Deno.test("learningRateAt() rises for an epoch, stays, and falls to zero over three eighths", () => {
  const all = rates(8, 100), rise = all.slice(0, 100), fall = all.slice(500);
  rise.slice(1).forEach((rate, i) => assertAlmostEquals(rate - rise[i], 0.2 / 100, 1e-12));
  fall.slice(1).forEach((rate, i) => assertAlmostEquals(rate - fall[i], -0.2 / 300, 1e-12));
  assert(all.slice(100, 500).every((rate) => rate === 0.2));
  assert(all.every((rate) => rate > 0));
  // A trapezoid's mean height: its top of 4 epochs in full, rise and fall of 4 epochs by half.
  assertAlmostEquals(all.reduce((sum, rate) => sum + rate) / 800, 0.2 * 6 / 8, 1e-12);
});

Deno.test("learningRateAt() is the same for runs of any length before coolDownStart()", () => {
  for (const [epochs, stepsPerEpoch] of [[8, 100], [7, 390], [3, 5]]) {
    const start = coolDownStart({ ...TRAPEZOID, epochs }, stepsPerEpoch);
    const short = rates(epochs, stepsPerEpoch), long = rates(4 * epochs, stepsPerEpoch);
    assertEquals(short.findIndex((rate, step) => rate !== long[step]), start);
  }
});

Deno.test("learningRateAt() is constant in a constant schedule", () => {
  const settings = { ...TRAPEZOID, schedule: "constant", learningRate: 1e-3, epochs: 2 } as const;
  assertEquals(learningRateAt(settings, { step: 999, stepsPerEpoch: 500 }), 1e-3);
});
