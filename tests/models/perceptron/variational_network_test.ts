import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { row } from "../../../lib/linear_algebra/mod.ts";
import { probabilitiesOf } from "../../../lib/models/inference/predictive.ts";
import { type Estimator, meanField } from "../../../lib/models/perceptron/mean_field.ts";
import {
  forward,
  initialParameters,
} from "../../../lib/models/perceptron/multilayer_perceptron.ts";
import {
  estimators,
  fitVariationalNetwork,
} from "../../../lib/models/perceptron/variational_network.ts";
import { normals, seeded } from "../../../lib/random.ts";
import { threeClasses } from "../../reference/classification.ts";

const moons = twoMoons(seeded(1), { points: 200, noise: 0.1 });
const kinds: Estimator[] = ["global", "local"];

for (const kind of kinds) {
  for (const sizes of [[2, 3], [2, 6, 3], [2, 5, 4, 3]]) {
    Deno.test(`the ${kind} estimator has the gradient of finite differences under the same noise, [${sizes}]`, () => {
      const mean = initialParameters(sizes, seeded(2)).map((t) => t + 0.1), h = 1e-6;
      const phi = meanField(
        mean,
        normals(seeded(3), mean.length).map((z) => 0.3 * Math.exp(z / 2)),
      );
      const { gradient } = estimators[kind](sizes, phi, threeClasses, seeded(4));
      phi.forEach((value, i) => {
        const at = (v: number) =>
          estimators[kind](sizes, phi.with(i, v), threeClasses, seeded(4)).value;
        const slope = (at(value + h) - at(value - h)) / (2 * h);
        assertAlmostEquals(gradient[i], slope, 1e-5 * Math.max(1, Math.abs(slope)));
      });
    });
  }
}

Deno.test("the two estimators have one expectation, and the local one less variance", () => {
  const sizes = [2, 8, 3], phi = meanField(initialParameters(sizes, seeded(5)), 0.5), S = 2000;
  const [global, local] = kinds.map((kind) => {
    const random = seeded(6);
    const values = Float64Array.from(
      { length: S },
      () => estimators[kind](sizes, phi, threeClasses, random).value,
    );
    const mean = values.reduce((a, b) => a + b) / S;
    return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (S - 1) };
  });
  const standardError = Math.sqrt((global.variance + local.variance) / S);
  assert(Math.abs(global.mean - local.mean) < 4 * standardError);
  assert(local.variance < global.variance / 2);
});

Deno.test("fitVariationalNetwork() raises its ELBO and predicts from its draws", () => {
  for (const estimator of kinds) {
    const fit = fitVariationalNetwork(moons, {
      random: seeded(7),
      estimator,
      epochs: 200,
    });
    const { samples } = fit.predict(moons.X, { random: seeded(8), samples: 20 });
    assertEquals(samples!.length, 20);
    const draws = fit.sample({ random: seeded(8), samples: 20 });
    const theta = row(draws, 19);
    assertEquals(samples![19], probabilitiesOf(forward({ ...fit, theta }, moons.X).logits));
    assert(fit.elbo.at(-1)! > fit.elbo[0]);
    assert(fit.deviation.every((s) => s > 0) && fit.divergence > 0);
  }
});

Deno.test("fitVariationalNetwork() learns what no straight line can", () => {
  const train = twoMoons(seeded(9), { points: 1000, noise: 0.1 });
  const { probabilities } = fitVariationalNetwork(train, { random: seeded(7), epochs: 100 })
    .predict(train.X, { random: seeded(10) });
  const right = train.labels.filter((label, n) => row(probabilities, n)[label] > 0.5);
  assert(right.length > 980); // a straight line gets about 890
});

Deno.test("fitVariationalNetwork() gives the same posterior for the same seed", () => {
  const fit = () => fitVariationalNetwork(moons, { random: seeded(8), epochs: 2 });
  assertEquals([fit().mean, fit().deviation], [fit().mean, fit().deviation]);
});

Deno.test("fitVariationalNetwork() refuses bad options", () => {
  const random = seeded(1),
    fit = (options: object) => () => fitVariationalNetwork(moons, { random, ...options });
  assertThrows(fit({ priorDeviation: -1 }), RangeError, "positive");
  assertThrows(fit({ initialDeviation: 0 }), RangeError, "above 0");
  assertThrows(fit({ estimator: "best" }), RangeError, '"global" or "local"');
});
