import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { energy, maximumLogit } from "../../lib/detectors/mod.ts";
import { argmax } from "../../lib/metrics/classification.ts";
import { matrix, row } from "../../lib/linear_algebra/mod.ts";
import { selectiveClassifier } from "../../lib/resnet/selective_classifier.ts";
import { uncalibrated } from "../../lib/models/inference/calibrator.ts";
import { TemperatureScaling } from "../../lib/models/inference/temperature_scaling.ts";
import { normals, seeded } from "../../lib/random.ts";

/** Labels drawn from the softmax of logits, which are then given three times too large. */
function overconfident(count: number) {
  const random = seeded(1), columns = 4;
  const data = normals(random, count * columns, { deviation: 2 });
  const labels = Array.from({ length: count }, (_, i) => {
    const weights = data.subarray(i * columns, (i + 1) * columns).map(Math.exp);
    let left = random() * weights.reduce((sum, w) => sum + w);
    const label = weights.findIndex((w) => (left -= w) < 0);
    return label < 0 ? columns - 1 : label;
  });
  return { logits: { rows: count, columns, data: data.map((z) => 3 * z) }, labels };
}

const validation = overconfident(4000);

Deno.test("selectiveClassifier() undoes a known overconfidence and keeps the share asked for", () => {
  const classifier = selectiveClassifier(maximumLogit(), validation, { keep: 0.9 });
  const { calibrator } = classifier;
  assert(calibrator instanceof TemperatureScaling);
  assertAlmostEquals(calibrator.temperature, 3, 0.3);
  const decisions = classifier.decide(validation);
  assertEquals(decisions.filter(({ accepted }) => accepted).length, 3600);
  for (const [i, { label, probability, probabilities, score, accepted }] of decisions.entries()) {
    assertEquals(label, argmax(row(validation.logits, i)));
    assertEquals(probability, probabilities[label]);
    assertAlmostEquals(probabilities.reduce((sum, p) => sum + p), 1, 1e-12);
    assertEquals(accepted, score >= classifier.threshold);
  }
  const said = decisions.reduce((sum, it) => sum + it.probability, 0);
  const right = decisions.filter(({ label }, i) => label === validation.labels[i]).length;
  assert(Math.abs(said - right) < 5 * Math.sqrt(decisions.length / 4));
});

Deno.test("selectiveClassifier() refuses what it cannot use", () => {
  assertThrows(() => selectiveClassifier(energy(), validation, { keep: 2 }), RangeError, "got 2");
  const classifier = selectiveClassifier(energy(), validation);
  const logits = { rows: 1, columns: 4, data: Float64Array.of(0, NaN, 0, 0) };
  assertThrows(() => classifier.decide({ logits }), RangeError, "NaN");
});

Deno.test("selectiveClassifier() works without a calibration, where every validation image is right", () => {
  const logits = matrix([[5, 0], [0, 4]]), right = { logits, labels: [0, 1] };
  assertThrows(() => selectiveClassifier(energy(), right), RangeError, "temperature is 0");
  const [{ probability }] = selectiveClassifier(energy(), right, { calibrator: uncalibrated })
    .decide({ logits });
  assertAlmostEquals(probability, 1 / (1 + Math.exp(-5)), 1e-15);
});
