import { assert } from "@std/assert";
import { normals, permutation, restored, seeded } from "../lib/random.ts";

Deno.test("restored() continues where state() was taken", () => {
  const random = seeded(3);
  normals(random, 10);
  const again = restored(random.state());
  for (let i = 0; i < 20; i++) assert(random() === again());
});

Deno.test("permutation() holds every index once", () => {
  const order = permutation(seeded(1), 100);
  assert(new Set(order).size === 100 && Math.max(...order) === 99);
});
