/** The assertions of `@std/assert` that this project uses, API-compatible, so that tests run offline. */
import { inspect, isDeepStrictEqual } from "node:util";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

export class AssertionError extends Error {
  override name = "AssertionError";
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg = ""): void {
  assert(
    isDeepStrictEqual(actual, expected),
    `${msg} Values are not equal: actual ${inspect(actual)}, expected ${
      inspect(expected)
    }`.trim(),
  );
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg = "",
): void {
  assert(
    Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance,
    `${msg} Expected ${expected} within ${tolerance}, got ${actual}`.trim(),
  );
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg = "",
): void {
  assert(
    actual.includes(expected),
    `${msg} Expected "${actual}" to contain "${expected}"`.trim(),
  );
}

export function assertIsError<E extends Error>(
  error: unknown,
  ErrorClass: ErrorClass<E> = Error as unknown as ErrorClass<E>,
  msgIncludes = "",
): asserts error is E {
  assert(
    error instanceof ErrorClass,
    `Expected an error of class ${ErrorClass.name}, got ${inspect(error)}`,
  );
  assertStringIncludes(error.message, msgIncludes);
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    assertIsError(error, ErrorClass, msgIncludes);
    return error;
  }
  throw new AssertionError("Expected function to throw");
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    assertIsError(error, ErrorClass, msgIncludes);
    return error;
  }
  throw new AssertionError("Expected function to reject");
}
