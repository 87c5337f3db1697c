/**
 * First-order optimisers on a flat array of parameters, and the mini-batches that feed them.
 *
 * ```ts ignore
 * const step = adam({ learningRate: 0.01 });
 * for (const batch of minibatches(random, N, 100)) step(theta, gradientOf(batch));
 * ```
 *
 * @module
 */
import { checkBetween, checkOptions, checkPositive, checkWhole } from "../../checks.ts";
import { permutation, type Random } from "../../random.ts";

/** Moves `parameters`, in place, one step downhill along `gradient`; it keeps its own state between steps. */
export type Optimizer = (parameters: Float64Array, gradient: ArrayLike<number>) => void;

/**
 * Stochastic gradient descent with heavy-ball momentum (Polyak 1964): v ← `momentum` v + g, θ ← θ − `learningRate` v (PyTorch's convention).
 *
 * @throws {RangeError} where the rate is not positive and finite, or the momentum is outside [0, 1).
 */
export function heavyBall(
  options: { learningRate?: number; momentum?: number } = {},
): Optimizer {
  const { learningRate = 0.1, momentum = 0.9 } = checkOptions("heavyBall()", options, [
    "learningRate",
    "momentum",
  ]);
  checkPositive("learningRate", learningRate);
  checkDecay("momentum", momentum);
  let v: Float64Array | undefined;
  return (parameters, gradient) => {
    v ??= new Float64Array(parameters.length);
    for (let i = 0; i < parameters.length; i++) {
      v[i] = momentum * v[i] + gradient[i];
      parameters[i] -= learningRate * v[i];
    }
  };
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1).
 *
 * @throws {RangeError} where the rate is not positive or `epsilon` negative, or not finite, or a `beta` is outside [0, 1).
 */
export function adam(
  options: { learningRate?: number; beta1?: number; beta2?: number; epsilon?: number } = {},
): Optimizer {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = checkOptions(
    "adam()",
    options,
    ["learningRate", "beta1", "beta2", "epsilon"],
  );
  checkBetween("epsilon", epsilon, { low: 0, high: Infinity, open: ["high"] });
  checkPositive("learningRate", learningRate);
  checkDecay("beta1", beta1);
  checkDecay("beta2", beta2);
  let m: Float64Array | undefined, v: Float64Array | undefined, t = 0;
  return (parameters, gradient) => {
    m ??= new Float64Array(parameters.length);
    v ??= new Float64Array(parameters.length);
    t++;
    const correction1 = 1 - beta1 ** t, correction2 = 1 - beta2 ** t;
    for (let i = 0; i < parameters.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
      v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
      parameters[i] -= learningRate * (m[i] / correction1) /
        (Math.sqrt(v[i] / correction2) + epsilon);
    }
  };
}

/** How `minimize()` goes about it. */
export interface Schedule {
  /** Passes over the data; whole and at least 1. */
  epochs: number;
  /** Points in one gradient step. */
  batchSize: number;
  /** What turns gradients into steps. */
  optimizer: Optimizer;
  /** Draws the order of the points. */
  random: Random;
}

/**
 * Moves `parameters`, in place, down the gradient of an objective that is estimated from batches of `count` points.
 *
 * @returns The mean of the objective over the batches of each epoch.
 * @throws {RangeError} where an option is out of range, or the objective stops being finite.
 */
export function minimize(
  objective: (batch: Int32Array) => { value: number; gradient: ArrayLike<number> },
  { parameters, count, epochs, batchSize, optimizer, random }: Schedule & {
    parameters: Float64Array;
    count: number;
  },
): Float64Array {
  checkWhole("epochs", epochs, { least: 1 });
  return Float64Array.from({ length: epochs }, (_, epoch) => {
    let sum = 0;
    for (const batch of minibatches(random, count, batchSize)) {
      const { value, gradient } = objective(batch);
      sum += value * batch.length / count;
      optimizer(parameters, gradient);
    }
    if (!Number.isFinite(sum)) {
      throw new RangeError(`Training diverged in epoch ${epoch + 1}: take a lower learning rate`);
    }
    return sum;
  });
}

/** The numbers 0 … `count` − 1 in random order, cut into batches of `size`; the last one may be smaller. */
export function* minibatches(random: Random, count: number, size: number): Generator<Int32Array> {
  checkWhole("batchSize", size, { least: 1 });
  const order = permutation(random, count);
  for (let start = 0; start < count; start += size) yield order.subarray(start, start + size);
}

function checkDecay(name: string, value: number) {
  checkBetween(name, value, { low: 0, high: 1, open: ["high"] });
}
