/**
 * Markdown from values: prose, and tables for the two readers of a notebook, Jupyter and the report's pandoc.
 *
 * @module
 */
import { printable } from "../figures/text.ts";
import { commonDecimals, fixed, type Value, written, writtenInFormula } from "./numbers.ts";

/** How a column is shown: its heading, in Markdown, or that and how its values are written. */
export type Column = string | {
  readonly label: string;
  /** A value in Markdown; by default numbers of a column have the same digits after the point. */
  readonly format?: (value: Value) => string;
};

/** A table of Markdown texts. */
export interface Table {
  readonly head: readonly string[];
  /** Columns of numbers stand to the right. */
  readonly right: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Text that is no Markdown, such as a name or a message, so that Markdown shows it as it is.
 *
 * @example
 * ```ts
 * import { plain } from "./markdown.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(plain("p(y|x) < $5"), "p\\(y\\|x\\) \\< \\$5");
 * ```
 */
export function plain(text: string): string {
  return printable(text).replace(/[!-/:-@[-`{-~]/g, "\\$&").replace(/\s+/g, " ");
}

/**
 * Markdown with values in it: a backslash stands for itself but before "`" and "${", and a number within a formula is written as LaTeX.
 *
 * @throws {RangeError} where a number is NaN.
 * @example
 * ```ts
 * import { markdown } from "./markdown.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markdown`$\sigma = ${1e-7}$ or ${1e-7}`, String.raw`$\sigma = 1 \times 10^{-7}$ or $1 \times 10^{-7}$`);
 * ```
 */
export function markdown(strings: TemplateStringsArray, ...values: Value[]): string {
  let text = "", fence = "";
  strings.raw.forEach((raw, i) => {
    const part = raw.replace(/\\(`|\$\{)/g, "$1"); // JavaScript asks for these backslashes
    for (const [token] of part.matchAll(/\\.|`+|\$\$?/gs)) {
      if (token.startsWith("\\")) continue;
      if (fence === "") fence = token;
      else if (fence === token) fence = "";
    }
    text += part;
    if (i < values.length) {
      text += fence.startsWith("$") ? writtenInFormula(values[i]) : written(values[i]);
    }
  });
  return printable(text);
}

/** `text` without the indentation that all its lines share, and without empty lines around it. */
export function dedent(text: string): string {
  const lines = text.replace(/^\s*\n|\s+$/g, "").split("\n");
  const indents = lines.slice(text.startsWith("\n") ? 0 : 1).filter((line) => line.trim())
    .map((line) => line.search(/\S/));
  const indent = Math.min(...indents, Infinity);
  return lines.map((line) =>
    /^\s/.test(line) ? line.slice(Math.min(indent, line.search(/\S|$/))) : line
  ).join("\n");
}

/**
 * The table of `rows` under `columns` (property → heading), by default all of the first row.
 *
 * @throws {RangeError} where there is no row, a column has a name that no row has, or a number is NaN.
 */
export function tableOf(
  rows: readonly Record<string, Value>[],
  columns: Record<string, Column> = Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((key) => [key, key]),
  ),
): Table {
  if (rows.length === 0) throw new RangeError("A table needs at least one row");
  const keys = Object.keys(columns);
  const unknown = keys.find((key) => !rows.some((row) => key in row));
  if (unknown !== undefined) {
    throw new RangeError(
      `No row of the table has "${unknown}": its columns are ${Object.keys(rows[0]).join(", ")}`,
    );
  }
  const formats = keys.map((key) => {
    const column = columns[key];
    const format = typeof column === "string" ? undefined : column.format;
    return format ?? sameDecimals(rows.map((row) => row[key]));
  });
  return {
    head: keys.map((key) => {
      const column = columns[key];
      return typeof column === "string" ? column : column.label;
    }),
    right: keys.map((key) => rows.every((row) => typeof row[key] !== "string")),
    rows: rows.map((row) => keys.map((key, k) => formats[k](row[key]))),
  };
}

/** A table as Jupyter reads it, or as `pandoc` does, which takes code in a cell literally. */
export function tableMarkdown(
  { head, right, rows }: Table,
  { pandoc = false }: { pandoc?: boolean } = {},
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => cell(text, pandoc)).join(" | ")} |`;
  return [line(head), `| ${right.map((it) => it ? "--:" : ":--").join(" | ")} |`, ...rows.map(line)]
    .join("\n");
}

/** Markdown on one line without a pipe that would end its cell, and without HTML, which the print does not have. */
function cell(text: string, pandoc: boolean): string {
  const parts =
    /(`+)[^`](?:[^]*?[^`])?\1(?!`)|\$(?!\s)(?:\\[^]|[^\\$])+?(?<!\s)\$(?!\d)|\\[^]|[^]/g;
  return printable(text).trim().replace(parts, (part) => {
    if (part.startsWith("`") && part.length > 1) {
      return (pandoc ? part : part.replaceAll("|", "\\|")).replaceAll("\n", " ");
    }
    if (part.startsWith("$") && part.length > 1) {
      return part.replaceAll("\\|", "\\Vert ").replaceAll("|", "\\vert ").replaceAll("\n", " ");
    }
    return part === "|" ? "\\|" : part === "<" ? "\\<" : part === "\n" ? "<br>" : part;
  });
}

function sameDecimals(values: readonly Value[]): (value: Value) => string {
  const decimals = commonDecimals(values.filter((value) => typeof value === "number"));
  return (value) =>
    typeof value === "number" && Number.isFinite(value) && decimals !== undefined
      ? fixed(value, decimals)
      : written(value);
}
