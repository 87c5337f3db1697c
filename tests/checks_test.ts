import { assertEquals, assertThrows } from "@std/assert";
import {
  checkBetween,
  checkLabels,
  checkNumber,
  checkNumbers,
  checkOneOf,
  checkOptions,
  checkPositive,
  checkWhole,
} from "../lib/checks.ts";

const wrong = <T>(value: unknown) => value as T;

Deno.test("every check returns what it finds usable", () => {
  const options = { a: 1 };
  assertEquals(checkOptions("f()", options, ["a", "b"]), options);
  assertEquals(checkOneOf("kind", "full", ["full", "diagonal"]), "full");
  assertEquals(checkWhole("count", 3, { least: 3, most: 3 }), 3);
  assertEquals(checkPositive("sigma", 1e-300), 1e-300);
  assertEquals(checkBetween("keep", 1, { low: 0, high: 1, open: ["low"] }), 1);
  assertEquals(checkNumber("mean", -0.5), -0.5);
  assertEquals(checkLabels(Uint8Array.of(0, 2), { count: 2, classes: 3 }), Uint8Array.of(0, 2));
  assertEquals(checkNumbers("x", [1, -2]), [1, -2]);
});

Deno.test("every check names the argument, what was given and what is allowed", () => {
  const cases: [() => unknown, typeof RangeError | typeof TypeError, string][] = [
    [() => checkOptions("f()", wrong(3), ["a"]), TypeError, "f() takes its options as an object"],
    [() => checkOptions("f()", { B: 1 }, ["a"]), TypeError, 'f() has no option "B": it takes a'],
    [
      () => checkOneOf("structure", wrong<string>("kron"), ["full", "diagonal"]),
      RangeError,
      'structure is "full" or "diagonal", got "kron"',
    ],
    [() => checkWhole("samples", 0.5, { least: 1 }), RangeError, "of at least 1, got 0.5"],
    [() => checkWhole("samples", wrong(3n)), RangeError, "got the BigInt 3n"],
    [() => checkPositive("sigma", NaN), RangeError, "sigma is a finite number above 0, got NaN"],
    [() => checkPositive("sigma", wrong("1")), RangeError, 'got "1"'],
    [
      () => checkBetween("keep", 0, { low: 0, high: 1, open: ["low"] }),
      RangeError,
      "keep lies in (0, 1], got 0",
    ],
    [() => checkBetween("keep", NaN, { low: 0, high: 1 }), RangeError, "[0, 1], got NaN"],
    [() => checkNumber("mean", wrong(null)), TypeError, "mean is a number, got null"],
    [() => checkNumber("mean", Infinity), RangeError, "mean is a finite number, got Infinity"],
    [() => checkLabels([0], { count: 2 }), RangeError, "each of 2 rows, got 1"],
    [() => checkLabels(wrong(["a"]), { count: 1 }), TypeError, 'entry 0 is "a"'],
    [() => checkLabels(wrong([true]), { count: 1 }), TypeError, "entry 0 is true"],
    [() => checkLabels(wrong([1n]), { count: 1 }), TypeError, "entry 0 is the BigInt 1n"],
    [() => checkLabels([-1], { count: 1 }), RangeError, "whole numbers from 0, and entry 0 is -1"],
    [() => checkLabels([3], { count: 1, classes: 3 }), RangeError, "from 0 to 2, and entry 0 is 3"],
    [() => checkLabels(wrong({ length: 1 }), { count: 1 }), TypeError, "an array of numbers"],
    [() => checkNumbers("x", wrong([null])), TypeError, "entry 0 is null"],
    [() => checkNumbers("x", [1, NaN]), RangeError, "entry 1 is NaN"],
    [() => checkNumbers("x", [1], { length: 2 }), RangeError, "x has 2 entries, got 1"],
  ];
  for (const [call, kind, message] of cases) assertThrows(call, kind as typeof Error, message);
});
