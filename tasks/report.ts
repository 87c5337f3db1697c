/**
 * Executes the notebooks and typesets report/report.html and report/report.pdf.
 *
 * `deno task report` does all of it; `deno task report week-1` executes only the notebooks with that in their name and takes the
 * others as they were saved. Nothing is replaced until it is whole.
 *
 * @module
 */

import { path, program, root } from "./environment.ts";
import { execute } from "./execution.ts";
import { exportChapter, findNotebooks, outputs, readNotebook } from "./notebooks.ts";
import { setUp } from "./setup.ts";
import { outcome, Problem, task } from "./task.ts";
import { finishPage, fontFolders } from "./webpage.ts";

const workspace = path(".venv/report");

/** The Markdown of the notebooks: as Jupyter shows it, with citations and names for figures and tables. */
const markdown =
  "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote" +
  "-fancy_lists-example_lists-subscript-superscript-raw_tex";

async function report(names: string[]): Promise<void> {
  await setUp();
  await Deno.mkdir(workspace, { recursive: true });
  for (const notebook of await findNotebooks(names)) await execute(notebook, workspace);

  console.log("report");
  const notebooks = await findNotebooks();
  const chapters = await Promise.all(
    notebooks.map((notebook) => exportChapter(notebook, workspace)),
  );
  const [page, print] = await Promise.all([
    pandoc([
      "--to=html5",
      "--katex",
      "--template=report/template.html",
      "--toc",
      "--toc-depth=2",
      ...chapters,
    ]),
    pandoc(["--to=typst", "--template=report/template.typ", ...chapters]),
  ]);
  for (const name of (await Promise.all(notebooks.map(figureNames))).flat()) {
    if (!page.includes(`<figure id="fig:${name}">`) || !print.includes(`<fig:${name}>`)) {
      throw new Problem(
        `The figure "${name}" is not in the report; the last good report was kept.`,
      );
    }
  }
  await Deno.writeTextFile(`${workspace}/report.html`, await finishPage(page));
  await Deno.writeTextFile(`${workspace}/report.typ`, print);
  await typeset();
  for (const file of ["report.html", "report.pdf"]) {
    await Deno.rename(`${workspace}/${file}`, path(`report/${file}`));
    console.log(`  report/${file}`);
  }
}

/** The chapters after the front matter, numbered, with citations and references resolved. */
async function pandoc(args: string[]): Promise<string> {
  const binary = await outcome(program("python"), [
    "-c",
    "import pypandoc; print(pypandoc.get_pandoc_path())",
  ]);
  const options = [
    "--number-sections",
    "--lua-filter=report/filter.lua",
    "--citeproc",
    "--fail-if-warnings",
  ];
  const { success, output, errors } = await outcome(
    binary.output.trim(),
    [
      `--from=${markdown}`,
      ...options,
      "--columns=10000",
      "--wrap=preserve",
      "report/front.md",
      ...args,
      "report/back.md",
    ],
    { cwd: root },
  );
  if (!success) {
    throw new Problem(
      `The report cannot be put together; the last good one was kept.\n${errors.trim()}`,
    );
  }
  return output;
}

async function figureNames(notebook: string): Promise<string[]> {
  return outputs(await readNotebook(notebook)).flatMap(({ metadata }) =>
    metadata?.figure?.name ?? []
  );
}

async function typeset(): Promise<void> {
  const script =
    "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3], font_paths=sys.argv[4:])";
  const files = [`${workspace}/report.typ`, `${workspace}/report.pdf`];
  const { success, errors } = await outcome(program("python"), [
    "-c",
    script,
    ...files,
    root,
    ...fontFolders,
  ]);
  if (!success) {
    throw new Problem(
      `Typst cannot set the report; the last good one was kept.\n${errors.trim().slice(-2000)}`,
    );
  }
}

if (import.meta.main) await task(() => report(Deno.args));
