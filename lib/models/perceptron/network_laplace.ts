/**
 * Laplace's approximation of a network's posterior, over all its parameters or over its last layer alone.
 *
 * ```ts ignore
 * const network = fitNetwork(train, { random: seeded(1), priorDeviation: 1 });
 * const laplace = fitLaplaceApproximation(train, { model: lastLayer(network), priorDeviation: 1 });
 * const { probabilities } = laplace.predict(grid, { method: "probit" });
 * ```
 *
 * For all parameters the curvature is the generalised Gauss–Newton matrix, that of the network linearised in θ:
 * predictions by "probit" or "linearised" belong to it, and "sampling" puts draws of θ through the network itself,
 * which underfits (Immer, Korzepa and Bauer, Improving predictions of Bayesian neural nets via local linearization,
 * 2021). For the last layer, in which logits are linear, it is the exact Hessian (Kristiadi, Hein and Hennig, Being
 * Bayesian, Even Just a Bit, Fixes Overconfidence in ReLU Networks, 2020).
 *
 * @module
 */
import { checkInputs } from "../../data/labelled.ts";
import { type Matrix, row, transpose, zeros } from "../../linear_algebra/mod.ts";
import type { ExpandableClassifier } from "../inference/laplace_approximation.ts";
import { backward, forward, layersOf, linear } from "./multilayer_perceptron.ts";
import { checkNetwork, type Network } from "./network_classifier.ts";

/** `network` as a function of all its P parameters. */
export function allLayers(network: Network): ExpandableClassifier {
  const { sizes, theta } = checkNetwork(network);
  const C = sizes.at(-1)!;
  return {
    theta,
    logits: (X, values = theta) => forward({ sizes, theta: values }, X).logits,
    jacobian(X) {
      checkInputs(X, { columns: sizes[0] });
      const J = zeros(X.rows * C, theta.length);
      for (let n = 0; n < X.rows; n++) {
        const pass = forward({ sizes, theta }, asMatrix(row(X, n)));
        for (let c = 0; c < C; c++) {
          const unit = zeros(1, C);
          unit.data[c] = 1;
          row(J, n * C + c).set(backward({ sizes, theta }, pass, unit));
        }
      }
      return J;
    },
  };
}

/** `network` as a function of the weights and biases of its last layer; the layers below stay as they were fitted. */
export function lastLayer(network: Network): ExpandableClassifier {
  const { sizes, theta } = checkNetwork(network);
  const { inputs, outputs, weights: start } = layersOf(sizes).at(-1)!;
  const layer = { inputs, outputs, weights: 0, bias: inputs * outputs };
  const features = (X: Matrix) => forward({ sizes, theta }, X).inputs.at(-1)!; // inputs × N
  const last = theta.slice(start);
  return {
    theta: last,
    logits: (X, values = last) => transpose(linear(layer, values, features(X))),
    jacobian(X) {
      const H = transpose(features(X)), J = zeros(X.rows * outputs, last.length);
      for (let n = 0; n < X.rows; n++) {
        for (let c = 0; c < outputs; c++) {
          const slope = row(J, n * outputs + c);
          slope.set(row(H, n), c * inputs);
          slope[layer.bias + c] = 1;
        }
      }
      return J;
    },
  };
}

const asMatrix = (x: Float64Array): Matrix => ({ rows: 1, columns: x.length, data: x });
