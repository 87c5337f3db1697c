/**
 * Checks of what callers give, as TypeScript's types do not run in a notebook: each returns its argument once it is
 * sure to be usable, and otherwise throws an error that names it, what was given, and what is allowed.
 *
 * @module
 */

/**
 * `options`, once every name in it is one of `names` and its value is given.
 *
 * @throws {TypeError} where it is no object, or has a name that is none of them.
 * @example
 * ```ts
 * import { checkOptions } from "./checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkOptions("fit()", { epoch: 3 }, ["epochs", "random"]),
 *   TypeError,
 *   'fit() has no option "epoch": it takes epochs, random',
 * );
 * ```
 */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  names: readonly string[],
): Options {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${name} takes its options as an object, got ${shown(options)}`);
  }
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `${name} has no option ${JSON.stringify(unknown)}: it takes ${names.join(", ")}`,
    );
  }
  return options;
}

/** @throws {RangeError} where `value` is none of the words `allowed`. */
export function checkOneOf<Word extends string>(
  name: string,
  value: Word,
  allowed: readonly Word[],
): Word {
  if (allowed.includes(value)) return value;
  const words = allowed.map((word) => JSON.stringify(word)).join(" or ");
  throw new RangeError(`${name} is ${words}, got ${shown(value)}`);
}

/** @throws {RangeError} where `value` is not a whole number from `least` to `most`. */
export function checkWhole(
  name: string,
  value: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { least?: number; most?: number } = {},
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER
    ? `of at least ${least}`
    : `from ${least} to ${most}`;
  throw new RangeError(`${name} is a whole number ${range}, got ${shown(value)}`);
}

/** @throws {RangeError} where `value` is not a finite number above 0. */
export function checkPositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name} is a finite number above 0, got ${shown(value)}`);
}

/** @throws {RangeError} where `value` is not a number from `low` to `high`, ends included unless `open` names them. */
export function checkBetween(
  name: string,
  value: number,
  { low, high, open = [] }: { low: number; high: number; open?: readonly ("low" | "high")[] },
): number {
  const above = open.includes("low") ? value > low : value >= low;
  const below = open.includes("high") ? value < high : value <= high;
  if (typeof value === "number" && above && below) return value;
  if (high === Infinity) {
    const least = open.includes("low") ? "above" : "of at least";
    throw new RangeError(`${name} is a finite number ${least} ${low}, got ${shown(value)}`);
  }
  const range = `${open.includes("low") ? "(" : "["}${low}, ${high}${
    open.includes("high") ? ")" : "]"
  }`;
  throw new RangeError(`${name} lies in ${range}, got ${shown(value)}`);
}

/** @throws {RangeError | TypeError} where `value` is not a finite number. */
export function checkNumber(name: string, value: number): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name} is a number, got ${shown(value)}`);
  }
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${name} is a finite number, got ${value}`);
}

/**
 * `labels`, once they are `count` whole numbers from 0 to `classes` − 1.
 *
 * @throws {TypeError} where they are not in an array, or one is not a number.
 * @throws {RangeError} where there are more or fewer, or one is no class.
 */
export function checkLabels<Labels extends ArrayLike<number>>(
  labels: Labels,
  { count, classes, name = "labels" }: { count: number; classes?: number; name?: string },
): Labels {
  checkList(name, labels);
  if (labels.length !== count) {
    throw new RangeError(
      `${name} have one entry for each of ${count} rows, got ${labels.length}`,
    );
  }
  for (let i = 0; i < count; i++) {
    const label = labels[i];
    if (typeof label !== "number") {
      throw new TypeError(
        `${name} are numbers, and entry ${i} is ${shown(label)}: ` +
          "give the classes as whole numbers from 0",
      );
    }
    if (!Number.isInteger(label) || label < 0 || !(label < (classes ?? Infinity))) {
      const range = classes === undefined ? "from 0" : `from 0 to ${classes - 1}`;
      throw new RangeError(`${name} are whole numbers ${range}, and entry ${i} is ${label}`);
    }
  }
  return labels;
}

/**
 * `numbers`, once each of them is one.
 *
 * @throws {TypeError} where they are not in an array, or one is not a number.
 * @throws {RangeError} where one is not finite.
 */
export function checkNumbers<Numbers extends ArrayLike<number>>(
  name: string,
  numbers: Numbers,
  { length }: { length?: number } = {},
): Numbers {
  checkList(name, numbers);
  if (length !== undefined && numbers.length !== length) {
    throw new RangeError(`${name} has ${length} entries, got ${numbers.length}`);
  }
  for (let i = 0; i < numbers.length; i++) {
    if (typeof numbers[i] !== "number") {
      throw new TypeError(`${name} holds numbers, and entry ${i} is ${shown(numbers[i])}`);
    }
    if (!Number.isFinite(numbers[i])) {
      throw new RangeError(`${name} holds finite numbers, and entry ${i} is ${numbers[i]}`);
    }
  }
  return numbers;
}

/** @throws {TypeError} where `value` is not a function. */
export function checkFunction<Given extends (...parameters: never[]) => unknown>(
  name: string,
  value: Given,
): Given {
  if (typeof value === "function") return value;
  throw new TypeError(`${name} is a function, got ${shown(value)}`);
}

/** What was given, short enough for a message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "bigint") return `the BigInt ${value}n`;
  if (typeof value === "object" && value !== null) return `a value of type ${kindOf(value)}`;
  if (typeof value === "function") return "a function";
  return String(value);
}

function checkList(name: string, list: ArrayLike<unknown>): void {
  const isList = Array.isArray(list) || ArrayBuffer.isView(list) && !(list instanceof DataView);
  if (!isList) throw new TypeError(`${name} is an array of numbers, got ${shown(list)}`);
}

function kindOf(value: object): string {
  return value.constructor?.name ?? "object";
}
