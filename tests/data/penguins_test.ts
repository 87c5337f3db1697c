import { assert, assertEquals, assertThrows } from "@std/assert";
import { parsePenguins, readPenguins } from "../../lib/data/penguins.ts";

Deno.test("readPenguins() keeps the complete rows and counts the others", async () => {
  const { X, labels, dropped } = await readPenguins();
  assertEquals(dropped, { empty: 10, dot: 1 });
  assertEquals([X.rows, X.columns, labels.length], [333, 4, 333]);
  assertEquals([0, 1, 2].map((k) => labels.filter((label) => label === k).length), [146, 68, 119]);
  assert(X.data.every((x) => x > 10 && x < 7000));
});

Deno.test("parsePenguins() refuses what is no penguin", () => {
  assertThrows(() => parsePenguins('{"a": 1}'), SyntaxError, "array");
  for (const text of ["[null]", "[1]", '["a"]', "[[]]", "[]", '[{"Sex": null}]']) {
    assertThrows(() => parsePenguins(text), SyntaxError);
  }
  assertThrows(() => parsePenguins('[{"Species": "Emperor"}]'), SyntaxError, "Emperor");
});
