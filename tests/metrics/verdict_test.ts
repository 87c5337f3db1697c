import { assertEquals, assertThrows } from "@std/assert";
import { type Part, partVerdict, verdict } from "../../lib/metrics/verdict.ts";

const at = (low: number, high: number) => ({
  quantity: "q",
  estimate: (low + high) / 2,
  low,
  high,
});
const above = (low: number, high: number): Part => ({ ...at(low, high), above: 0.5 });
const [holds, fails, undecided] = [above(0.6, 0.7), above(0.3, 0.4), above(0.4, 0.6)];

Deno.test("partVerdict() asks on which side of the threshold the interval lies", () => {
  assertEquals([holds, fails, undecided].map(partVerdict), ["holds", "fails", "undecided"]);
  assertEquals(partVerdict({ ...at(0.3, 0.4), below: 0.5 }), "holds");
  assertEquals(partVerdict({ ...at(0.6, 0.7), below: 0.5 }), "fails");
  assertEquals(partVerdict({ ...at(0.5, 0.7), above: 0.5 }), "undecided");
  assertEquals(partVerdict({ ...at(0.3, 0.5), above: 0.5 }), "fails");
  assertEquals(partVerdict({ ...at(0.9, 1), equals: 1 }), "holds");
  assertEquals(partVerdict({ ...at(0.9, 0.99), equals: 1 }), "fails");
  assertEquals(partVerdict({ quantity: "exact", estimate: 2, above: 2 }), "fails");
});

Deno.test("verdict() has four outcomes, by the parts and the conditions", () => {
  const rule: [Part[], string, string][] = [
    [[holds], "holds", "holds"],
    [[holds, holds], "holds", "holds"],
    [[holds, fails], "in part", "in part"],
    [[holds, undecided], "in part", "in part"],
    [[fails], "fails", "not reproduced here"],
    [[fails, undecided], "fails", "not reproduced here"],
    [[undecided], "not reproduced here", "not reproduced here"],
  ];
  for (const [parts, same, other] of rule) {
    assertEquals(verdict(parts), same);
    assertEquals(verdict(parts, { sameConditions: false }), other);
  }
});

Deno.test("verdict() refuses what cannot be compared", () => {
  assertThrows(() => verdict([]), RangeError, "at least one");
  assertThrows(() => partVerdict({ quantity: "q", estimate: NaN, above: 0 }), RangeError, '"q"');
  assertThrows(() => partVerdict({ quantity: "q", estimate: 1, above: NaN }), RangeError, "NaN");
  assertThrows(() => partVerdict({ ...at(0, 1), estimate: 2, above: 0 }), RangeError, "contains");
  assertThrows(
    () => partVerdict({ quantity: "q", estimate: 1 } as unknown as Part),
    RangeError,
    "above, below or equals",
  );
});
