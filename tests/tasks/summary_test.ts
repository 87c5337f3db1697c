import { assertEquals, assertStringIncludes } from "@std/assert";
import { verdicts } from "../../lib/metrics/verdict.ts";
import { claimsOf, findNotebooks } from "../../tasks/report/notebooks.ts";
import { summary } from "../../tasks/report/summary.ts";

Deno.test("summary() has a row for each claim of each week, and counts their verdicts", async () => {
  const notebooks = await findNotebooks(), text = await summary(notebooks);
  const claims = (await Promise.all(notebooks.map(claimsOf))).flat();
  const rows = text.split("\n").filter((line) => /^\| W\d+\.\d+ \|/.test(line));
  assertEquals(rows.map((row) => row.split(" ")[1]), claims.map(({ id }) => id));
  const counts = verdicts.map((verdict) =>
    rows.filter((row) => row.includes(`**${verdict}**`)).length
  );
  assertStringIncludes(text, `Of ${claims.length} statements`);
  assertStringIncludes(
    text,
    `${counts[0]} hold, ${counts[1]} hold in part, ${counts[2]} fail and ${
      counts[3]
    } were not reproduced here`,
  );
});
