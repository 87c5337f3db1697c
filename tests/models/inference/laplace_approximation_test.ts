import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Matrix, multiply, row } from "../../../lib/linear_algebra/mod.ts";
import {
  fitLaplaceApproximation,
  type LaplaceApproximation,
} from "../../../lib/models/inference/laplace_approximation.ts";
import { fitLogisticRegression } from "../../../lib/models/logistic/logistic_regression.ts";
import { logPosterior } from "../../../lib/models/perceptron/network_classifier.ts";
import { allLayers, lastLayer } from "../../../lib/models/perceptron/network_laplace.ts";
import { seeded } from "../../../lib/random.ts";
import { newInputs, reference, threeClasses, twoClasses } from "../../reference/classification.ts";

const { sigma: priorDeviation, three_classes: { linear_laplace, network_laplace } } = reference;

/** Every entry within 1e-4 of the largest: entries near 0 have no relative accuracy. */
function assertClose(actual: Float64Array, expected: number[][], tolerance = 1e-4) {
  const flat = expected.flat(), scale = Math.max(...flat.map(Math.abs));
  assertEquals(actual.length, flat.length);
  flat.forEach((e, i) => assertAlmostEquals(actual[i], e, tolerance * scale));
}

function assertAgrees(
  laplace: LaplaceApproximation,
  expected: { covariance: number[][] | number[]; log_evidence: number; probit: number[][] },
) {
  const full = Array.isArray(expected.covariance[0])
    ? expected.covariance as number[][]
    : (expected.covariance as number[]).map((v, i, { length }) =>
      Array.from({ length }, (_, j) => i === j ? v : 0)
    );
  assertClose(laplace.covariance.data, full);
  assertAlmostEquals(laplace.logEvidence / expected.log_evidence, 1, 1e-4);
  assertClose(laplace.predict(newInputs, { method: "probit" }).probabilities.data, expected.probit);
}

Deno.test("LaplaceApproximation agrees with laplace-torch for logistic regression, full and diagonal", () => {
  const model = fitLogisticRegression(threeClasses, { priorDeviation, classes: 3 });
  for (const structure of ["full", "diagonal"] as const) {
    const laplace = fitLaplaceApproximation(threeClasses, { model, priorDeviation, structure });
    assertAgrees(laplace, linear_laplace[structure]);
  }
});

Deno.test("LaplaceApproximation agrees with laplace-torch for a network: full, diagonal, last layer", () => {
  const network = { sizes: network_laplace.sizes, theta: Float64Array.from(network_laplace.theta) };
  const fit = (model: ReturnType<typeof allLayers>, structure: "full" | "diagonal") =>
    fitLaplaceApproximation(threeClasses, { model, priorDeviation, structure });
  assertAgrees(fit(allLayers(network), "full"), network_laplace.full);
  assertAgrees(fit(allLayers(network), "diagonal"), network_laplace.diagonal);
  const last = fit(lastLayer(network), "full");
  assertClose(last.covariance.data, network_laplace.last_layer.covariance);
  assertClose(
    last.predict(newInputs, { method: "probit" }).probabilities.data,
    network_laplace.last_layer.probit,
  );
});

Deno.test("LaplaceApproximation's covariance inverts the Hessian by finite differences", () => {
  for (const [data, classes] of [[twoClasses, 2], [threeClasses, 3]] as const) {
    const model = fitLogisticRegression(data, { priorDeviation, classes }), h = 1e-5;
    const { covariance } = fitLaplaceApproximation(data, { model, priorDeviation });
    const P = model.theta.length, H: Matrix = { ...covariance, data: new Float64Array(P * P) };
    for (let i = 0; i < P; i++) {
      const slope = (by: number) =>
        logPosterior(
          { sizes: model.sizes, theta: model.theta.map((t, j) => i === j ? t + by : t) },
          data,
          { priorDeviation },
        ).gradient;
      row(H, i).set(slope(-h).map((g, j) => (g - slope(h)[j]) / (2 * h)));
    }
    multiply(H, covariance).data.forEach((entry, k) =>
      assertAlmostEquals(entry, k % (P + 1) === 0 ? 1 : 0, 1e-7)
    );
  }
});

const two = fitLaplaceApproximation(twoClasses, {
  model: fitLogisticRegression(twoClasses, { priorDeviation }),
  priorDeviation,
});
const three = fitLaplaceApproximation(threeClasses, {
  model: fitLogisticRegression(threeClasses, { priorDeviation, classes: 3 }),
  priorDeviation,
});

Deno.test("LaplaceApproximation.predict() by sampling tends to the linearised prediction of a linear model", () => {
  const samples = 20_000;
  for (const laplace of [two, three]) {
    const drawn = laplace.predict(newInputs, { method: "sampling", samples, random: seeded(1) });
    const linearised = laplace.predict(newInputs, {
      method: "linearised",
      samples,
      random: seeded(2),
    });
    // A probability's standard deviation over draws is at most ½; four standard errors of a difference of two means.
    const tolerance = 4 * 0.5 * Math.sqrt(2 / samples);
    drawn.probabilities.data.forEach((p, i) =>
      assertAlmostEquals(p, linearised.probabilities.data[i], tolerance)
    );
  }
});

Deno.test("LaplaceApproximation.sample() has the mean and covariance of the approximation", () => {
  const samples = 50_000, draws = three.sample({ random: seeded(3), samples }), P = draws.columns;
  const { covariance, mean } = three;
  const centred = { ...draws, data: draws.data.map((t, i) => t - mean[i % P]) };
  const empirical = multiply(centred, centred, { transposeA: true });
  for (let i = 0; i < P; i++) {
    for (let j = 0; j < P; j++) {
      const scale = Math.sqrt(covariance.data[i * P + i] * covariance.data[j * P + j]);
      // The correlation's standard error is at most √(2 / S).
      assertAlmostEquals(
        empirical.data[i * P + j] / samples / scale,
        covariance.data[i * P + j] / scale,
        5 * Math.sqrt(2 / samples),
      );
    }
  }
});

Deno.test("LaplaceApproximation.withPriorOfLargestEvidence() is at least as likely as every prior around it", () => {
  for (const laplace of [two, three]) {
    const best = laplace.withPriorOfLargestEvidence();
    assert(best.logEvidence > laplace.logEvidence);
    for (const factor of [0.5, 0.9, 0.999, 1.001, 1.1, 2]) {
      assert(best.logEvidence > laplace.withPrior(factor * best.priorDeviation).logEvidence);
    }
  }
});

Deno.test("LaplaceApproximation refuses bad priors, labels and sample counts", () => {
  assertThrows(() => two.withPrior(0), RangeError, "positive");
  assertThrows(() => two.withPrior(Infinity), RangeError, "positive");
  assertThrows(
    () => two.predict(newInputs, { method: "sampling", samples: 0, random: seeded(1) }),
    RangeError,
    "at least 1",
  );
  assertThrows(() => three.predict(newInputs, { method: "linearised" }), TypeError, "random");
  // deno-lint-ignore no-explicit-any
  assertThrows(() => two.predict(newInputs, { method: "magic" } as any), RangeError, "probit");
  const labels = twoClasses.labels.map((label) => label + 1);
  const model = fitLogisticRegression(twoClasses);
  assertThrows(
    () => fitLaplaceApproximation({ ...twoClasses, labels }, { model, priorDeviation }),
    RangeError,
    "0 to 1",
  );
});
