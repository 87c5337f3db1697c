/**
 * From chapters in Markdown to a page and a print: pandoc with the report's filter, and Typst, both from `.venv`.
 *
 * @module
 */

import { program, root } from "../shared/environment.ts";
import { outcome, Problem } from "../shared/task.ts";
import { fontFolders } from "./webpage.ts";

/** The Markdown of the notebooks: as Jupyter shows it, with citations, and names for figures and tables. */
const markdown =
  "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote" +
  "-fancy_lists-example_lists-subscript-superscript-raw_tex";

const options = [
  "--number-sections",
  "--lua-filter=report/filter.lua",
  "--citeproc",
  "--fail-if-warnings",
];

/**
 * The files `sources` as one document, numbered, with citations and references resolved.
 *
 * @throws {Problem} where a reference or a citation leads nowhere, or a name is given twice.
 */
export async function pandoc(format: "html5" | "typst", sources: string[]): Promise<string> {
  const found = await outcome(program("python"), [
    "-c",
    "import pypandoc; print(pypandoc.get_pandoc_path())",
  ]);
  const style = format === "html5"
    ? ["--katex", "--template=report/template.html", "--toc", "--toc-depth=2"]
    : ["--template=report/template.typ"];
  const { success, output, errors } = await outcome(
    found.output.trim(),
    [
      `--from=${markdown}`,
      `--to=${format}`,
      ...options,
      ...style,
      "--columns=10000",
      "--wrap=preserve",
      ...sources,
    ],
    { cwd: root },
  );
  if (success) return output;
  const said = errors.replace(/stack traceback:[^]*/, "").replace(/^Error running filter .*\n/, "");
  throw new Problem(
    `The report cannot be put together; the last good one was kept.\n${said.trim()}`,
  );
}

/** Sets the Typst document `source` as the PDF `target`. */
export async function typst(source: string, target: string): Promise<void> {
  const script =
    "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3], font_paths=sys.argv[4:])";
  const { success, errors } = await outcome(program("python"), [
    "-c",
    script,
    source,
    target,
    root,
    ...fontFolders,
  ]);
  if (success) return;
  throw new Problem(
    `Typst cannot set the report; the last good one was kept.\n${errors.trim().slice(-2000)}`,
  );
}
