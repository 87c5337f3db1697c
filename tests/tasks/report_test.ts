import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { Trial, type TrialCell } from "./trial.ts";

const opening =
  'import { week } from "../lib/notebook.ts";\nconst { figure, table, text, claims } = week(4);';
const title = { markdown: "# Trial\n\nText." };

/** The report of a week 4 with `cells`, or why there is none. */
async function report(cells: TrialCell[]): Promise<{ page: string; said: string }> {
  await using trial = await Trial.begin();
  await trial.write("week-4-trial", [title, opening, ...cells]);
  const { success, errors } = await trial.report("week-4");
  return { page: success ? await trial.read("report/report.html") : "", said: errors };
}

/** Asserts that there is no report, for a reason that names notebook and cell and says `because`. */
async function refused(cells: TrialCell[], cell: RegExp, because: string): Promise<void> {
  const { page, said } = await report(cells);
  assertEquals(page, "");
  assertMatch(said, cell);
  assertStringIncludes(said, because);
  assertNotMatch(said, /traceback|\.lua|\.py|at file:/i);
}

// One red pixel.
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

Deno.test("the report shows pictures of the reader's own: beside the notebook, pasted, and displayed", async () => {
  await using trial = await Trial.begin();
  await Deno.writeFile(`${trial.folder}/notebooks/my photo.png`, Uint8Array.fromBase64(png));
  await trial.write("week-4-trial", [
    {
      markdown:
        "# Trial\n\n![Beside the notebook](my%20photo.png)\n\n![](notebooks/my%20photo.png)",
    },
    {
      markdown: "Pasted: ![image.png](attachment:image.png)",
      attachments: { "image.png": { "image/png": png } },
    },
    opening,
    `await Deno.jupyter.display({ "text/plain": "hi", "text/html": "<b>own</b>" }, { raw: true });`,
    `await Deno.jupyter.display({ "image/png": "${png}" }, { raw: true });`,
    "console.log('\\x1b[31mred\\x1b[0m', '~~~~~~~~ ::::::::');",
  ]);
  const { success, errors } = await trial.report("week-4");
  assert(success, errors);
  const page = await trial.read("report/report.html");
  assertEquals(page.split(`src="data:image/png;base64,${png}"`).length, 5);
  assertStringIncludes(page, "Beside the notebook");
  assertStringIncludes(page, "<b>own</b>");
  assertStringIncludes(page, "red ~~~~~~~~ ::::::::");
});

Deno.test("a fault in a cell ends the report with notebook, cell and cure, awaited or not", async () => {
  const cell = /notebooks\/week-4-trial\.ipynb, cell 2 of 3 {2}/;
  const next = "await new Promise((done) => setTimeout(done, 300));";
  for (
    const [code, because] of [
      ['await table("none", [], { caption: "" });', "RangeError: A table needs at least one row"],
      [
        'table("none", [], { caption: "" });',
        'at least one row\nNo cell waited for it: put "await"',
      ],
      ["Deno.exit(3);", "The kernel ended in this cell: by Deno.exit()"],
    ]
  ) await refused([code, next], cell, because);
});

Deno.test("Add a week: a week 4 with claims is tested, and summed up in the report, with nothing else touched", async () => {
  await using trial = await Trial.begin({ notebooks: true });
  await trial.write("week-4-trial", [
    title,
    opening,
    `await claims([
      { id: "W4.1", statement: "one | two", measured: "0.5 [0.4, 0.6]", parts: [{ quantity: "q", estimate: 0.5, low: 0.4, high: 0.6, above: 0.3 }] },
      { id: "W4.2", statement: "three", measured: "exact", parts: [{ quantity: "q", estimate: 0, above: 0.3 }] },
    ]);`,
  ]);
  const { success, errors } = await trial.report("week-4");
  assert(success, errors);
  assertMatch(
    await trial.read("report/report.html"),
    /one \| two<\/td>\s*<td[^>]*><strong>holds<\/strong>: 0.5 \[0.4, 0.6\]/,
  );
  const tests = await trial.run([
    "test",
    "-P",
    "--no-check",
    "tests/claims_test.ts",
    "tests/tasks/summary_test.ts",
  ]);
  assert(tests.success, tests.output + tests.errors);
  assertStringIncludes(tests.output, "week-4-trial.ipynb closes with a verdict");
});
