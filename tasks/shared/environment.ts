/**
 * Where the parts of the project's own Python environment `.venv` lie, and the variables under which its programs write nothing outside it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const windows = Deno.build.os === "windows";

/** The path of a file of the project. */
export const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The project's folder. */
export const root = path(".");

/** The Python environment. */
export const venv = path(".venv");

/** A program of the Python environment. */
export const program = (name: string) =>
  path(windows ? `.venv/Scripts/${name}.exe` : `.venv/bin/${name}`);

/** The kernel that runs the notebooks, as Jupyter wants it described. */
export const kernel = {
  argv: [program("deno"), "jupyter", "--kernel", "--conn", "{connection_file}"],
  display_name: "Deno",
  language: "typescript",
  interrupt_mode: "message",
  env: {
    DENO_NO_UPDATE_CHECK: "1",
    DENO_TLS_CA_STORE: "system,mozilla",
    NO_COLOR: "1",
  },
};

/** The file in which Jupyter looks for the kernel named `deno`. */
export const kernelFile = path(".venv/share/jupyter/kernels/deno/kernel.json");

/** Variables for Jupyter's programs: settings, running servers and histories stay inside `.venv`. */
export const jupyterVariables = {
  JUPYTER_PATH: path(".venv/share/jupyter"),
  JUPYTER_DATA_DIR: path(".venv/share/jupyter"),
  JUPYTER_CONFIG_DIR: path(".venv/jupyter/config"),
  JUPYTER_RUNTIME_DIR: path(".venv/jupyter/runtime"),
  IPYTHONDIR: path(".venv/jupyter/ipython"),
};
