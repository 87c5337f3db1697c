import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  ascendingOrder,
  checkScores,
  midranks,
  rankCorrelation,
} from "../../lib/metrics/scores.ts";
import { normals, seeded } from "../../lib/random.ts";

Deno.test("ascendingOrder() is that of a stable sort, whatever the sizes and signs", () => {
  const random = seeded(1),
    sizes = normals(random, 3000).map((x) => x * 10 ** (200 * Math.sin(1e3 * x)));
  const sets: ArrayLike<number>[] = [
    sizes,
    normals(random, 3000).map((x) => Math.round(3 * x)),
    [0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1, -1, 0, 1 + Number.EPSILON],
    Float32Array.of(2.5, -1, 2.5),
    [3],
    [],
  ];
  for (const scores of sets) {
    const expected = Array.from(scores, (_, i) => i)
      .sort((i, j) => scores[i] < scores[j] ? -1 : scores[i] > scores[j] ? 1 : i - j);
    assertEquals([...ascendingOrder(scores)], expected);
  }
  assertEquals([...midranks([1, -0, 0, -1])], [4, 2.5, 2.5, 1]);
});

Deno.test("rankCorrelation() agrees with scipy.stats.spearmanr, ties and all", () => {
  // scipy.stats.spearmanr(a, b).statistic of SciPy 1.17.1
  const a = [1, 2, 2, 3, 5, 4, 4, 4, -1, 0], b = [10, 7, 7, 8, 1, 1, 2, 3, 9, 9];
  assertAlmostEquals(rankCorrelation(a, b), -0.9006384909374153, 1e-14);
  assertAlmostEquals(rankCorrelation(a, a.map(Math.exp)), 1, 1e-15);
  assertAlmostEquals(rankCorrelation(b, b.map((x) => -(x ** 3))), -1, 1e-15);
  assert(
    Math.abs(rankCorrelation(normals(seeded(2), 4000), normals(seeded(3), 4000))) <
      4 / Math.sqrt(4000),
  );
  assertThrows(() => rankCorrelation([1, 2], [1]), RangeError, "are 2, one for each image, got 1");
  assertThrows(() => rankCorrelation([1], [1]), RangeError, "2 at least");
  assertThrows(() => rankCorrelation([1, 1], [1, 2]), RangeError, "Equal values");
  assertThrows(() => rankCorrelation([1, NaN], [1, 2]), RangeError, "entry 1 is NaN");
});

Deno.test("checkScores() names what is no score", () => {
  const wrong: [unknown, string][] = [
    [[1, null], "entry 1 is null"],
    [[undefined], "entry 0 is undefined"],
    [["1"], 'entry 0 is "1"'],
    [BigInt64Array.of(1n), "entry 0 is the BigInt 1n"],
    [[NaN], "entry 0 is NaN"],
    [[], "1 at least, got 0"],
    ["123", 'an array of numbers, got "123"'],
    [null, "an array of numbers, got null"],
  ];
  for (const [scores, message] of wrong) {
    assertThrows(() => checkScores("Scores", scores as number[]), Error, message);
  }
  checkScores("Scores", [Infinity, -Infinity]);
});
