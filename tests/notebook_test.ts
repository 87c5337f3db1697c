import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { plot } from "../lib/figures/plot.ts";
import { progress, week, written } from "../lib/notebook.ts";

Deno.test("written() sets numbers as prose has them", () => {
  const cases: [number | null | string, string][] = [
    [25, "25"],
    [-3, "−3"],
    [0.123456, "0.1235"],
    [-0.5, "−0.5"],
    [1234.5678, "1235"],
    [3.3333e-6, "$3.333 \\times 10^{-6}$"],
    [-2e9, "$-2 \\times 10^{9}$"],
    [0, "0"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [null, "–"],
    ["holds", "holds"],
  ];
  for (const [value, expected] of cases) assertEquals(written(value), expected);
});

Deno.test("written() refuses NaN", () => {
  assertThrows(() => written(NaN), RangeError, "NaN");
});

Deno.test("week() shows nothing outside a notebook and still refuses what it cannot show", async () => {
  const { table, text, claims } = week(0);
  await text`alpha = ${1}`;
  await table("numbers", [{ a: 1 }], { caption: "" });
  await claims([{ id: "W0.1", statement: "", measured: "", verdict: "holds" }]);
  await assertRejects(() => table("numbers", [], { caption: "" }), RangeError, "at least one row");
  await assertRejects(
    () => table("Numbers!", [{ a: 1 }], { caption: "" }),
    RangeError,
    "lower-case",
  );
  await assertRejects(() => table("numbers", [{ a: NaN }], { caption: "" }), RangeError, "NaN");
  await assertRejects(() => text`${NaN}`, RangeError, "NaN");
});

Deno.test("figure() writes the figure's file outside a notebook too", async () => {
  const folder = new URL("../figures/week-0/", import.meta.url);
  try {
    await week(0).figure("probe", plot({}), { title: "t", description: "d", caption: "c" });
    assertEquals(
      (await Deno.readTextFile(new URL("probe.svg", folder))).startsWith("<svg xmlns="),
      true,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("progress() counts without a notebook", async () => {
  const step = progress("Epochs", 2);
  await step(1);
  await step(2, "done");
});
