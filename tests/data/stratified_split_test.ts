import { assert, assertEquals, assertThrows } from "@std/assert";
import { stratifiedSplit } from "../../lib/data/stratified_split.ts";
import { seeded } from "../../lib/random.ts";

const labels = Array.from({ length: 1000 }, (_, i) => (i * 7) % 10);

Deno.test("stratifiedSplit() holds as many of each class, and parts every index once", () => {
  const { held, rest } = stratifiedSplit(labels, { count: 100, random: seeded(1) });
  assertEquals([held.length, rest.length], [100, 900]);
  assertEquals(new Set([...held, ...rest]).size, 1000);
  for (let c = 0; c < 10; c++) assertEquals(held.filter((i) => labels[i] === c).length, 10);
  assertEquals(held, held.toSorted());
});

Deno.test("stratifiedSplit() is the same for one seed, and another for another", () => {
  const held = (seed: number) => stratifiedSplit(labels, { count: 100, random: seeded(seed) }).held;
  assertEquals(held(1), held(1));
  assert(held(1).some((i, k) => i !== held(2)[k]));
});

Deno.test("stratifiedSplit() refuses what cannot be equal", () => {
  const split = (count: number, of = labels) => stratifiedSplit(of, { count, random: seeded(1) });
  assertThrows(() => split(105), RangeError, "10 classes in equal numbers");
  assertThrows(() => split(0), RangeError);
  assertThrows(() => split(4, [0, 0, 0, 1]), RangeError, "class 1 has 1");
});
