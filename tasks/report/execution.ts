/**
 * The execution of a notebook by the pinned kernel, and the proof that no output was lost on the way and no fault unseen.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Logged } from "../../lib/notebook/display.ts";
import { jupyterVariables, path, program, root } from "../shared/environment.ts";
import { linesOf } from "../shared/lines.ts";
import { exists, Problem } from "../shared/task.ts";
import { code, joined, type Notebook, outputs, place, readNotebook } from "./notebooks.ts";

/** A line of the log: what lib/notebook.ts keeps, and where report/nbconvert.py began a cell. */
export type Line = Logged | { cell: number };

/**
 * Executes a notebook in place, telling each cell; notebook and figures are replaced only when all went well.
 *
 * @throws {Problem} with notebook, cell and cause, where a cell throws, the kernel dies, an output is lost or a fault
 * went unseen for want of an `await`.
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
    env: {
      ...jupyterVariables,
      NOTEBOOK_LOG: `${folder}displays`,
      NOTEBOOK_WORKSPACE: pathToFileURL(folder).href,
    },
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
  const lines = await logged(`${folder}displays`);
  const where = (index: number) => index < 0 ? file : `${file}, ${place(notebook, index)}`;
  const unseen = unseenFault(lines);
  if (unseen && (!fault || unseen.cell < cell)) {
    throw new Problem(
      `${
        where(unseen.cell)
      }\n${unseen.fault}\nNo cell waited for it: put "await" before the call that failed. Nothing was replaced.`,
    );
  }
  if (!(await nbconvert.status).success) {
    throw new Problem(`${where(cell)}\n${cause(fault, told)}\nNothing was replaced.`);
  }

  const executed = JSON.parse(await Deno.readTextFile(folder + name));
  checkOutputs(file, executed, lines);
  for await (const { name: week } of Deno.readDir(`${folder}figures`)) {
    await Deno.remove(path(`figures/${week}`), { recursive: true }).catch(() => {});
    await Deno.mkdir(path("figures"), { recursive: true });
    await Deno.rename(`${folder}figures/${week}`, path(`figures/${week}`));
  }
  await Deno.rename(folder + name, path(file));
}

/** Why an execution ended, in words for who wrote the notebook. */
export function cause(fault: string, told: string[]): string {
  if (told.some((line) => line.includes("DeadKernelError"))) {
    return "The kernel ended in this cell: by Deno.exit(), which a notebook cannot use, or because the machine had no memory left.";
  }
  if (fault.includes("expected struct EvaluateResponse")) {
    return "This cell waits for a promise that nothing will ever settle.";
  }
  return fault || told.slice(-8).join("\n");
}

/** The first fault that no cell waited for, and the cell that ran when it was told; -1 where there was none yet. */
export function unseenFault(lines: Line[]): { cell: number; fault: string } | undefined {
  let cell = -1;
  for (const line of lines) {
    if ("cell" in line) cell = line.cell;
    else if ("fault" in line) return { cell, fault: line.fault };
  }
  return undefined;
}

/**
 * Compares what the cells have shown by lib/notebook.ts, of which `lines` tell, with what the executed notebook holds.
 *
 * @throws {Problem} where an output is missing, or is there more than once.
 */
export function checkOutputs(file: string, notebook: Notebook, lines: Line[]): void {
  const kept = Map.groupBy(
    outputs(notebook).filter((output) => output.output_type === "display_data"),
    (output) => canonical(output.data!),
  );
  const shown = lines.filter((line) => "data" in line);
  const last = new Map(shown.map(({ id, data }, i) => [id ?? i, canonical(data)]));
  const wanted = Map.groupBy(last.values(), (data) => data);
  const lost = [...wanted].filter(([data, same]) => kept.get(data)?.length !== same.length);
  if (lost.length === 0) return;
  throw new Problem(
    `${file}: of ${last.size} outputs that its cells have shown, ${lost.length} did not arrive once each in the notebook, first ${
      lost[0][0].slice(0, 80)
    }…. Nothing was replaced: is .venv/bin/deno the kernel of requirements.txt? Run \`deno task report\` again.`,
  );
}

const canonical = (data: Record<string, string | string[]>) =>
  JSON.stringify(Object.keys(data).sort().map((type) => [type, joined(data[type])]));

/** Tells the progress and the remarks of cells, until their kernel has ended. */
async function follow(log: string, ended: Promise<unknown>): Promise<void> {
  let running = true;
  ended.then(() => running = false);
  for (let told = 0; running; await delay(500)) {
    const lines = await logged(log);
    for (const line of lines.slice(told)) {
      if ("remark" in line) console.log(`    ${line.remark}`);
      if ("data" in line && line.id) console.log(`    ${line.data["text/plain"]}`);
    }
    told = lines.length;
  }
}

/** The whole lines of the log. */
async function logged(log: string): Promise<Line[]> {
  if (!await exists(log)) return [];
  return (await Deno.readTextFile(log)).split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  handle: (line: string) => void,
): Promise<void> {
  for await (const line of linesOf(stream)) handle(line);
}
