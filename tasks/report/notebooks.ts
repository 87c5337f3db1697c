/**
 * The notebooks on disk: which there are, what is in their cells, and their export as chapters.
 *
 * @module
 */

import { jupyterVariables, path, program, root } from "../shared/environment.ts";
import { outcome, Problem } from "../shared/task.ts";

/** A notebook as nbformat 4 stores it: texts may be lists of lines. */
export interface Notebook {
  cells: { cell_type: string; source: string | string[]; outputs?: Output[] }[];
}

/** An output of a cell; the metadata is what lib/notebook.ts gave it. */
export interface Output {
  output_type: string;
  data?: Record<string, string | string[]>;
  metadata?: { figure?: { name: string }; table?: { name: string; markdown: string } };
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
  return JSON.parse(await Deno.readTextFile(path(file)));
}

/** A text that nbformat may have split into lines. */
export const joined = (text: string | string[]) => Array.isArray(text) ? text.join("") : text;

/** The outputs of all cells. */
export const outputs = (notebook: Notebook) => notebook.cells.flatMap((cell) => cell.outputs ?? []);

/** The code of cell `index`, empty where it is prose. */
export function code({ cells }: Notebook, index: number): string {
  return cells[index].cell_type === "code" ? joined(cells[index].source).trim() : "";
}

/** Writes the notebook as a chapter in pandoc's Markdown; returns its path. */
export async function exportChapter(file: string, workspace: string): Promise<string> {
  const { success, errors } = await outcome(program("jupyter-nbconvert"), [
    "--to=markdown",
    `--config=${path("report/nbconvert.py")}`,
    `--output-dir=${workspace}`,
    file,
  ], { cwd: root, env: { ...jupyterVariables, CHAPTER: "1" } });
  if (!success) throw new Problem(`nbconvert could not export ${file}:\n${errors.trim()}`);
  return `${workspace}/${file.split("/").at(-1)!.replace(/\.ipynb$/, ".md")}`;
}
