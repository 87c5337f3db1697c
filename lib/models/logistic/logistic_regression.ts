/**
 * Logistic regression for K ≥ 2 classes under one Gaussian prior on weights and bias.
 *
 * Logits a = W x + b, with p(y = 1 | x) = σ(a) from one logit for two classes and the softmax of K logits for more;
 * θ holds W (C × D, by rows), then b (C), and θ ~ N(0, σ² I). Its mode minimises the convex
 * −Σ_n log p(y_n | x_n, θ) + |θ|² / (2σ²).
 *
 * ```ts ignore
 * const model = fitLogisticRegression(train, { priorDeviation: 1 });
 * const { probabilities } = model.predict(test.X);
 * ```
 *
 * @module
 */
import { checkNumbers, checkOptions, checkWhole } from "../../checks.ts";
import { checkLabelled, type Labelled } from "../../data/labelled.ts";
import {
  cholesky,
  choleskySolve,
  dot,
  type Matrix,
  NotPositiveDefiniteError,
  row,
} from "../../linear_algebra/mod.ts";
import { checkRandom, type Random } from "../../random.ts";
import { gaussNewton } from "../inference/gauss_newton.ts";
import type { ExpandableClassifier } from "../inference/laplace_approximation.ts";
import { priorDeviationOf, priorPrecisionOf } from "../inference/prior.ts";
import { logitCurvature, logLikelihood } from "../inference/likelihood.ts";
import { backward, forward } from "../perceptron/multilayer_perceptron.ts";
import { fitNetwork, sizesFor } from "../perceptron/network_classifier.ts";
import { lastLayer } from "../perceptron/network_laplace.ts";
import { heavyBall } from "../perceptron/optimizers.ts";
import { type Prediction, probabilitiesOf } from "../inference/predictive.ts";

/** What the fits have in common. */
export interface LogisticRegressionOptions {
  /** K; labels are 0 … K − 1. */
  classes?: number;
  /** σ of the prior; Infinity is maximum likelihood. */
  priorDeviation?: number;
}

/** Thrown where the likelihood has no maximum and no prior gives it one. */
export class SeparableDataError extends RangeError {
  /** The kind of the error. */
  override name = "SeparableDataError";
}

/** A logistic regression with given parameters. */
export class LogisticRegression implements ExpandableClassifier {
  /** All parameters. */
  readonly theta: Float64Array;
  /** [D, C], in the terms of a network without hidden layers. */
  readonly sizes: readonly [inputs: number, logits: number];

  /**
   * The model with the parameters θ.
   *
   * @throws {RangeError} where there are not (D + 1) C parameters.
   */
  constructor(theta: Float64Array, options: { inputs: number; classes: number }) {
    const { inputs, classes } = checkOptions("LogisticRegression", options, ["inputs", "classes"]);
    checkNumbers("theta", theta);
    checkWhole("inputs", inputs, { least: 1 });
    const [, C] = sizesFor(inputs, [], classes);
    if (theta.length !== (inputs + 1) * C) {
      throw new RangeError(
        `${classes} classes and ${inputs} inputs need ${
          (inputs + 1) * C
        } parameters, got ${theta.length}`,
      );
    }
    this.theta = theta;
    this.sizes = [inputs, C];
  }

  /** The logits of X under θ, N × K. */
  logits(X: Matrix, theta: Float64Array = this.theta): Matrix {
    return forward({ sizes: this.sizes, theta }, X).logits;
  }

  /** The derivatives of the logits by θ, a row for each logit. */
  jacobian(X: Matrix): Matrix {
    return lastLayer(this).jacobian(X);
  }

  /** The class probabilities under θ alone. */
  predict(X: Matrix): Prediction {
    return { probabilities: probabilitiesOf(this.logits(X)) };
  }
}

/**
 * The mode of the posterior, by Newton's method to machine precision.
 *
 * @throws {RangeError} where the data are no classification set or σ is not positive.
 * @throws {SeparableDataError} where σ is infinite and the likelihood has no unique maximum.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.3.
 */
export function fitLogisticRegression(
  data: Labelled,
  options: LogisticRegressionOptions = {},
): LogisticRegression {
  const { classes = 2, priorDeviation = 1 } = checkOptions("fitLogisticRegression()", options, [
    "classes",
    "priorDeviation",
  ]);
  checkLabelled(data, classes);
  const priorPrecision = priorDeviation === Infinity ? 0 : priorPrecisionOf(priorDeviation);
  const inputs = data.X.columns, sizes = sizesFor(inputs, [], classes);
  let theta = new Float64Array((inputs + 1) * sizes[1]);
  let { value, gradient } = objective(theta, { sizes, data, priorPrecision });
  for (let iteration = 0; iteration < 100; iteration++) {
    const step = newtonStep(theta, { sizes, data, priorPrecision, gradient });
    const decrement = dot(gradient, step); // twice the expected decrease
    // The decrease that rounding can no longer show; the gradient's own rounding ends the iteration.
    if (decrement <= 1e-26 * (1 + Math.abs(value))) break;
    let scale = 1, next = theta, reached = { value, gradient };
    do {
      next = theta.map((t, i) => t - scale * step[i]);
      reached = objective(next, { sizes, data, priorPrecision });
      scale /= 2;
    } while (reached.value > value + 1e-14 * Math.abs(value) && scale > 1e-10);
    theta = next;
    ({ value, gradient } = reached);
    if (priorPrecision === 0 && separates(theta, { sizes, data })) throw separable();
  }
  return new LogisticRegression(theta, { inputs, classes });
}

/**
 * The same mode by stochastic gradient descent, as far as its epochs reach.
 *
 * A `weightDecay` λ on the mean loss of N points, the gradient λ θ that optimisers add, is the prior σ² = 1 / (λ N).
 *
 * @throws {RangeError} where the data or an option cannot be used.
 */
export function fitLogisticRegressionBySgd(
  data: Labelled,
  options: {
    random: Random;
    classes?: number;
    weightDecay?: number;
    learningRate?: number;
    momentum?: number;
    epochs?: number;
    batchSize?: number;
  },
): LogisticRegression {
  const {
    random,
    classes = 2,
    weightDecay = 0.05,
    learningRate = 0.1,
    momentum = 0.9,
    epochs = 20,
    batchSize = 32,
  } = checkOptions("fitLogisticRegressionBySgd()", options, [
    "random",
    "classes",
    "weightDecay",
    "learningRate",
    "momentum",
    "epochs",
    "batchSize",
  ]);
  checkRandom("fitLogisticRegressionBySgd()", random);
  checkLabelled(data, classes);
  const { theta } = fitNetwork(data, {
    random,
    classes,
    hidden: [],
    priorDeviation: priorDeviationOf({ weightDecay, points: data.X.rows }),
    epochs,
    batchSize,
    optimizer: () => heavyBall({ learningRate, momentum }),
  });
  return new LogisticRegression(theta, { inputs: data.X.columns, classes });
}

interface Problem {
  sizes: readonly number[];
  data: Labelled;
  /** 1/σ². */
  priorPrecision: number;
}

function objective(theta: Float64Array, { sizes, data, priorPrecision }: Problem) {
  const pass = forward({ sizes, theta }, data.X);
  const { value, gradient } = logLikelihood(pass.logits, data.labels);
  return {
    value: priorPrecision / 2 * dot(theta, theta) - value,
    gradient: backward({ sizes, theta }, pass, gradient).map((g, i) =>
      priorPrecision * theta[i] - g
    ),
  };
}

function newtonStep(
  theta: Float64Array,
  { sizes, data, priorPrecision, gradient }: Problem & { gradient: Float64Array },
): Float64Array {
  const { logits } = forward({ sizes, theta }, data.X);
  const H = gaussNewton(lastLayer({ sizes, theta }).jacobian(data.X), logitCurvature(logits)),
    P = H.rows;
  for (let i = 0; i < P; i++) H.data[i * P + i] += priorPrecision;
  try {
    return choleskySolve(cholesky(H), { rows: P, columns: 1, data: gradient }).data;
  } catch (cause) {
    if (priorPrecision === 0 && cause instanceof NotPositiveDefiniteError) throw separable(cause);
    throw cause;
  }
}

/** Whether every point has its class's logit above all others: then larger θ are always likelier. */
function separates(
  theta: Float64Array,
  { sizes, data }: { sizes: readonly number[]; data: Labelled },
) {
  const { logits } = forward({ sizes, theta }, data.X);
  return data.labels.every((label, n) => {
    const a = row(logits, n);
    if (a.length === 1) return label === 1 ? a[0] > 0 : a[0] < 0;
    return a.every((ak, k) => k === label || ak < a[label]);
  });
}

function separable(cause?: unknown): SeparableDataError {
  return new SeparableDataError(
    "The likelihood has no unique maximum: the classes are separable, or features or logits are redundant. " +
      "Give a prior, such as priorDeviation: 1",
    { cause },
  );
}
