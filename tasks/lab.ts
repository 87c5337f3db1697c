/**
 * Opens the notebooks in JupyterLab with the project's kernel; arguments go to JupyterLab.
 *
 * @module
 */

import { jupyterVariables, program, root } from "./environment.ts";
import { setUp } from "./setup.ts";
import { task } from "./task.ts";

await task(async () => {
  await setUp();
  const lab = new Deno.Command(program("jupyter-lab"), {
    args: [
      `--ServerApp.root_dir=${root}`,
      "--LabApp.default_url=/lab/tree/notebooks",
      ...Deno.args,
    ],
    cwd: root,
    env: jupyterVariables,
  }).spawn();
  Deno.addSignalListener("SIGINT", () => {}); // JupyterLab gets Ctrl-C too, and asks before it stops
  Deno.exit((await lab.status).code);
});
