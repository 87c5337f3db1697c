/**
 * A copy of the project in which a notebook can be tried without touching the real ones.
 *
 * @module
 */
import { root } from "../../tasks/shared/environment.ts";
import { type Outcome, outcome } from "../../tasks/shared/task.ts";

/** A cell for a trial: prose in Markdown, with what is pasted into it, or code. */
export type TrialCell = string | { markdown: string; attachments?: unknown };

/** The JSON of a notebook with the project's kernel. */
export function notebookOf(cells: TrialCell[]): string {
  return JSON.stringify({
    cells: cells.map((cell, i) =>
      typeof cell === "string"
        ? {
          cell_type: "code",
          id: `c${i}`,
          metadata: {},
          source: cell,
          outputs: [],
          execution_count: null,
        }
        : {
          cell_type: "markdown",
          id: `c${i}`,
          metadata: {},
          source: cell.markdown,
          ...(cell.attachments ? { attachments: cell.attachments } : {}),
        }
    ),
    metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** A copy of the project; its library, data, programs and packages are links. `notebooks` are copied too, or left out. */
export class Trial {
  private constructor(readonly folder: string) {}

  static async begin({ notebooks = false } = {}): Promise<Trial> {
    const folder = await Deno.makeTempDir({ prefix: "trial ñ " });
    const copy = async (name: string) => {
      await Deno.mkdir(`${folder}/${name}`);
      for await (const entry of Deno.readDir(`${root}/${name}`)) {
        if (entry.isFile) {
          await Deno.copyFile(`${root}/${name}/${entry.name}`, `${folder}/${name}/${entry.name}`);
        }
      }
    };
    const link = async (name: string) => await Deno.symlink(`${root}/${name}`, `${folder}/${name}`);
    for (const name of ["deno.json", "deno.lock", "README.md"]) {
      await Deno.copyFile(`${root}/${name}`, `${folder}/${name}`);
    }
    for (const name of ["lib", "data", "tasks", "tests", "node_modules"]) await link(name);
    await copy("report");
    for (const name of [".venv", "figures"]) {
      await Deno.mkdir(`${folder}/${name}`);
      for await (const entry of Deno.readDir(`${root}/${name}`)) {
        if (!["report", "jupyter"].includes(entry.name)) await link(`${name}/${entry.name}`);
      }
    }
    if (notebooks) await copy("notebooks");
    else await Deno.mkdir(`${folder}/notebooks`);
    return new Trial(folder);
  }

  /** Writes the notebook `name` with `cells`. */
  async write(name: string, cells: TrialCell[]): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/notebooks/${name}.ipynb`, notebookOf(cells));
  }

  /** Executes the notebooks that contain `name` and sets the report. */
  async report(name: string): Promise<Outcome> {
    const module = new URL("tasks/report/build.ts", `file://${encodeURI(this.folder)}/`).href;
    const script = `
      import { buildReport } from ${JSON.stringify(module)};
      try {
        await buildReport([${JSON.stringify(name)}]);
      } catch (error) {
        if (error.constructor.name !== "Problem") throw error;
        console.error(error.message);
        Deno.exit(1);
      }`;
    await Deno.writeTextFile(`${this.folder}/build.ts`, script);
    return await this.run(["run", "-A", "--no-check", "build.ts"]);
  }

  /** Runs Deno in the copy. */
  async run(args: string[]): Promise<Outcome> {
    return await outcome(Deno.execPath(), args, { cwd: this.folder, env: { NO_COLOR: "1" } });
  }

  /** A file of the copy as text. */
  async read(name: string): Promise<string> {
    return await Deno.readTextFile(`${this.folder}/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
