/**
 * The notebooks on disk: which there are, what is in their cells, and what their outputs hold.
 *
 * @module
 */
import type { Judged } from "../../lib/notebook/claims.ts";
import type { Table } from "../../lib/notebook/markdown.ts";
import { path } from "../shared/environment.ts";
import { Problem } from "../shared/task.ts";

/** A notebook as nbformat 4 stores it. */
export interface Notebook {
  cells: Cell[];
}

/** A cell; texts may be lists of lines. */
export interface Cell {
  cell_type: string;
  source: Text;
  outputs?: Output[];
  /** Pictures pasted into a cell of prose: name → media type → base64. */
  attachments?: Record<string, Record<string, Text>>;
  metadata?: { tryIt?: TryIt };
}

/** A text that nbformat may have split into lines. */
export type Text = string | string[];

/** A change that a reader is asked to try, and an expression of the cells before it that is true afterwards. */
export interface TryIt {
  replace: string;
  by: string;
  expect: string;
}

/** An output of a cell; the metadata is what lib/notebook.ts gave it. */
export interface Output {
  output_type: string;
  /** What a cell printed. */
  text?: Text;
  data?: Record<string, Text>;
  metadata?: {
    figure?: { name: string; caption: string; file: string };
    table?: { name: string; caption: string } & Table;
    claims?: Judged[];
    /** The text below a figure in Jupyter, which the report has as its caption. */
    caption?: string;
    progress?: string;
  };
}

/** The notebooks of the course in order, as paths from the project's folder; only those that contain one of `names`, if any. */
export async function findNotebooks(names: string[] = []): Promise<string[]> {
  const files = (await Array.fromAsync(Deno.readDir(path("notebooks"))))
    .map(({ name }) => name)
    .filter((name) => name.startsWith("week-") && name.endsWith(".ipynb"))
    .filter((name) => names.length === 0 || names.some((part) => name.includes(part)));
  if (files.length === 0) {
    throw new Problem(
      `No notebook in notebooks/ is named like ${names.join(" or ") || "week-N-….ipynb"}.`,
    );
  }
  return files.sort(new Intl.Collator("en", { numeric: true }).compare)
    .map((name) => `notebooks/${name}`);
}

/** Reads a notebook. */
export async function readNotebook(file: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path(file));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(
      `${file} is no notebook: ${(error as Error).message}. Take it from git again.`,
    );
  }
}

/** A text in one piece. */
export const joined = (text: Text) => Array.isArray(text) ? text.join("") : text;

/** The outputs of all cells. */
export const outputs = (notebook: Notebook) => notebook.cells.flatMap((cell) => cell.outputs ?? []);

/** The claims of the week's closing table, none where there is no such table. */
export async function claimsOf(file: string): Promise<Judged[]> {
  return outputs(await readNotebook(file)).flatMap(({ metadata }) => metadata?.claims ?? []);
}

/** The code of cell `index`, empty where it is prose. */
export function code({ cells }: Notebook, index: number): string {
  return cells[index].cell_type === "code" ? joined(cells[index].source).trim() : "";
}

/** Which cell, counted as a reader of the notebook counts them, and how it begins. */
export function place(notebook: Notebook, index: number): string {
  const kind = notebook.cells[index].cell_type;
  const alike = notebook.cells.map((_, i) => i).filter((i) => notebook.cells[i].cell_type === kind);
  const beginning = joined(notebook.cells[index].source).trim().split("\n")[0].slice(0, 70);
  const name = kind === "code" ? "cell" : `${kind} cell`;
  return `${name} ${alike.indexOf(index) + 1} of ${alike.length}  ${beginning}`;
}
