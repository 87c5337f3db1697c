import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { matrix, scaled } from "../../../lib/linear_algebra/mod.ts";
import { accuracy, negativeLogLikelihood } from "../../../lib/metrics/classification.ts";
import { probabilitiesOf } from "../../../lib/models/inference/predictive.ts";
import { TemperatureScaling } from "../../../lib/models/inference/temperature_scaling.ts";
import { normals, seeded } from "../../../lib/random.ts";

/** Labels drawn from the softmax of logits that are then multiplied by `factor`. */
function overconfident(factor: number, points = 4000) {
  const random = seeded(8),
    logits = { rows: points, columns: 3, data: normals(random, 3 * points) };
  const { data } = probabilitiesOf(logits);
  const labels = Int32Array.from({ length: points }, (_, n) => {
    const u = random();
    return u < data[3 * n] ? 0 : u < data[3 * n] + data[3 * n + 1] ? 1 : 2;
  });
  return { logits: scaled(logits, factor), labels };
}

Deno.test("TemperatureScaling undoes a factor on calibrated logits", () => {
  const { logits, labels } = overconfident(3);
  const { temperature, loss: { before, after } } = TemperatureScaling.fit({ logits, labels });
  assertAlmostEquals(temperature, 3, 0.3); // 4,000 labels fix 1 / T to about 3%
  assert(after < before);
  const once = TemperatureScaling.fit({ logits: scaled(logits, 1 / 3), labels }).temperature;
  assertAlmostEquals(temperature, 3 * once, 1e-9);
});

Deno.test("TemperatureScaling lowers the likelihood loss on both sides and keeps the accuracy", () => {
  const { logits, labels } = overconfident(0.4, 500);
  const scaling = TemperatureScaling.fit({ logits, labels }), { temperature } = scaling;
  const { after } = scaling.loss;
  const loss = (T: number) => negativeLogLikelihood(probabilitiesOf(scaled(logits, 1 / T)), labels);
  assertAlmostEquals(loss(temperature), after, 1e-12);
  assert(loss(0.99 * temperature) > after && loss(1.01 * temperature) > after);
  assert(
    accuracy(probabilitiesOf(logits), labels) ===
      accuracy(probabilitiesOf(scaled(logits, 1 / temperature)), labels),
  );
});

Deno.test("TemperatureScaling says where there is no best temperature, and refuses bad input", () => {
  const logits = matrix([[2, 0], [0, 1]]);
  const short = { ...logits, data: logits.data.subarray(1) };
  assertThrows(
    () => TemperatureScaling.fit({ logits: short, labels: [0, 1] }),
    RangeError,
    "entries are promised",
  );
  assertThrows(
    () => TemperatureScaling.fit({ logits, labels: [0, 1] }),
    RangeError,
    "temperature is 0",
  );
  assertThrows(
    () => TemperatureScaling.fit({ logits, labels: [1, 0] }),
    RangeError,
    "better than chance",
  );
  assertThrows(() => TemperatureScaling.fit({ logits, labels: [0, 2] }), RangeError, "0 to 1");
  assertThrows(
    () => TemperatureScaling.fit({ logits, labels: [0] }),
    RangeError,
    "each of 2 rows, got 1",
  );
  const broken = { rows: 1, columns: 2, data: Float64Array.of(0, NaN) };
  assertThrows(() => TemperatureScaling.fit({ logits: broken, labels: [0] }), RangeError, "finite");
});

Deno.test("TemperatureScaling finds temperatures of any size", () => {
  // Of three log odds of s two are right: calibrated are log odds of log 2.
  for (const s of [1e-300, 1e-9, 1, 1e9, 1e300]) {
    const validation = { logits: matrix([[s, 0], [s, 0], [0, s]]), labels: [0, 1, 1] };
    const { temperature } = TemperatureScaling.fit(validation);
    assertAlmostEquals(temperature / s * Math.LN2, 1, 1e-9, `${s}`);
  }
  // Beside log odds of 1e6 that are right, which say nothing of it.
  const mixed = matrix([[1, 0], [1, 0], [1, 0], [1e6, 0]]);
  const { temperature } = TemperatureScaling.fit({ logits: mixed, labels: [0, 0, 1, 0] });
  assertAlmostEquals(temperature * Math.LN2, 1, 1e-9);
});

Deno.test("TemperatureScaling takes float32, log odds, and refuses labels of other kinds", () => {
  const odds = matrix([[2], [2], [2], [-1]]), labels = [1, 1, 0, 0];
  const both = matrix([[0, 2], [0, 2], [0, 2], [0, -1]]);
  const { temperature } = TemperatureScaling.fit({ logits: both, labels });
  for (const logits of [odds, { ...odds, data: Float32Array.from(odds.data) }]) {
    const scaling = TemperatureScaling.fit({ logits, labels });
    assertAlmostEquals(scaling.temperature, temperature, 1e-12);
    assertAlmostEquals(
      scaling.calibrate(logits).data[1],
      1 / (1 + Math.exp(-2 / temperature)),
      1e-12,
    );
  }
  for (const wrong of [["1", "1", "0", "0"], [true, true, false, false], [1n, 1n, 0n, 0n]]) {
    assertThrows(
      () => TemperatureScaling.fit({ logits: odds, labels: wrong as unknown as number[] }),
      TypeError,
      "labels are numbers",
    );
  }
});
