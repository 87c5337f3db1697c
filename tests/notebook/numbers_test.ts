import { assertEquals, assertThrows } from "@std/assert";
import * as numbers from "../../lib/notebook/numbers.ts";

const { written, writtenInFormula } = numbers;

Deno.test("written() sets numbers as prose has them", () => {
  const cases: [numbers.Value, string][] = [
    [25, "25"],
    [-3, "−3"],
    [2000, "2000"],
    [50_000, "50,000"],
    [0.123456, "0.123"],
    [-0.5, "−0.5"],
    [1234.5678, "1235"],
    [12345.678, "12,346"],
    [3.3333e-6, "$3.33 \\times 10^{-6}$"],
    [-2e9, "$-2 \\times 10^{9}$"],
    [0, "0"],
    [-0, "0"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [null, "–"],
    [undefined, "–"],
    ["holds", "holds"],
    [true, "true"],
  ];
  for (const [value, expected] of cases) assertEquals(written(value), expected);
  assertEquals(written(0.123456, 2), "0.12");
});

Deno.test("writtenInFormula() writes LaTeX without dollars", () => {
  const cases: [numbers.Value, string][] = [
    [1e-7, "1 \\times 10^{-7}"],
    [-0.25, "-0.25"],
    [50_000, "50{,}000"],
    [-Infinity, "-\\infty"],
    ["x", "x"],
  ];
  for (const [value, expected] of cases) assertEquals(writtenInFormula(value), expected);
});

Deno.test("no number is written that is none", () => {
  const { fixed, percent, plusMinus } = numbers;
  for (const write of [written, writtenInFormula, fixed, percent, (x: number) => plusMinus(x, 1)]) {
    assertThrows(() => write(NaN), RangeError, "NaN");
  }
});

Deno.test("numbers with units and intervals", () => {
  const interval = { estimate: 0.7406, low: 0.7319, high: 0.7491 };
  assertEquals(numbers.fixed(-0.0001, 2), "0.00");
  assertEquals(numbers.fixed(-1.25, 1), "−1.3");
  assertEquals(numbers.percent(0.9995), "100.0%");
  assertEquals(numbers.percentRange(interval), "73.2% to 74.9%");
  assertEquals(numbers.bracketed(interval), "0.741 [0.732, 0.749]");
  assertEquals(numbers.percentBracketed(interval), "74.1% [73.2, 74.9]");
  assertEquals(
    numbers.pointsBracketed({ estimate: -0.01, low: -0.02, high: 0.001 }),
    "−1.0 points [−2.0, 0.1]",
  );
  assertEquals(numbers.plusMinus(0.009889, 0.00833), "0.0099 ± 0.0083");
  assertEquals(numbers.plusMinus(5.932, 0.01714), "5.932 ± 0.017");
  assertEquals(numbers.plusMinus(123.4, 17), "123 ± 17");
});

Deno.test("list() joins as English does", () => {
  assertEquals(numbers.list([7]), "7");
  assertEquals(numbers.list([7, 5]), "7 and 5");
  assertEquals(numbers.list(["a", 0.5, null]), "a, 0.5 and –");
});

Deno.test("commonDecimals() gives the largest three digits and the smallest two", () => {
  const { commonDecimals } = numbers;
  assertEquals(commonDecimals([0, 0.7071, 0.1522, 0.09842]), 3);
  assertEquals(commonDecimals([0.03354, 0.001173]), 4);
  assertEquals(commonDecimals([-35.65, -3.393]), 1);
  assertEquals(commonDecimals([0.05, 0.1, 0.3]), 2);
  assertEquals(commonDecimals([1, 20, 300]), undefined);
  assertEquals(commonDecimals([0.0018, 3.1]), undefined);
  assertEquals(commonDecimals([Infinity]), undefined);
});
