import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { plot } from "../../lib/figures/plot.ts";
import { progress, remark, week } from "../../lib/notebook.ts";
import { judged } from "../../lib/notebook/claims.ts";

const part = { quantity: "AUROC", estimate: 0.53, low: 0.52, high: 0.54 };

Deno.test("week() shows nothing outside a notebook and still refuses what it cannot show", async () => {
  const { table, text, claims, figure } = week(7);
  await text`alpha = ${1}`;
  await table("numbers", [{ a: 1 }], { caption: "" });
  await claims([{ id: "W7.1", statement: "", measured: "", parts: [{ ...part, above: 0.5 }] }]);
  await figure("probe", plot({}), { title: "t", description: "d", caption: "c" });
  await assertRejects(
    () => Deno.stat(new URL("../../figures/week-7", import.meta.url)),
    Deno.errors.NotFound,
  );
  const refused = (call: () => Promise<void>, because: string) =>
    assertRejects(call, RangeError, because);
  await refused(() => table("numbers", [], { caption: "" }), "at least one row");
  await refused(() => table("Numbers!", [{ a: 1 }], { caption: "" }), "lower-case");
  await refused(() => table("numbers", [{ a: NaN }], { caption: "" }), "NaN");
  await refused(
    () => table("numbers", [{ a: 1 }], { caption: "", columns: { b: "B" } }),
    'No row of the table has "b": its columns are a',
  );
  await refused(() => text`${NaN}`, "NaN");
});

Deno.test("judged() gives each claim the verdict that follows from its parts", () => {
  const claim = { statement: "s", measured: "m" };
  const verdicts = judged([
    { ...claim, id: "W3.1", parts: [{ ...part, above: 0.5 }] },
    { ...claim, id: "W3.2", parts: [{ ...part, below: 0.5 }] },
    {
      ...claim,
      id: "W3.3",
      parts: [{ ...part, below: 0.5 }],
      otherConditions: "another network",
    },
    { ...claim, id: "W3.4", verdict: "in part" },
  ], 3).map(({ verdict }) => verdict);
  assertEquals(verdicts, ["holds", "fails", "not reproduced here", "in part"]);
});

Deno.test("judged() refuses ids of other weeks, ids given twice and verdicts that are none", () => {
  const claim = { id: "W3.1", statement: "", measured: "", verdict: "holds" as const };
  assertThrows(() => judged([{ ...claim, id: "W2.1" }], 3), RangeError, "W2.1");
  assertThrows(() => judged([{ ...claim, id: "W3.01" }], 3), RangeError, "W3.01");
  assertThrows(() => judged([claim, claim], 3), RangeError, "W3.1");
  assertThrows(
    () => judged([{ ...claim, verdict: "true" as "holds" }], 3),
    RangeError,
    'in part, fails, not reproduced here, got "true"',
  );
});

Deno.test("progress() and remark() work without a notebook", async () => {
  const step = progress("Epochs", 2), log = console.log, said: unknown[] = [];
  await step(1);
  await step(2, "done");
  console.log = (text) => said.push(text);
  remark("no images here");
  console.log = log;
  assertEquals(said, ["no images here"]);
});
