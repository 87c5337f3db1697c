/**
 * The part of `@std/assert` 1.x that this project uses, with the same names, signatures and verdicts, so that the tests run
 * where the JSR registry cannot be reached. `deno.json` links it in the place of that package.
 *
 * @module
 */

import { equal } from "./equal.ts";

/** What every assertion throws when it does not hold. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

// deno-lint-ignore no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;

const show = (value: unknown) =>
  Deno.inspect(value, {
    depth: 10,
    sorted: true,
    trailingComma: true,
    iterableLimit: 50,
  });
const suffix = (message?: string) => message ? `: ${message}` : ".";

/** Throws {@linkcode AssertionError} with `message`. */
export function fail(message?: string): never {
  throw new AssertionError(`Failed assertion${suffix(message)}`);
}

/** `value` is truthy. */
export function assert(value: unknown, message = ""): asserts value {
  if (!value) throw new AssertionError(message);
}

/** `value` is falsy. */
export function assertFalse(
  value: unknown,
  message = "",
): asserts value is false {
  if (value) throw new AssertionError(message);
}

/** `actual` is neither null nor undefined. */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(
      `Expected actual: "${actual}" to not be null or undefined${suffix(message)}`,
    );
  }
}

/** `actual` and `expected` are deeply equal; NaN equals NaN and 0 equals -0. */
export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${suffix(message)}\n  actual:   ${show(actual)}\n  expected: ${
      show(expected)
    }`,
  );
}

/** `actual` and `expected` are not deeply equal. */
export function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${show(actual)} not to be: ${show(expected)}${suffix(message)}`,
  );
}

/** `actual` is the same value as `expected`, by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `Values are not strictly equal${suffix(message)}\n  actual:   ${show(actual)}\n  expected: ${
      show(expected)
    }`,
  );
}

/** `actual` is not the same value as `expected`, by `Object.is`. */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected "actual" to not be strictly equal to: ${show(actual)}${suffix(message)}`,
  );
}

/** |`actual` − `expected`| ≤ `tolerance`, which is 1e-7 · |`expected`| unless given; NaN is close to NaN alone. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  message?: string,
): void {
  const delta = Math.abs(expected - actual);
  if (Object.is(actual, expected) || delta <= tolerance) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is greater than "${tolerance}"${
      suffix(message)
    }`,
  );
}

/** `actual` > `expected`. */
export function assertGreater<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual > expected)) {
    throw new AssertionError(
      message ?? `Expect ${show(actual)} > ${show(expected)}`,
    );
  }
}

/** `actual` ≥ `expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual >= expected)) {
    throw new AssertionError(
      message ?? `Expect ${show(actual)} >= ${show(expected)}`,
    );
  }
}

/** `actual` < `expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void {
  if (!(actual < expected)) {
    throw new AssertionError(
      message ?? `Expect ${show(actual)} < ${show(expected)}`,
    );
  }
}

/** `actual` ≤ `expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (!(actual <= expected)) {
    throw new AssertionError(
      message ?? `Expect ${show(actual)} <= ${show(expected)}`,
    );
  }
}

/** The text `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${suffix(message)}`,
  );
}

/** The text `actual` matches the pattern `expected`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${suffix(message)}`,
  );
}

/** The text `actual` does not match the pattern `expected`. */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not match: "${expected}"${suffix(message)}`,
  );
}

/** Every one of `expected` is deeply equal to some element of `actual`. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  message?: string,
): void {
  const missing = Array.from(expected).filter((e) => !Array.from(actual).some((a) => equal(a, e)));
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: ${show(actual)} to include: ${show(expected)}${suffix(message)} Missing: ${
      show(missing)
    }`,
  );
}

/** `actual` is an instance of `Expected`. */
export function assertInstanceOf<T>(
  actual: unknown,
  Expected: Class<T>,
  message?: string,
): asserts actual is T {
  if (actual instanceof Expected) return;
  const kind = actual === null || typeof actual !== "object"
    ? String(actual)
    : actual.constructor?.name ?? "Object";
  throw new AssertionError(
    `Expected object to be an instance of "${Expected.name}" but was "${kind}"${suffix(message)}`,
  );
}

/** `error` is an Error, of class `Expected` and with `includes` in its message where they are given. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  Expected?: Class<E>,
  includes?: string | RegExp,
  message?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `Expected "error" to be an Error object${suffix(message)}`,
    );
  }
  if (Expected && !(error instanceof Expected)) {
    throw new AssertionError(
      `Expected error to be instance of "${Expected.name}", but was "${error.constructor.name}"${
        suffix(message)
      }`,
      { cause: error },
    );
  }
  const included = includes === undefined ||
    (typeof includes === "string"
      ? error.message.includes(includes)
      : includes.test(error.message));
  if (!included) {
    throw new AssertionError(
      `Expected error message to include ${show(includes)}, but got ${show(error.message)}${
        suffix(message)
      }`,
      { cause: error },
    );
  }
}

/** Checks what was thrown against the arguments after the function, as both {@linkcode assertThrows} and {@linkcode assertRejects} take them. */
function checkThrown(
  thrown: unknown,
  [Expected, includes, message]: ThrowArguments,
): void {
  if (typeof Expected === "function") {
    assertIsError(thrown, Expected, includes, message);
  }
}

type ThrowArguments = [
  Expected?: Class<Error> | string,
  includes?: string,
  message?: string,
];

const thrownSuffix = ([first, , message]: ThrowArguments) =>
  suffix(typeof first === "string" ? first : message);

/** `run` throws; returns what it threw. */
export function assertThrows(run: () => unknown, message?: string): unknown;
/** `run` throws an error of class `Expected` whose message contains `includes`; returns it. */
export function assertThrows<E extends Error = Error>(
  run: () => unknown,
  Expected: Class<E>,
  includes?: string,
  message?: string,
): E;
export function assertThrows(
  run: () => unknown,
  ...rest: ThrowArguments
): unknown {
  try {
    run();
  } catch (thrown) {
    checkThrown(thrown, rest);
    return thrown;
  }
  throw new AssertionError(`Expected function to throw${thrownSuffix(rest)}`);
}

/** The promise that `run` returns rejects; resolves to the reason. A synchronous throw does not count. */
export function assertRejects(
  run: () => PromiseLike<unknown>,
  message?: string,
): Promise<unknown>;
/** The promise that `run` returns rejects with an error of class `Expected` whose message contains `includes`. */
export function assertRejects<E extends Error = Error>(
  run: () => PromiseLike<unknown>,
  Expected: Class<E>,
  includes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  run: () => PromiseLike<unknown>,
  ...rest: ThrowArguments
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = run();
    assert(typeof promise?.then === "function");
  } catch {
    throw new AssertionError(
      `Function throws when expected to reject${thrownSuffix(rest)}`,
    );
  }
  try {
    await promise;
  } catch (reason) {
    checkThrown(reason, rest);
    return reason;
  }
  throw new AssertionError(`Expected function to reject${thrownSuffix(rest)}`);
}
