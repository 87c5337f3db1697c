/**
 * Opens the notebooks in JupyterLab with the project's kernel.
 *
 * @module
 */

import { jupyterVariables, program, root } from "./shared/environment.ts";
import { setUp } from "./setup.ts";
import { task } from "./shared/task.ts";

async function lab({ port, ...options }: { port?: number; "no-browser"?: true }): Promise<void> {
  await setUp();
  const server = new Deno.Command(program("jupyter-lab"), {
    args: [
      `--ServerApp.root_dir=${root}`,
      "--LabApp.default_url=/lab/tree/notebooks",
      ...options["no-browser"] ? ["--no-browser"] : [],
      ...port === undefined ? [] : [`--port=${port}`],
    ],
    cwd: root,
    env: jupyterVariables,
    stdin: "null",
    detached: true, // a Ctrl-C reaches it once, from here; a second one would stop it before its kernels
  }).spawn();
  let ending = false;
  Deno.addSignalListener("SIGINT", () => {
    if (!ending) server.kill("SIGTERM");
    ending = true;
  });
  Deno.exit((await server.status).code);
}

await task("lab", {
  options: {
    "no-browser": { type: "flag", meaning: "print the address instead of opening a browser" },
    port: { type: "number", meaning: "the port that it listens on" },
  },
  details: "Ctrl-C ends it and its kernels.",
  examples: { lab: "opens a browser", "lab --no-browser": "for an editor that connects to it" },
}, lab);
