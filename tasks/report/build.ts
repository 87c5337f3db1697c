/**
 * From notebooks to the report: their execution, their chapters, and the two files that are made of them.
 *
 * @module
 */
import { path } from "../shared/environment.ts";
import { Problem } from "../shared/task.ts";
import { exportChapter } from "./chapter.ts";
import { execute } from "./execution.ts";
import { findNotebooks, outputs, readNotebook } from "./notebooks.ts";
import { summary } from "./summary.ts";
import { pandoc, typst } from "./typesetting.ts";
import { finishPage } from "./webpage.ts";

/**
 * Executes the notebooks that contain one of `names`, or all, and sets report/report.html and report/report.pdf.
 *
 * @throws {Problem} where a notebook fails or the report cannot be set; nothing is replaced then.
 */
export async function buildReport(names: string[] = []): Promise<void> {
  const workspace = path(".venv/report");
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
