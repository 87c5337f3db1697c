/**
 * Executes the notebooks and typesets report/report.html and report/report.pdf. Nothing is replaced until it is whole.
 *
 * @module
 */

import { path } from "./shared/environment.ts";
import { execute } from "./report/execution.ts";
import { exportChapter, findNotebooks, outputs, readNotebook } from "./report/notebooks.ts";
import { setUp } from "./setup.ts";
import { summary } from "./report/summary.ts";
import { Problem, task } from "./shared/task.ts";
import { pandoc, typst } from "./report/typesetting.ts";
import { finishPage } from "./report/webpage.ts";

async function report(names: string[]): Promise<void> {
  const workspace = path(".venv/report");
  await setUp();
  await Deno.mkdir(workspace, { recursive: true });
  for (const notebook of await findNotebooks(names)) await execute(notebook, workspace);

  console.log("report");
  const notebooks = await findNotebooks();
  const chapters = await Promise.all(notebooks.map((file) => exportChapter(file, workspace)));
  const last = `${workspace}/summary.md`;
  await Deno.writeTextFile(last, await summary(notebooks));
  const sources = ["report/front.md", ...chapters, last, "report/back.md"];
  const [page, print] = await Promise.all([pandoc("html5", sources), pandoc("typst", sources)]);
  for (const name of (await Promise.all(notebooks.map(figureNames))).flat()) {
    if (!page.includes(`<figure id="fig:${name}">`) || !print.includes(`<fig:${name}>`)) {
      throw new Problem(`The figure "${name}" is not in the report; the last good one was kept.`);
    }
  }
  await Deno.writeTextFile(`${workspace}/report.html`, await finishPage(page));
  await Deno.writeTextFile(`${workspace}/report.typ`, print);
  await typst(`${workspace}/report.typ`, `${workspace}/report.pdf`);
  for (const file of ["report.html", "report.pdf"]) {
    await Deno.rename(`${workspace}/${file}`, path(`report/${file}`));
    console.log(`  report/${file}`);
  }
}

async function figureNames(notebook: string): Promise<string[]> {
  return outputs(await readNotebook(notebook)).flatMap(({ metadata }) =>
    metadata?.figure?.name ?? []
  );
}

await task("report", {
  words: {
    name: "WEEK",
    meaning:
      "execute only the notebooks with this in their name, and take the others as they were saved",
  },
  details: "Nothing is replaced until it is whole.",
  examples: { report: "everything", "report week-1": "executes one week" },
}, (_, names) => report(names));
