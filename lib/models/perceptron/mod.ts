/**
 * Multilayer perceptrons for classification, in float64, and what can be said of the uncertainty of their weights.
 *
 * ```ts
 * import { fitDropoutNetwork } from "./mod.ts";
 * import { twoMoons } from "../../data/two_moons.ts";
 * import { seeded } from "../../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = twoMoons(seeded(1), { points: 100, noise: 0.2 });
 * const network = fitDropoutNetwork(data, { random: seeded(2), epochs: 5 });
 * const { samples } = network.predict(data.X, { random: seeded(3), samples: 10 });
 * assertEquals(samples?.length, 10);
 * ```
 *
 * @module
 */
// One network
export { initialParameters } from "./multilayer_perceptron.ts";
export {
  fitNetwork,
  type FittedNetwork,
  logPosterior,
  type Network,
  type NetworkOptions,
  withoutBiases,
} from "./network_classifier.ts";
export { adam, heavyBall, type Optimizer } from "./optimizers.ts";
// Many networks
export { type DeepEnsemble, fitDeepEnsemble } from "./deep_ensemble.ts";
export {
  type DropoutNetwork,
  fitDropoutNetwork,
  predictStochastic,
  predictWithDropout,
} from "./mc_dropout.ts";
// Laplace's approximation
export { allLayers, lastLayer } from "./network_laplace.ts";
// Variational inference
export type { Estimator } from "./mean_field.ts";
export { LinearVariational } from "./linear_variational.ts";
export {
  fitVariationalNetwork,
  type VariationalNetwork,
  type VariationalOptions,
} from "./variational_network.ts";
