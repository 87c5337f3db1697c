/**
 * Numbers as prose and tables have them: a true minus sign, no more digits than are known, units written out.
 *
 * @module
 */
import type { Interval } from "../metrics/interval.ts";

/** A value in a table or in prose. */
export type Value = string | number | boolean | null | undefined;

/**
 * A value in prose: whole numbers in full, others to `digits` significant digits, powers of ten as a formula, "–" for
 * nothing, and strings, which are Markdown, as they are.
 *
 * @throws {RangeError} where a number is NaN.
 * @example
 * ```ts
 * import { written } from "./numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-0.51234, 1234.5, 20000].map((value) => written(value)), ["−0.512", "1235", "20,000"]);
 * assertEquals(written(3.21e-7), "$3.21 \\times 10^{-7}$");
 * ```
 */
export function written(value: Value, digits = 3): string {
  if (typeof value !== "number") return value === null || value === undefined ? "–" : `${value}`;
  const power = powerOfTen(value, digits);
  return power ? `$${power}$` : withMinus(decimal(value, digits));
}

/** A value within a formula, as LaTeX. */
export function writtenInFormula(value: Value, digits = 3): string {
  if (typeof value !== "number") return value === null || value === undefined ? "" : `${value}`;
  return powerOfTen(value, digits) ??
    decimal(value, digits).replace("∞", "\\infty").replaceAll(",", "{,}");
}

/** `value` with `decimals` digits after the point. */
export function fixed(value: number, decimals = 2): string {
  return withMinus(number(value).toFixed(decimals).replace(/^-(0\.?0*)$/, "$1"));
}

/** A share as a percentage. */
export function percent(share: number, decimals = 1): string {
  return `${fixed(100 * share, decimals)}%`;
}

/** The ends of an interval of shares, "99.6% to 100.0%". */
export function percentRange(
  { low, high }: { readonly low: number; readonly high: number },
  decimals = 1,
): string {
  return `${percent(low, decimals)} to ${percent(high, decimals)}`;
}

/** An estimate with its interval, "0.758 [0.751, 0.765]". */
export function bracketed({ estimate, low, high }: Interval, decimals = 3): string {
  return `${fixed(estimate, decimals)} [${fixed(low, decimals)}, ${fixed(high, decimals)}]`;
}

/** A share with its interval, "74.1% [73.2, 74.9]". */
export function percentBracketed(share: Interval, decimals = 1): string {
  return hundredfold(share, "%", decimals);
}

/** A difference of shares with its interval, "5.0 points [3.7, 6.3]". */
export function pointsBracketed(difference: Interval, decimals = 1): string {
  return hundredfold(difference, " points", decimals);
}

/**
 * An estimate with half the width of its interval, which has two significant digits and so decides how many the
 * estimate has: "0.0099 ± 0.0083".
 */
export function plusMinus(estimate: number, half: number): string {
  const decimals = half > 0 ? Math.min(12, Math.max(0, 1 - orderOf(half))) : 3;
  return `${fixed(estimate, decimals)} ± ${fixed(half, decimals)}`;
}

/** Items as an English list, "a, b and c". */
export function list(items: Iterable<Value>): string {
  return new Intl.ListFormat("en-GB").format(Array.from(items, (item) => written(item)));
}

/**
 * The digits after the point that let the largest of `values` have three significant digits and the smallest two, if they
 * have as many; nothing where no one number serves them all.
 */
export function commonDecimals(values: readonly number[]): number | undefined {
  const orders = values.filter((value) => value !== 0 && Number.isFinite(value)).map(orderOf);
  if (orders.length === 0 || values.every(Number.isInteger)) return undefined;
  const [least, most] = [Math.min(...orders), Math.max(...orders)];
  const written = Math.max(...values.map((value) => `${value}`.split(".")[1]?.length ?? 0));
  const decimals = Math.min(written, Math.max(0, 2 - most, 1 - least));
  return most - least > 2 || decimals > 6 ? undefined : decimals;
}

function hundredfold({ estimate, low, high }: Interval, unit: string, decimals: number): string {
  const [middle, from, to] = [estimate, low, high].map((share) => fixed(100 * share, decimals));
  return `${middle}${unit} [${from}, ${to}]`;
}

function decimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const text = Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(Math.max(digits, 1 + orderOf(value)))));
  return Math.abs(value) < 10_000 ? text : text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function powerOfTen(value: number, digits: number): string | undefined {
  const size = Math.abs(number(value));
  if (size === 0 || size === Infinity || (size >= 1e-4 && size < 1e6)) return undefined;
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)} \\times 10^{${Number(exponent)}}`;
}

function number(value: number): number {
  if (!Number.isNaN(value)) return value;
  throw new RangeError("A number to be shown is NaN: look where it was computed");
}

const orderOf = (value: number) => Math.floor(Math.log10(Math.abs(value)));
const withMinus = (text: string) => text.replace("-", "−");
