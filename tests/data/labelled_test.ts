import { assertEquals, assertThrows } from "@std/assert";
import { checkLabelled, selected } from "../../lib/data/labelled.ts";
import { matrix } from "../../lib/linear_algebra/mod.ts";

const X = matrix([[0, 1], [2, 3], [4, 5]]);
const labels = (...values: number[]) => Int32Array.from(values);

Deno.test("selected() takes the points asked for, in their order", () => {
  const result = selected({ X, labels: labels(0, 1, 2) }, [2, 0]);
  assertEquals(result, { X: matrix([[4, 5], [0, 1]]), labels: labels(2, 0) });
});

Deno.test("checkLabelled() passes what a classifier can be fitted to, and names the fault of anything else", () => {
  const data = { X, labels: labels(0, 1, 1) };
  assertEquals(checkLabelled(data), data);
  const empty = { X: { rows: 0, columns: 2, data: new Float64Array() }, labels: labels() };
  assertThrows(() => checkLabelled(empty), RangeError, "no points");
  assertThrows(
    () => checkLabelled({ X, labels: labels(0, 1) }),
    RangeError,
    "each of 3 rows, got 2",
  );
  assertThrows(() => checkLabelled({ X, labels: labels(0, 1, 2) }), RangeError, "entry 2 is 2");
  assertThrows(
    () => checkLabelled({ X, labels: labels(0, -1, 1) }),
    RangeError,
    "from 0 to 1, and entry 1 is -1",
  );
  assertThrows(() => checkLabelled({ X, labels: labels(1, 1, 1) }), RangeError, "two classes");
  const broken = { X: { ...X, data: X.data.with(3, NaN) }, labels: labels(0, 1, 1) };
  assertThrows(() => checkLabelled(broken), RangeError, "X[1, 1] is NaN");
});
