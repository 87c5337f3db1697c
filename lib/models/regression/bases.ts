/**
 * Bases φ = (φ_1, …, φ_M) for linear models: a basis is a list of functions, so that two are joined with `[...a, ...b]`.
 *
 * @module
 */
import {
  checkFunction,
  checkNumber,
  checkNumbers,
  checkOptions,
  checkPositive,
  checkWhole,
  shown,
} from "../../checks.ts";
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";

/** Functions φ_1, …, φ_M of one input, which is a number unless said otherwise. */
export type Basis<Input = number> = readonly ((x: Input) => number)[];

/**
 * The design matrix Φ, N × M, with Φ_ij = φ_j(x_i).
 *
 * @throws {RangeError} where the basis is empty or a φ_j(x_i) is not finite.
 * @example
 * ```ts
 * import { designMatrix, polynomial } from "./bases.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...designMatrix(polynomial({ degree: 2 }), [3]).data], [1, 3, 9]);
 * ```
 */
export function designMatrix<Input>(basis: Basis<Input>, x: ArrayLike<Input>): Matrix {
  checkBasis(basis);
  if (typeof x !== "object" || x === null || !Number.isSafeInteger(x.length)) {
    throw new TypeError(`x is an array of inputs, got ${shown(x)}`);
  }
  const Phi = zeros(x.length, basis.length);
  for (let i = 0; i < x.length; i++) {
    checkInput(`x[${i}]`, x[i]);
    const phi = row(Phi, i);
    for (let j = 0; j < basis.length; j++) {
      const value = basis[j](x[i]);
      if (!Number.isFinite(value)) {
        throw new RangeError(
          `The basis functions of x are finite numbers: x[${i}] is ${shown(x[i])}, ` +
            `where basis[${j}] is ${shown(value)}. Remove or repair it`,
        );
      }
      phi[j] = value;
    }
  }
  return Phi;
}

/** An input is a finite number, or an array of coordinates: a string would be computed with in silence. */
function checkInput(name: string, input: unknown): void {
  if (typeof input === "object" && input !== null) checkNumbers(name, input as ArrayLike<number>);
  else checkNumber(name, input as number);
}

/**
 * `basis`, once it is at least one function.
 *
 * @throws {TypeError} where it is no array of functions.
 * @throws {RangeError} where it is empty.
 */
export function checkBasis<Input>(basis: Basis<Input>): Basis<Input> {
  if (!Array.isArray(basis)) {
    throw new TypeError(`basis is an array of functions, got ${shown(basis)}`);
  }
  if (basis.length === 0) throw new RangeError("A basis has at least one function, got none");
  basis.forEach((phi, j) => checkFunction(`basis[${j}]`, phi));
  return basis;
}

/**
 * 1, x, …, x^`degree`; degree 1 is the straight line.
 *
 * @throws {RangeError} where `degree` is not a whole number of at least 0.
 */
export function polynomial(options: { degree: number }): Basis {
  const { degree } = checkOptions("polynomial()", options, ["degree"]);
  checkWhole("degree", degree);
  return Array.from({ length: degree + 1 }, (_, j) => (x: number) => x ** j);
}

/**
 * Gaussian bumps exp(−(x − c)² / 2w²), one for each of the `centres` c, of `width` w.
 *
 * @throws {RangeError} where `width` is not positive.
 */
export function gaussian(options: { centres: ArrayLike<number>; width: number }): Basis {
  const { centres, width } = checkOptions("gaussian()", options, ["centres", "width"]);
  checkNumbers("centres", centres);
  checkPositive("width", width);
  return Array.from(centres, (c) => (x: number) => Math.exp(-(((x - c) / width) ** 2) / 2));
}

/**
 * sin(2πkx / `period`), cos(2πkx / `period`) for k = 1, …, `harmonics`, in this order.
 *
 * @throws {RangeError} where `period` is not positive, or `harmonics` not a whole number of at least 1.
 */
export function fourier(options: { period: number; harmonics: number }): Basis {
  const { period, harmonics } = checkOptions("fourier()", options, ["period", "harmonics"]);
  checkPositive("period", period);
  checkWhole("harmonics", harmonics, { least: 1 });
  return Array.from({ length: harmonics }, (_, k) => 2 * Math.PI * (k + 1) / period)
    .flatMap((omega) => [(x: number) => Math.sin(omega * x), (x: number) => Math.cos(omega * x)]);
}

/**
 * Each function times `scale`: under one prior precision alpha these functions have the precision alpha / scale².
 *
 * @throws {RangeError} where `scale` is not positive.
 */
export function scaleBasis<Input>(basis: Basis<Input>, scale: number): Basis<Input> {
  checkBasis(basis);
  checkPositive("scale", scale);
  return basis.map((phi) => (x: Input) => scale * phi(x));
}

/**
 * `count` numbers from `low` to `high` at one distance, both ends included.
 *
 * @throws {RangeError | TypeError} where an end is not a finite number, or `count` not a whole number of at least 2.
 */
export function evenlySpaced(low: number, high: number, count: number): number[] {
  checkNumber("low", low);
  checkNumber("high", high);
  checkWhole("count", count, { least: 2 });
  return Array.from({ length: count }, (_, i) => low + (high - low) * (i / (count - 1)));
}
