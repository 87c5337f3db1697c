/**
 * What a cell of a week's notebook shows: figures, tables, prose with numbers in it, progress, the closing table of claims.
 *
 * ```ts ignore
 * const { figure, table, text, claims } = week(1);
 * await figure("posterior", plot({ … }), { title: "…", description: "…", caption: "…" });
 * ```
 *
 * Prose and captions are Markdown with LaTeX; `@fig:NAME`, `@tbl:NAME`, `@eq:NAME` (an equation with `\tag{NAME}`) and
 * `[@key]` (an entry of report/references.bib) become numbered references in the report.
 *
 * Outside a notebook nothing is shown, and figures are still written.
 *
 * @module
 */

import { type Figure, svgText } from "./figures/plot.ts";

/** A value in a table or in prose; numbers are set to `digits` significant digits. */
export type Value = string | number | boolean | null | undefined;

/** What to do with a column: its heading, and how its values are written. */
export type Column = string | { label: string; format: (value: Value) => string };

/** One row of a week's closing table: a statement of the course report and what this notebook measured. */
export interface Claim {
  /** Its number, such as `W1.3`. */
  id: string;
  statement: string;
  /** The number that decides, with its interval. */
  measured: string;
  verdict: "holds" | "fails" | "not testable here";
}

/** The functions of the notebook of week `number`; its figures go to figures/week-`number`/. */
export function week(number: number) {
  const folder = new URL(`figures/week-${number}/`, workspace ?? new URL("../", import.meta.url));

  /** Shows `plot` with its `caption` and writes it to figures/week-N/`name`.svg. */
  async function figure(
    name: string,
    plot: Figure,
    { title, description, caption }: { title: string; description: string; caption: string },
  ): Promise<void> {
    checkName(name);
    const svg = svgText(plot, { name, title, description });
    const file = new URL(`${name}.svg`, folder);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(file, svg);
    await display({ "image/svg+xml": svg, "text/plain": description }, {
      figure: { name, caption, file: `figures/week-${number}/${name}.svg` },
    });
    await display({ "text/markdown": `*fig:${name}.* ${caption}`, "text/plain": caption }, {
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
    checkName(name);
    const markdown = markdownTable(rows as Record<string, Value>[], columns);
    await display({ "text/markdown": `${markdown}\n\n*tbl:${name}.* ${caption}` }, {
      table: { name, caption, markdown },
    });
  }

  /** Shows Markdown prose with numbers in it; a backslash stands for itself. */
  async function text(strings: TemplateStringsArray, ...values: Value[]): Promise<void> {
    await display({
      "text/markdown": dedent(String.raw(strings, ...values.map((v) => written(v)))),
    });
  }

  /** Shows the week's closing table: statement, measured, verdict. */
  async function claims(rows: Claim[]): Promise<void> {
    await table(`claims-week-${number}`, rows, {
      caption: `The statements of the course report on week ${number}, checked.`,
      columns: { id: "", statement: "Statement", measured: "Measured", verdict: "Verdict" },
    });
  }

  return { figure, table, text, claims };
}

/**
 * Reports progress in a cell, in one line that is rewritten at most twice a second: `await step(i, "loss 0.31")`.
 *
 * @example
 * ```ts
 * import { progress } from "./notebook.ts";
 *
 * const step = progress("Epochs", 2);
 * for (let epoch = 1; epoch <= 2; epoch++) await step(epoch);
 * ```
 */
export function progress(
  label: string,
  total: number,
): (done: number, note?: string) => Promise<void> {
  const id = `progress-${label}`;
  let shown = -Infinity;
  return async (done, note = "") => {
    const now = performance.now();
    if (done < total && now - shown < 500) return;
    const first = shown === -Infinity;
    shown = now;
    const line = `${label}: ${done} of ${total}${note && ` (${note})`}`;
    await display({ "text/plain": line }, { progress: label }, { id, update: !first });
  };
}

/** A value as prose has it: four significant digits, a true minus sign, powers of ten in LaTeX. */
export function written(value: Value, digits = 4): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) {
    throw new RangeError("A number to be shown is NaN: look where it was computed");
  }
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e6) return String(value).replace("-", "−");
  if (magnitude >= 1e-4 && magnitude < 1e6) {
    return String(Number(value.toPrecision(digits))).replace("-", "−");
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `$${Number(mantissa)} \\times 10^{${Number(exponent)}}$`;
}

function checkName(name: string) {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new RangeError(`A name is lower-case words joined by hyphens, got "${name}"`);
  }
}

type Bundle = Record<string, string>;

/** Deno's Jupyter interface; asking for it outside a notebook throws. */
const jupyter = (() => {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
})();

/**
 * Where the report executes a notebook, the folder for its figures and for the log of its outputs: a line of JSON for each, by
 * which the report sees that none was lost on the way into the notebook.
 */
const workspace = jupyter && Deno.env.get("NOTEBOOK_WORKSPACE");

/** Shows one output. */
async function display(
  data: Bundle,
  metadata: Record<string, unknown> = {},
  { id, update = false }: { id?: string; update?: boolean } = {},
): Promise<void> {
  if (!jupyter) return;
  if (workspace) {
    const log = new URL("displays", workspace);
    await Deno.writeTextFile(log, `${JSON.stringify({ id, data })}\n`, { append: true });
  }
  await jupyter.broadcast(update ? "update_display_data" : "display_data", {
    data,
    metadata,
    transient: id ? { display_id: id } : {},
  });
}

function markdownTable(
  rows: Record<string, Value>[],
  columns: Record<string, Column> = Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((key) => [key, key]),
  ),
): string {
  if (rows.length === 0) throw new RangeError("A table needs at least one row");
  const keys = Object.keys(columns);
  const cell = (row: Record<string, Value>, key: string) => {
    const column = columns[key];
    return (typeof column === "string" ? written(row[key]) : column.format(row[key])).replaceAll(
      "|",
      "\\|",
    );
  };
  const label = (column: Column) => typeof column === "string" ? column : column.label;
  const rule = keys.map((key) => rows.every((row) => typeof row[key] !== "string") ? "--:" : ":--");
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(keys.map((key) => label(columns[key]))),
    line(rule),
    ...rows.map((row) => line(keys.map((key) => cell(row, key)))),
  ].join("\n");
}

/** `text` without the indentation that all its lines share. */
function dedent(text: string): string {
  const lines = text.replace(/^\s*\n|\s+$/g, "").split("\n");
  const indents = lines.slice(text.startsWith("\n") ? 0 : 1).filter((l) => l.trim()).map((l) =>
    l.search(/\S/)
  );
  const indent = Math.min(...indents, Infinity);
  return lines.map((line) =>
    /^\s/.test(line) ? line.slice(Math.min(indent, line.search(/\S|$/))) : line
  ).join("\n");
}
