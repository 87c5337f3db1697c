import { assert, assertEquals, assertThrows } from "@std/assert";
import { lineSet, sineSet } from "../../lib/data/regression.ts";
import { seeded } from "../../lib/random.ts";

Deno.test("lineSet() and sineSet() draw points of their truth with noise, the same for a seed", () => {
  for (const make of [lineSet, sineSet]) {
    const { x, y, truth, sigma } = make(seeded(1), { points: 2000 });
    const squares = x.reduce((sum, v, i) => sum + (y[i] - truth(v)) ** 2, 0) / x.length;
    assert(Math.abs(squares / sigma ** 2 - 1) < 5 * Math.sqrt(2 / x.length));
    assertEquals(make(seeded(1), { points: 2000 }).y, y);
  }
  assertEquals(lineSet(seeded(1)).truth(2), 0.7);
});

Deno.test("lineSet() fills its intervals in turn and leaves the hole between them empty", () => {
  const { x } = lineSet(seeded(2), { points: 101, intervals: [[0, 0.5], [1.5, 2]] });
  const inside = (low: number, high: number) => x.filter((v) => low <= v && v < high).length;
  assertEquals([inside(0, 0.5), inside(1.5, 2), x.length], [51, 50, 101]);
});

Deno.test("lineSet() refuses an interval that is none", () => {
  assertThrows(() => lineSet(seeded(1), { intervals: [[1, 1]] }), RangeError, "got [1, 1]");
  assertThrows(() => lineSet(seeded(1), { sigma: -1 }), RangeError, "sigma");
});
