/**
 * Notebooks on disk: their cells, their execution, and the proof that no output was lost on the way.
 *
 * @module
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { jupyterVariables, path, program, root } from "./environment.ts";
import { exists, outcome, Problem } from "./task.ts";

/** A notebook as nbformat 4 stores it: texts may be lists of lines. */
export interface Notebook {
  cells: { cell_type: string; source: string | string[]; outputs?: Output[] }[];
}

/** An output of a cell. */
export interface Output {
  output_type: string;
  data?: Record<string, string | string[]>;
  metadata?: { figure?: { name: string }; table?: { name: string; markdown: string } };
}

/** A line of the log that lib/notebook.ts keeps: an output, which later ones with the same `id` replace. */
export interface Shown {
  id?: string;
  data: Record<string, string>;
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
  return files.sort(new Intl.Collator("en", { numeric: true }).compare).map((name) =>
    `notebooks/${name}`
  );
}

/** Reads a notebook. */
export async function readNotebook(file: string): Promise<Notebook> {
  return JSON.parse(await Deno.readTextFile(path(file)));
}

/** A text that nbformat may have split into lines. */
export const joined = (text: string | string[]) => Array.isArray(text) ? text.join("") : text;

/**
 * Executes a notebook in place with the pinned kernel, telling each cell; on a fault the saved notebook stays as it was.
 *
 * @throws {Problem} with notebook, cell and cause, where a cell throws, the kernel dies or an output is lost.
 */
export async function execute(file: string, workspace: string): Promise<void> {
  const notebook = await readNotebook(file);
  const name = file.split("/").at(-1)!;
  const log = `${workspace}/${name}.displays`;
  await Deno.remove(log).catch(() => {});
  console.log(file);
  const nbconvert = new Deno.Command(program("jupyter-nbconvert"), {
    args: ["--execute", "--to=notebook", `--config=${path("report/nbconvert.py")}`]
      .concat([`--output-dir=${workspace}`, file]),
    cwd: root,
    env: { ...jupyterVariables, NOTEBOOK_DISPLAYS: log },
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let cell = -1;
  let fault = "";
  const told: string[] = [];
  await Promise.all([
    eachLine(nbconvert.stdout, (line) => {
      if (!line.startsWith("{")) return;
      const event = JSON.parse(line);
      cell = event.cell;
      if (event.error) fault = `${event.name}: ${event.error}`;
      else if (source(notebook, cell)) {
        console.log(`  ${place(notebook, cell)}  ${headline(notebook, cell)}`);
      }
    }),
    eachLine(nbconvert.stderr, (line) => told.push(line)),
    follow(log, nbconvert.status),
  ]);
  const where = cell < 0 ? file : `${file}, ${place(notebook, cell)} (${headline(notebook, cell)})`;
  if (!(await nbconvert.status).success) {
    throw new Problem(
      `${where} failed, and nothing was replaced.\n${fault || told.slice(-8).join("\n")}`,
    );
  }

  const executed = `${workspace}/${name}`;
  checkOutputs(file, JSON.parse(await Deno.readTextFile(executed)), await logged(log));
  await Deno.rename(executed, path(file));
}

/**
 * Compares what the cells have `shown` with what the executed notebook holds.
 *
 * @throws {Problem} where an output is missing, or is there more than once.
 */
export function checkOutputs(file: string, notebook: Notebook, shown: Shown[]): void {
  const kept = Map.groupBy(
    notebook.cells.flatMap((cell) => cell.outputs ?? []).filter((output) =>
      output.output_type === "display_data"
    ),
    (output) => canonical(output.data!),
  );
  const last = new Map(shown.map(({ id, data }, i) => [id ?? i, canonical(data)]));
  const wanted = Map.groupBy(last.values(), (data) => data);
  const lost = [...wanted].filter(([data, same]) => kept.get(data)?.length !== same.length);
  if (lost.length === 0 && kept.size === wanted.size) return;
  throw new Problem(
    `${file}: of ${last.size} outputs that its cells have shown, ${lost.length} did not arrive once each in the notebook` +
      `${lost.length > 0 ? `, first ${lost[0][0].slice(0, 80)}…` : ""}. Nothing was replaced: ` +
      "is .venv/bin/deno the kernel of requirements.txt? Run `deno task report` again.",
  );
}

/** Tells the progress that cells report, until their kernel has ended. */
async function follow(log: string, ended: Promise<unknown>): Promise<void> {
  let running = true;
  ended.then(() => running = false);
  for (let told = 0; running; await delay(500)) {
    const lines = await logged(log);
    for (const { id, data } of lines.slice(told)) if (id) console.log(`    ${data["text/plain"]}`);
    told = lines.length;
  }
}

/** The whole lines of the log of what was shown. */
async function logged(log: string): Promise<Shown[]> {
  if (!await exists(log)) return [];
  return (await Deno.readTextFile(log)).split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

const canonical = (data: Record<string, string | string[]>) =>
  JSON.stringify(Object.keys(data).sort().map((type) => [type, joined(data[type])]));

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

const source = (notebook: Notebook, cell: number) =>
  notebook.cells[cell].cell_type === "code" ? joined(notebook.cells[cell].source).trim() : "";

const headline = (notebook: Notebook, cell: number) =>
  source(notebook, cell).split("\n")[0].slice(0, 70);

/** "code cell 3 of 20", counted as a reader of the notebook counts them. */
function place(notebook: Notebook, cell: number): string {
  const code = notebook.cells.map((_, i) => i).filter((i) => source(notebook, i));
  return `code cell ${code.indexOf(cell) + 1} of ${code.length}`;
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  handle: (line: string) => void,
): Promise<void> {
  // deno-lint-ignore no-explicit-any
  for await (const line of createInterface({ input: Readable.fromWeb(stream as any) })) {
    handle(line);
  }
}
