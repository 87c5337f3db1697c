/**
 * Bases φ = (φ_1, …, φ_M) for linear models: a basis is a list of functions, so that two are joined with `[...a, ...b]`.
 *
 * @module
 */
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
  if (basis.length === 0) throw new RangeError("A basis has at least one function, got none");
  const Phi = zeros(x.length, basis.length);
  for (let i = 0; i < x.length; i++) {
    const phi = row(Phi, i);
    for (let j = 0; j < basis.length; j++) {
      phi[j] = basis[j](x[i]);
      if (!Number.isFinite(phi[j])) {
        throw new RangeError(
          `Inputs and basis functions are finite numbers: input ${i} is ${x[i]}, ` +
            `where basis function ${j} is ${phi[j]}. Remove or repair it`,
        );
      }
    }
  }
  return Phi;
}

/**
 * 1, x, …, x^`degree`; degree 1 is the straight line.
 *
 * @throws {RangeError} where `degree` is not a whole number of at least 0.
 */
export function polynomial({ degree }: { degree: number }): Basis {
  assertCount("degree", degree, 0);
  return Array.from({ length: degree + 1 }, (_, j) => (x: number) => x ** j);
}

/**
 * Gaussian bumps exp(−(x − c)² / 2w²), one for each of the `centres` c, of `width` w.
 *
 * @throws {RangeError} where `width` is not positive.
 */
export function gaussian({ centres, width }: { centres: ArrayLike<number>; width: number }): Basis {
  assertPositive("width", width);
  return Array.from(centres, (c) => (x: number) => Math.exp(-(((x - c) / width) ** 2) / 2));
}

/**
 * sin(2πkx / `period`), cos(2πkx / `period`) for k = 1, …, `harmonics`, in this order.
 *
 * @throws {RangeError} where `period` is not positive, or `harmonics` not a whole number of at least 1.
 */
export function fourier({ period, harmonics }: { period: number; harmonics: number }): Basis {
  assertPositive("period", period);
  assertCount("harmonics", harmonics, 1);
  return Array.from({ length: harmonics }, (_, k) => 2 * Math.PI * (k + 1) / period)
    .flatMap((omega) => [(x: number) => Math.sin(omega * x), (x: number) => Math.cos(omega * x)]);
}

/**
 * Each function times `scale`: under one prior precision alpha these functions have the precision alpha / scale².
 *
 * @throws {RangeError} where `scale` is not positive.
 */
export function scaleBasis<Input>(basis: Basis<Input>, scale: number): Basis<Input> {
  assertPositive("scale", scale);
  return basis.map((phi) => (x: Input) => scale * phi(x));
}

/** `count` numbers from `low` to `high` at one distance, both ends included. */
export function evenlySpaced(low: number, high: number, count: number): number[] {
  assertCount("count", count, 2);
  return Array.from({ length: count }, (_, i) => low + (high - low) * (i / (count - 1)));
}

function assertPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new RangeError(`${name} is a finite number above 0, got ${value}`);
  }
}

function assertCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${name} is a whole number of at least ${least}, got ${value}`);
  }
}
