import { assertEquals } from "@std/assert";
import { findNotebooks, outputs, readNotebook } from "../tasks/report/notebooks.ts";

/** How many statements of the course report each week's closing table answers. */
const counts: Record<string, number> = { "week-1": 10, "week-2": 12, "week-3": 12 };

for (const file of await findNotebooks()) {
  const week = /week-\d+/.exec(file)![0];
  Deno.test(`${file} closes with a verdict on each statement of ${week}`, async () => {
    const tables = outputs(await readNotebook(file)).flatMap(({ metadata }) =>
      metadata?.table ?? []
    );
    const rows = tables.find(({ name }) =>
      name === `claims-${week}`
    )?.markdown.split("\n").slice(2) ?? [];
    const cellsOf = (row: string) => row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const ids = Array.from({ length: counts[week] }, (_, i) => `W${week.slice(5)}.${i + 1}`);
    assertEquals(rows.map((row) => cellsOf(row)[1]), ids);
    for (const row of rows) {
      assertEquals(
        ["holds", "fails", "not testable here"].includes(cellsOf(row).at(-2)!),
        true,
        row,
      );
    }
  });
}
