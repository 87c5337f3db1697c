/**
 * Opens the notebooks in JupyterLab with the project's kernel; arguments go to JupyterLab. Ctrl-C ends it and its kernels.
 *
 * @module
 */

import { jupyterVariables, program, root } from "./shared/environment.ts";
import { setUp } from "./setup.ts";
import { task } from "./shared/task.ts";

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
    stdin: "null",
    detached: true, // a Ctrl-C reaches it once, from here; a second one would stop it before its kernels
  }).spawn();
  let ending = false;
  Deno.addSignalListener("SIGINT", () => {
    if (!ending) lab.kill("SIGTERM");
    ending = true;
  });
  Deno.exit((await lab.status).code);
});
