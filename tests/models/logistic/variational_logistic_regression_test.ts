import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blobs } from "../../../lib/data/blobs.ts";
import { matrix, row } from "../../../lib/linear_algebra/mod.ts";
import {
  expectedLogLikelihood,
  fitVariationalLogisticRegression,
  fitVariationalLogisticRegressionByQuadrature,
  VariationalLogisticRegression,
} from "../../../lib/models/logistic/variational_logistic_regression.ts";
import { LinearVariational } from "../../../lib/models/perceptron/linear_variational.ts";
import { deviationOf, meanOf } from "../../../lib/models/perceptron/mean_field.ts";
import { seeded } from "../../../lib/random.ts";
import { newInputs, reference, threeClasses, twoClasses } from "../../reference/classification.ts";

const { sigma: priorDeviation, two_classes: { variational } } = reference;
const { mean, deviation } = variational;
const layer = new LinearVariational({ mean, deviation, inputs: 2, outputs: 1 });

Deno.test("LinearVariational.divergence() and the ELBO agree with torch.distributions", () => {
  assertAlmostEquals(layer.divergence(priorDeviation), variational.divergence, 1e-9);
  const expected = expectedLogLikelihood(layer, twoClasses);
  assertAlmostEquals(expected, variational.expected_log_likelihood, 1e-6);
  assertAlmostEquals(expected - layer.divergence(priorDeviation), variational.elbo, 1e-6);
});

Deno.test("LinearVariational keeps the means and deviations that it was given", () => {
  assertEquals([...layer.mean], variational.mean);
  layer.deviation.forEach((s, i) => assertAlmostEquals(s, variational.deviation[i], 1e-15));
  assertEquals(
    new LinearVariational({ mean: [0, 0], deviation: 2, inputs: 1, outputs: 1 })
      .divergence(2),
    0,
  );
});

Deno.test("LinearVariational.forward() has the activations' moments under both estimators", () => {
  const X = matrix([[1, -2]]), random = seeded(1), draws = 40_000;
  const exact = layer.activations(X);
  for (const estimator of ["global", "local"] as const) {
    const a = Float64Array.from(
      { length: draws },
      () => layer.forward(X, { random, estimator }).data[0],
    );
    const mean = a.reduce((x, y) => x + y) / draws;
    const variance = a.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws;
    const deviation = Math.sqrt(exact.variance.data[0]);
    assertAlmostEquals(mean, exact.mean.data[0], 4 * deviation / Math.sqrt(draws));
    assertAlmostEquals(variance / deviation ** 2, 1, 4 * Math.sqrt(2 / draws));
  }
});

Deno.test("LinearVariational.forward() shares one draw among rows only when it is global", () => {
  const X = matrix([[1, -2], [1, -2]]);
  const [a, b] = layer.forward(X, { random: seeded(2), estimator: "global" }).data;
  const [c, d] = layer.forward(X, { random: seeded(2), estimator: "local" }).data;
  assert(a === b && c !== d);
});

Deno.test("fitVariationalLogisticRegressionByQuadrature() is a maximum of its ELBO", () => {
  const best = fitVariationalLogisticRegressionByQuadrature(twoClasses, { priorDeviation });
  const elbo = (phi: Float64Array) => {
    const [mean, deviation] = [meanOf(phi), deviationOf(phi)];
    const moved = new LinearVariational({ mean, deviation, inputs: 2, outputs: 1 });
    return expectedLogLikelihood(moved, twoClasses) - moved.divergence(priorDeviation);
  };
  assertAlmostEquals(elbo(best.layer.phi), best.elbo.at(-1)!, 1e-11);
  best.layer.phi.forEach((_, i) => {
    const at = (by: number) => elbo(best.layer.phi.map((p, j) => i === j ? p + by : p));
    assertAlmostEquals((at(1e-4) - at(-1e-4)) / 2e-4, 0, 1e-6);
    assert(at(0.05) < best.elbo.at(-1)! && at(-0.05) < best.elbo.at(-1)!);
  });
});

Deno.test("fitVariationalLogisticRegression() comes to the same maximum from draws", () => {
  const best = fitVariationalLogisticRegressionByQuadrature(twoClasses, { priorDeviation });
  const options = { random: seeded(3), priorDeviation, epochs: 4000, batchSize: 40 };
  const fitted = fitVariationalLogisticRegression(twoClasses, { ...options, estimator: "local" });
  const elbo = expectedLogLikelihood(fitted.layer, twoClasses) -
    fitted.layer.divergence(priorDeviation);
  assertAlmostEquals(elbo, best.elbo.at(-1)!, 0.05); // nats: Adam's last steps stay noisy
  assert(fitted.elbo.at(-1)! > fitted.elbo[0]);
});

Deno.test("VariationalLogisticRegression.predict() by draws tends to its quadrature", () => {
  const model = new VariationalLogisticRegression(layer, { priorDeviation }), samples = 20_000;
  const exact = model.predict(newInputs).probabilities.data;
  const drawn = model.predict(newInputs, { random: seeded(4), samples });
  assertEquals(drawn.samples?.length, samples);
  drawn.probabilities.data.forEach((p, i) =>
    assertAlmostEquals(p, exact[i], 4 * 0.5 / Math.sqrt(samples))
  );
});

Deno.test("VariationalLogisticRegression serves three classes from draws", () => {
  const model = fitVariationalLogisticRegression(threeClasses, { random: seeded(5), classes: 3 });
  const { probabilities } = model.predict(newInputs, { random: seeded(6), samples: 10 });
  assertEquals([probabilities.rows, probabilities.columns], [4, 3]);
  assertThrows(() => model.predict(newInputs), TypeError, "random");
  assertThrows(() => expectedLogLikelihood(model.layer, twoClasses), RangeError, "one logit");
});

Deno.test("VariationalLogisticRegression refuses what it cannot use", () => {
  const model = new VariationalLogisticRegression(layer, { priorDeviation });
  assertThrows(
    () => model.predict(newInputs, { random: seeded(1), samples: 0 }),
    RangeError,
    "at least 1",
  );
  assertThrows(() => model.predict(matrix([[1]])), RangeError, "N × 2");
  const data = blobs(seeded(7), { points: 4 });
  const fit = (priorDeviation: number) =>
    fitVariationalLogisticRegressionByQuadrature(data, { priorDeviation });
  assertThrows(() => fit(0), RangeError, "positive");
  assertThrows(() => fit(Infinity), RangeError);
  assertThrows(
    () => new LinearVariational({ mean: [0, 0], deviation: 0, inputs: 1, outputs: 1 }),
    RangeError,
    "above 0",
  );
  assertThrows(
    () => new LinearVariational({ mean: [0], deviation: 1, inputs: 1, outputs: 1 }),
    RangeError,
    "2 means",
  );
});

Deno.test("LinearVariational.divergence() is the mean of log q − log prior over draws", () => {
  const prior = new LinearVariational({
    mean: [0, 0, 0],
    deviation: priorDeviation,
    inputs: 2,
    outputs: 1,
  });
  const random = seeded(8), draws = 40_000;
  const ratios = Float64Array.from({ length: draws }, () => {
    const theta = row(layer.sample({ random, samples: 1 }), 0);
    return layer.logDensity(theta) - prior.logDensity(theta);
  });
  const mean = ratios.reduce((a, b) => a + b) / draws;
  const variance = ratios.reduce((sum, r) => sum + (r - mean) ** 2, 0) / draws;
  assertAlmostEquals(mean, layer.divergence(priorDeviation), 4 * Math.sqrt(variance / draws));
});
