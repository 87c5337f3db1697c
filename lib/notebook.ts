/**
 * What a cell of a week's notebook shows: figures, tables, prose with numbers in it, progress, the closing table of claims.
 *
 * ```ts ignore
 * const { figure, table, text, claims } = week(1);
 * await figure("posterior", plot({ … }), { title: "…", description: "…", caption: "…" });
 * ```
 *
 * Prose, captions, headings and cells of tables are Markdown with LaTeX; `plain()` makes Markdown of any other text.
 * A link `[figure NAME](#fig:NAME)`, or to `#tbl:NAME` or `#eq:NAME` (an equation with `\tag{NAME}`), becomes a numbered
 * reference in the report, and one to `../report/references.bib#KEY`, such as `[Bishop 2006, section 3.3](…)`, a citation.
 *
 * Outside a notebook nothing is shown. A figure's file is written where the report is built, and only there.
 *
 * @module
 */
import { type Figure, svgText } from "./figures/plot.ts";
import { printable } from "./figures/text.ts";
import { type Claim, judged } from "./notebook/claims.ts";
import { display, keepFigure } from "./notebook/display.ts";
import { type Column, dedent, markdown, tableMarkdown, tableOf } from "./notebook/markdown.ts";
import type { Value } from "./notebook/numbers.ts";

export type { Claim, Judged } from "./notebook/claims.ts";
export { progress, remark } from "./notebook/display.ts";
export { type Column, markdown, plain } from "./notebook/markdown.ts";
export * from "./notebook/numbers.ts";

/** The functions of the notebook of week `number`; its figures go to figures/week-`number`/. */
export function week(number: number) {
  /** Shows `plot` with its `caption`; in the report it is figures/week-N/`name`.svg. */
  async function figure(
    name: string,
    plot: Figure,
    { title, description, caption }: { title: string; description: string; caption: string },
  ): Promise<void> {
    checkName(name);
    const svg = svgText(plot, { name, title, description });
    const file = `figures/week-${number}/${name}.svg`, below = printable(caption);
    await keepFigure(file, svg);
    await display({ "image/svg+xml": svg, "text/plain": printable(description) }, {
      figure: { name, caption: below, file },
    });
    await display({ "text/markdown": `**Figure ${name}.** ${below}`, "text/plain": below }, {
      caption: name,
    });
  }

  /**
   * Shows `rows` under `columns` (property → heading), by default all of the first row.
   *
   * @throws {RangeError} where there is no row, or a number is NaN.
   */
  async function table(
    name: string,
    rows: readonly object[],
    { caption, columns }: { caption: string; columns?: Record<string, Column> },
  ): Promise<void> {
    await showTable(name, rows, { caption, columns });
  }

  /** Shows Markdown prose with numbers in it; a backslash stands for itself. */
  async function text(strings: TemplateStringsArray, ...values: Value[]): Promise<void> {
    await display({ "text/markdown": dedent(markdown(strings, ...values)) });
  }

  /** Shows the week's closing table: statement, measured, verdict. */
  async function claims(rows: readonly Claim[]): Promise<void> {
    const all = judged(rows, number);
    await showTable(`claims-week-${number}`, all, {
      caption: `The statements of the course report on week ${number}, checked.`,
      columns: { id: "", statement: "Statement", measured: "Measured", verdict: "Verdict" },
    }, { claims: all });
  }

  return { figure, table, text, claims };
}

async function showTable(
  name: string,
  rows: readonly object[],
  { caption, columns }: { caption: string; columns?: Record<string, Column> },
  metadata: object = {},
): Promise<void> {
  checkName(name);
  const table = tableOf(rows as Record<string, Value>[], columns), above = printable(caption);
  await display({ "text/markdown": `${tableMarkdown(table)}\n\n**Table ${name}.** ${above}` }, {
    table: { name, caption: above, ...table },
    ...metadata,
  });
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return;
  throw new RangeError(`A name is lower-case words joined by hyphens, got "${name}"`);
}
