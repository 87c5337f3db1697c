/**
 * The execution of a notebook by the pinned kernel, and the proof that no output was lost on the way.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { jupyterVariables, path, program, root } from "../shared/environment.ts";
import { code, joined, type Notebook, outputs, readNotebook } from "./notebooks.ts";
import { linesOf } from "../shared/lines.ts";
import { exists, Problem } from "../shared/task.ts";

/** A line of the log that lib/notebook.ts keeps: an output, which later ones with the same `id` replace. */
export interface Shown {
  id?: string;
  data: Record<string, string>;
}

/**
 * Executes a notebook in place, telling each cell; notebook and figures are replaced only when all went well.
 *
 * @throws {Problem} with notebook, cell and cause, where a cell throws, the kernel dies or an output is lost.
 */
export async function execute(file: string, workspace: string): Promise<void> {
  const notebook = await readNotebook(file);
  const name = file.split("/").at(-1)!;
  const folder = `${workspace}/${name}.run/`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${folder}figures`, { recursive: true });
  console.log(file);
  const nbconvert = new Deno.Command(program("jupyter-nbconvert"), {
    args: ["--execute", "--to=notebook", `--config=${path("report/nbconvert.py")}`]
      .concat([`--output-dir=${folder}`, file]),
    cwd: root,
    env: { ...jupyterVariables, NOTEBOOK_WORKSPACE: pathToFileURL(folder).href },
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
      if (event.error) fault = event.error;
      else if (code(notebook, cell)) console.log(`  ${place(notebook, cell)}`);
    }),
    eachLine(nbconvert.stderr, (line) => told.push(line)),
    follow(`${folder}displays`, nbconvert.status),
  ]);
  if (!(await nbconvert.status).success) {
    const where = cell < 0 ? file : `${file}, ${place(notebook, cell)}`;
    throw new Problem(`${where}\n${fault || told.slice(-8).join("\n")}\nNothing was replaced.`);
  }

  const executed = JSON.parse(await Deno.readTextFile(folder + name));
  checkOutputs(file, executed, await logged(`${folder}displays`));
  for await (const { name: week } of Deno.readDir(`${folder}figures`)) {
    await Deno.remove(path(`figures/${week}`), { recursive: true }).catch(() => {});
    await Deno.mkdir(path("figures"), { recursive: true });
    await Deno.rename(`${folder}figures/${week}`, path(`figures/${week}`));
  }
  await Deno.rename(folder + name, path(file));
}

/**
 * Compares what the cells have `shown` with what the executed notebook holds.
 *
 * @throws {Problem} where an output is missing, or is there more than once.
 */
export function checkOutputs(file: string, notebook: Notebook, shown: Shown[]): void {
  const kept = Map.groupBy(
    outputs(notebook).filter((output) => output.output_type === "display_data"),
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

const canonical = (data: Record<string, string | string[]>) =>
  JSON.stringify(Object.keys(data).sort().map((type) => [type, joined(data[type])]));

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

/** Which cell, counted as a reader of the notebook counts them, and how it begins. */
function place(notebook: Notebook, cell: number): string {
  const cells = notebook.cells.map((_, i) => i).filter((i) => code(notebook, i));
  const beginning = code(notebook, cell).split("\n")[0].slice(0, 70);
  return `cell ${cells.indexOf(cell) + 1} of ${cells.length}  ${beginning}`;
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  handle: (line: string) => void,
): Promise<void> {
  for await (const line of linesOf(stream)) handle(line);
}
