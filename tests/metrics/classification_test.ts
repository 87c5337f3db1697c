import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { matrix } from "../../lib/linear_algebra/mod.ts";
import { auroc } from "../../lib/metrics/auroc.ts";
import { expectedCalibrationError, reliabilityDiagram } from "../../lib/metrics/calibration.ts";
import {
  accuracy,
  brierScore,
  confidence,
  lossAndAccuracy,
  mutualInformation,
  negativeLogLikelihood,
  predictiveEntropy,
  totalVariation,
} from "../../lib/metrics/classification.ts";
import { reference } from "../reference/classification.ts";

const { metrics } = reference, probabilities = matrix(metrics.probabilities);

Deno.test("classification metrics agree with scikit-learn and torchmetrics", () => {
  const { labels } = metrics;
  assertAlmostEquals(
    negativeLogLikelihood(probabilities, labels),
    metrics.negative_log_likelihood,
    1e-12,
  );
  assertAlmostEquals(brierScore(probabilities, labels), metrics.brier, 1e-12);
  assertAlmostEquals(
    expectedCalibrationError(probabilities, labels),
    metrics.calibration_error,
    1e-6, // torchmetrics computes it in float32
  );
  const { scores, positives } = metrics;
  assertAlmostEquals(
    auroc(scores.slice(0, positives), scores.slice(positives)),
    metrics.auroc,
    1e-12,
  );
});

Deno.test("classification metrics of hand-sized predictions", () => {
  const p = matrix([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]]), labels = [0, 1, 1];
  assertEquals(accuracy(p, labels), 2 / 3); // of equal probabilities the first class is predicted
  assertAlmostEquals(negativeLogLikelihood(p, labels), -Math.log(0.8 * 0.5 * 0.9) / 3);
  assertAlmostEquals(brierScore(p, labels), (0.08 + 0.5 + 0.02) / 3);
  assertEquals([...confidence(p)], [0.8, 0.5, 0.9]);
  assertAlmostEquals(predictiveEntropy(p)[1], Math.log(2));
  assertEquals(predictiveEntropy(matrix([[1, 0]]))[0], 0);
  assertEquals(negativeLogLikelihood(matrix([[1, 0]]), [1]), Infinity);
});

Deno.test("mutualInformation() is 0 where samples agree and log 2 where they are sure of different classes", () => {
  const a = matrix([[0.3, 0.7], [1, 0]]), b = matrix([[0.3, 0.7], [0, 1]]);
  const [agreed, opposed] = mutualInformation([a, b]);
  assertAlmostEquals(agreed, 0, 1e-15);
  assertAlmostEquals(opposed, Math.log(2), 1e-15);
});

Deno.test("totalVariation() is a distance between 0 and 1", () => {
  const p = matrix([[1, 0, 0]]), q = matrix([[0, 0.5, 0.5]]), r = matrix([[0.6, 0.4, 0]]);
  const d = (a: typeof p, b: typeof p) => totalVariation(a, b)[0];
  assertEquals([d(p, p), d(p, q), d(p, r)], [0, 1, 0.4]);
  assert(d(p, q) <= d(p, r) + d(r, q) && d(q, r) === d(r, q));
});

Deno.test("reliabilityDiagram() counts every point once, also confidences of 0.5 and 1", () => {
  const p = matrix([[1, 0], [0.5, 0.5], [0.5, 0.5], [0.7, 0.3]]);
  const diagram = reliabilityDiagram(p, [0, 0, 1, 1], { bins: 10 });
  assertEquals(diagram.map((bin) => bin.count), [0, 0, 0, 0, 2, 0, 1, 0, 0, 1]);
  assertEquals(diagram[4].accuracy, 0.5);
  assertAlmostEquals(expectedCalibrationError(p, [0, 0, 1, 1], { bins: 10 }), 0.7 / 4);
});

Deno.test("expectedCalibrationError() is 0 for a calibrated prediction and 1 for sure mistakes", () => {
  const p = matrix(Array.from({ length: 10 }, () => [0.7, 0.3]));
  assertAlmostEquals(expectedCalibrationError(p, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]), 0, 1e-15);
  assertEquals(expectedCalibrationError(matrix([[1, 0]]), [1]), 1);
});

Deno.test("classification metrics refuse what is no prediction", () => {
  const p = matrix([[0.5, 0.5]]);
  assertThrows(() => accuracy(p, [2]), RangeError, "0 to 1");
  assertThrows(() => accuracy(p, [0, 1]), RangeError, "each of 1 rows, got 2");
  assertThrows(() => accuracy(matrix([[0.5, 0.6]]), [0]), RangeError, "distribution");
  assertThrows(() => confidence(matrix([[1.5, -0.5]])), RangeError, "distribution");
  assertThrows(() => confidence({ rows: 1, columns: 1, data: Float64Array.of(NaN) }), RangeError);
  assertThrows(() => confidence(matrix([])), RangeError, "no prediction");
  assertThrows(() => mutualInformation([]), RangeError, "at least one");
  assertThrows(() => totalVariation(p, matrix([[0.2, 0.3, 0.5]])), RangeError, "one shape");
  assertThrows(() => reliabilityDiagram(p, [0], { bins: 0 }), RangeError, "bins");
});

Deno.test("lossAndAccuracy() is mean cross-entropy in nats and accuracy", () => {
  const logits = { rows: 2, columns: 2, data: Float64Array.of(Math.log(3), 0, 0, 0) };
  const { loss, accuracy } = lossAndAccuracy({ logits, labels: Uint8Array.of(0, 1) });
  assertAlmostEquals(loss, (Math.log(4 / 3) + Math.log(2)) / 2, 1e-12);
  assertEquals(accuracy, 0.5);
});
