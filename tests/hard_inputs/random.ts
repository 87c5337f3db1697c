import { normals, permutation, restored, seeded, splitMix64, uniforms } from "../../lib/random.ts";
import { checkRandom } from "../../lib/random.ts";
import { type Entry, entry, finite, numbers, options, positive, random, whole } from "./kinds.ts";

const anyWhole = (name: string): ReturnType<typeof whole> => ({
  valid: () => 3,
  wrong: () => whole(name, 3).wrong().filter(({ what }) => what !== "too small"),
});

export const randomTable: Record<string, Entry> = {
  seeded: entry(seeded, anyWhole("seed")),
  "seeded().integer": entry((count: number) => seeded(1).integer(count), whole("count", 3)),
  restored: entry(restored, numbers("state", seeded(1).state(), { fixed: true })),
  checkRandom: entry((source) => checkRandom("f()", source), random()),
  splitMix64: entry((count: number) => splitMix64(1n, count), whole("count", 2, { least: 0 })),
  normals: entry(
    normals,
    random(),
    whole("count", 3, { least: 0 }),
    options("normals()", {
      mean: finite("mean", 1),
      deviation: positive("deviation", 2, { orZero: true }),
    }),
  ),
  uniforms: entry(
    uniforms,
    random(),
    whole("count", 3, { least: 0 }),
    finite("low", 0),
    finite("high", 1),
  ),
  permutation: entry(permutation, random(), whole("count", 3, { least: 0 })),
};
