import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { matrix, scaled } from "../../../lib/linear_algebra/mod.ts";
import { accuracy, negativeLogLikelihood } from "../../../lib/metrics/classification.ts";
import { probabilitiesOf } from "../../../lib/models/inference/predictive.ts";
import { fitTemperature } from "../../../lib/models/inference/temperature_scaling.ts";
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

Deno.test("fitTemperature() undoes a factor on calibrated logits", () => {
  const { logits, labels } = overconfident(3);
  const { temperature, before, after } = fitTemperature(logits, labels);
  assertAlmostEquals(temperature, 3, 0.3); // 4,000 labels fix 1 / T to about 3%
  assert(after < before);
  const once = fitTemperature(scaled(logits, 1 / 3), labels).temperature;
  assertAlmostEquals(temperature, 3 * once, 1e-9);
});

Deno.test("fitTemperature() lowers the likelihood loss on both sides and keeps the accuracy", () => {
  const { logits, labels } = overconfident(0.4, 500);
  const { temperature, after } = fitTemperature(logits, labels);
  const loss = (T: number) => negativeLogLikelihood(probabilitiesOf(scaled(logits, 1 / T)), labels);
  assertAlmostEquals(loss(temperature), after, 1e-12);
  assert(loss(0.99 * temperature) > after && loss(1.01 * temperature) > after);
  assert(
    accuracy(probabilitiesOf(logits), labels) ===
      accuracy(probabilitiesOf(scaled(logits, 1 / temperature)), labels),
  );
});

Deno.test("fitTemperature() says where there is no best temperature, and refuses bad input", () => {
  const logits = matrix([[2, 0], [0, 1]]);
  const short = { ...logits, data: logits.data.subarray(1) };
  assertThrows(() => fitTemperature(short, [0, 1]), RangeError, "entries are promised");
  assertThrows(() => fitTemperature(logits, [0, 1]), RangeError, "temperature is 0");
  assertThrows(() => fitTemperature(logits, [1, 0]), RangeError, "better than chance");
  assertThrows(() => fitTemperature(logits, [0, 2]), RangeError, "0 to 1");
  assertThrows(() => fitTemperature(logits, [0]), RangeError, "one label");
  const broken = { rows: 1, columns: 2, data: Float64Array.of(0, NaN) };
  assertThrows(() => fitTemperature(broken, [0]), RangeError, "finite");
});
