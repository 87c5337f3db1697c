/**
 * Covariance functions of Gaussian processes.
 *
 * @module
 */
import { checkOptions, checkPositive } from "../../checks.ts";
import { type Matrix, zeros } from "../../linear_algebra/mod.ts";

/** A covariance function k(a, b) of the values of a random function at two inputs. */
export type Kernel<Input> = (a: Input, b: Input) => number;

/**
 * k(a, b) = `variance` exp(−‖a − b‖² / 2 `length`²), of numbers or of vectors.
 *
 * @throws {RangeError} where `variance` or `length` is not positive.
 */
export function squaredExponential(
  options: { variance: number; length: number },
): Kernel<number | Float64Array> {
  const { variance, length } = checkOptions("squaredExponential()", options, [
    "variance",
    "length",
  ]);
  checkPositive("variance", variance);
  checkPositive("length", length);
  const scale = 2 * length ** 2;
  return (a, b) => variance * Math.exp(-squaredDistance(a, b) / scale);
}

/**
 * What Gaussian bumps of one `width` w, `spacing` Δ apart on the whole line, under the prior precision `alpha` add up
 * to: the squared exponential kernel with variance √π w / (alpha Δ) and length √2 w.
 *
 * It is the limit of small Δ; the sum differs from it by at most 2 exp(−π²w²/Δ²) of its height, 0.0001 at Δ = w.
 *
 * @throws {RangeError} where a number is not positive.
 */
export function limitOfGaussianBasis(
  options: { width: number; spacing: number; alpha: number },
): Kernel<number> {
  const { width, spacing, alpha } = checkOptions("limitOfGaussianBasis()", options, [
    "width",
    "spacing",
    "alpha",
  ]);
  return squaredExponential({
    variance: Math.sqrt(Math.PI) * checkPositive("width", width) /
      (checkPositive("alpha", alpha) * checkPositive("spacing", spacing)),
    length: Math.SQRT2 * width,
  });
}

/**
 * k(a_i, b_j) for every a_i and b_j.
 *
 * @throws {RangeError} where one is not finite.
 */
export function covarianceMatrix<Input>(
  kernel: Kernel<Input>,
  a: ArrayLike<Input>,
  b: ArrayLike<Input>,
): Matrix {
  const K = zeros(a.length, b.length);
  for (let i = 0, k = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++, k++) {
      K.data[k] = kernel(a[i], b[j]);
      if (!Number.isFinite(K.data[k])) {
        throw new RangeError(`The kernel is a finite number of two inputs, got ${K.data[k]}`);
      }
    }
  }
  return K;
}

function squaredDistance(a: number | Float64Array, b: number | Float64Array): number {
  if (typeof a === "number" || typeof b === "number") return (Number(a) - Number(b)) ** 2;
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}
