import { assert, assertEquals } from "@std/assert";
import { findNotebooks } from "../../tasks/report/notebooks.ts";
import { summary } from "../../tasks/report/summary.ts";

Deno.test("summary() has a row for each statement of each week, and counts their verdicts", async () => {
  const notebooks = await findNotebooks(), text = await summary(notebooks);
  const rows = text.split("\n").filter((line) => /^\| W\d+\.\d+ \|/.test(line));
  const statements: Record<string, number> = { "week-1": 10, "week-2": 12, "week-3": 12 };
  const expected = notebooks.map((file) => statements[/week-\d/.exec(file)![0]]);
  assertEquals(rows.length, expected.reduce((a, b) => a + b));
  const count = (verdict: string) => rows.filter((row) => row.includes(`**${verdict}**`)).length;
  assert(text.includes(`${count("holds")} hold, ${count("fails")} fail`));
});
