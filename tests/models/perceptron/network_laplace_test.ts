import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { row } from "../../../lib/linear_algebra/mod.ts";
import { fitLaplaceApproximation } from "../../../lib/models/inference/laplace_approximation.ts";
import { fitLogisticRegression } from "../../../lib/models/logistic/logistic_regression.ts";
import {
  initialParameters,
  parameterCount,
} from "../../../lib/models/perceptron/multilayer_perceptron.ts";
import { fitNetwork } from "../../../lib/models/perceptron/network_classifier.ts";
import { allLayers, lastLayer } from "../../../lib/models/perceptron/network_laplace.ts";
import { seeded } from "../../../lib/random.ts";
import { threeClasses, twoClasses } from "../../reference/classification.ts";

Deno.test("allLayers().jacobian() is the derivative of its logits by finite differences", () => {
  for (const sizes of [[2, 6, 1], [2, 5, 4, 3]]) {
    const model = allLayers({
      sizes,
      theta: initialParameters(sizes, seeded(1)).map((t) => t + 0.1),
    });
    const J = model.jacobian(threeClasses.X), h = 1e-6;
    model.theta.forEach((value, i) => {
      const [up, down] = [h, -h].map((by) =>
        model.logits(threeClasses.X, model.theta.with(i, value + by))
      );
      for (let r = 0; r < J.rows; r++) {
        assertAlmostEquals(row(J, r)[i], (up.data[r] - down.data[r]) / (2 * h), 1e-6);
      }
    });
  }
});

Deno.test("lastLayer() is the end of allLayers()", () => {
  const sizes = [2, 6, 3], network = { sizes, theta: initialParameters(sizes, seeded(2)) };
  const all = allLayers(network), last = lastLayer(network), { X } = threeClasses;
  assertEquals(last.logits(X), all.logits(X));
  assertEquals(last.theta, network.theta.slice(parameterCount([2, 6])));
  const J = all.jacobian(X), end = last.jacobian(X), start = J.columns - end.columns;
  for (let r = 0; r < J.rows; r++) assertEquals(row(end, r), row(J, r).slice(start));
});

Deno.test("without hidden layers both are logistic regression, with its exact Laplace approximation", () => {
  const regression = fitLogisticRegression(twoClasses, { priorDeviation: 1 });
  const exact = fitLaplaceApproximation(twoClasses, { model: regression, priorDeviation: 1 });
  for (const part of [allLayers, lastLayer]) {
    const laplace = fitLaplaceApproximation(twoClasses, {
      model: part({ sizes: [2, 1], theta: regression.theta }),
      priorDeviation: 1,
    });
    exact.covariance.data.forEach((c, i) =>
      assertAlmostEquals(laplace.covariance.data[i], c, 1e-12)
    );
    assertAlmostEquals(laplace.logEvidence, exact.logEvidence, 1e-10);
  }
});

Deno.test("Laplace moderates a network without moving its decisions", () => {
  const moons = twoMoons(seeded(3), { points: 200, noise: 0.2 });
  const network = fitNetwork(moons, { random: seeded(4), hidden: [10] });
  const mode = network.predict(moons.X).probabilities;
  for (const part of [allLayers, lastLayer]) {
    const laplace = fitLaplaceApproximation(moons, { model: part(network), priorDeviation: 1 });
    for (const method of ["probit", "linearised"] as const) {
      const { probabilities } = laplace.predict(moons.X, { method });
      for (let n = 0; n < mode.rows; n++) {
        const [p, q] = [row(mode, n)[1], row(probabilities, n)[1]];
        assert((p - 0.5) * (q - 0.5) >= 0 && Math.abs(q - 0.5) <= Math.abs(p - 0.5) + 1e-9);
      }
    }
  }
});
