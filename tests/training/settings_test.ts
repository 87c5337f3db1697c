import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkSettings,
  learningRateAt,
  PRESETS,
  sideAt,
  type TrainingSettings,
} from "../../lib/training/settings.ts";

Deno.test("PRESETS are usable settings", () => {
  for (const preset of Object.values(PRESETS)) assertEquals(checkSettings(preset), preset);
});

Deno.test("checkSettings() names the setting, what was given and what is allowed", () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{ momentum: 1 }, "momentum lies in [0, 1), got 1"],
    [{ epochs: 0 }, "epochs is a whole number of at least 1, got 0"],
    [{ epochs: "4" }, 'epochs is a whole number of at least 1, got "4"'],
    [{ learningRate: NaN }, "learningRate is a finite number above 0, got NaN"],
    [{ coolDown: 0 }, "coolDown lies in (0, 1], got 0"],
    [{ optimizer: "sgd" }, 'optimizer is "nesterov" or "muon" or "adam", got "sgd"'],
    [{ optimizer: "muon", filterRate: 0 }, "filterRate of Muon is a finite number above 0, got 0"],
    [{ earlySide: 33 }, "earlySide is a whole number from 8 to 32, got 33"],
    [{ earlyShare: 2 }, "earlyShare lies in [0, 1], got 2"],
    [{ augmentation: 1 }, 'augmentation is "true" or "false", got "1"'],
    [{ frozenStages: 1 }, 'has no option "frozenStages"'],
  ];
  for (const [changes, message] of wrong) {
    const settings = { ...PRESETS.default, ...changes } as TrainingSettings;
    assertThrows(() => checkSettings(settings), Error, message);
  }
});

function rates(changes: Partial<TrainingSettings>, stepsPerEpoch: number): number[] {
  const settings = { ...PRESETS.default, learningRate: 0.2, ...changes };
  return Array.from(
    { length: settings.epochs * stepsPerEpoch },
    (_, step) => learningRateAt(settings, { step, stepsPerEpoch }),
  );
}

Deno.test("learningRateAt() rises for an epoch, stays, and falls to zero over three eighths", () => {
  const all = rates({ schedule: "trapezoid", coolDown: 3 / 8, epochs: 8 }, 100);
  const rise = all.slice(0, 100), fall = all.slice(500);
  rise.slice(1).forEach((rate, i) => assertAlmostEquals(rate - rise[i], 0.2 / 100, 1e-12));
  fall.slice(1).forEach((rate, i) => assertAlmostEquals(rate - fall[i], -0.2 / 300, 1e-12));
  assert(all.slice(100, 500).every((rate) => rate === 0.2));
  assert(all.every((rate) => rate > 0));
  // A trapezoid's mean height: its top of 4 epochs in full, rise and fall of 4 epochs by half.
  assertAlmostEquals(all.reduce((sum, rate) => sum + rate) / 800, 0.2 * 6 / 8, 1e-12);
});

Deno.test("learningRateAt() falls along half a cosine, which is symmetric about its middle", () => {
  const all = rates({ schedule: "cosine", epochs: 10 }, 50);
  for (let step = 50; step < 450; step++) {
    assertAlmostEquals(all[step] + all[499 - step], 0.2, 1e-12);
  }
  assertAlmostEquals(all[249] + all[250], 0.2, 1e-12);
  assert(all.slice(60).every((rate, i) => rate < all[59 + i]));
});

Deno.test("learningRateAt() is constant in a constant schedule", () => {
  const all = rates({ schedule: "constant", epochs: 2 }, 500);
  assert(all.every((rate) => rate === 0.2));
});

Deno.test("sideAt() is the early one for the early epochs, then 32", () => {
  const settings = { ...PRESETS.default, epochs: 5, earlySide: 24, earlyShare: 0.4 };
  assertEquals([1, 2, 3, 4, 5].map((epoch) => sideAt(settings, epoch)), [24, 24, 32, 32, 32]);
});
