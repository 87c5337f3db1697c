/**
 * Sets the project up: npm packages, `.venv` from the pinned requirements, the notebook kernel, TensorFlow's C library.
 *
 * What is complete is recorded at the end, so an interrupted set-up is done again, and a second one returns at once.
 *
 * @module
 */

import { kernel, kernelFile, path, program, root, venv } from "./shared/environment.ts";
import { exists, type Outcome, outcome, Problem, task } from "./shared/task.ts";

const record = path(".venv/set-up.json");
const tensorflowRecord = path(".venv/tensorflow.json");

/** Makes sure that everything is installed; one set-up runs at a time. What may be missing is tried again only by `again`. */
export async function setUp({ again = false } = {}): Promise<void> {
  using lock = await Deno.open(path("requirements.txt"), { read: true, write: true });
  await lock.lock(true);
  await setUpPackages();
  await setUpPython();
  await setUpKernel();
  await setUpTensorflow(again);
}

/** The npm packages of deno.lock, in node_modules. */
async function setUpPackages(): Promise<void> {
  const state = await fingerprint("deno.lock");
  const file = path("node_modules/set-up.json");
  if (await recorded(file, state)) return;
  console.error("Installing the npm packages");
  const install = await outcome(Deno.execPath(), ["install", "--quiet"], { cwd: root });
  if (!install.success) throw installProblem("the npm packages", "the npm registry", install);
  await save(file, await fingerprint("deno.lock"));
}

/** `.venv` with what requirements.txt names. */
async function setUpPython(): Promise<void> {
  const state = await fingerprint("requirements.txt");
  const programs = ["python", "deno", "jupyter-nbconvert", "jupyter-lab"].map(program);
  const present = await Promise.all(programs.map(exists));
  if (present.every(Boolean) && await recorded(record, state)) return;
  const python = await findPython();
  console.error(
    "Creating .venv with the notebook kernel, JupyterLab and the typesetters (a minute)",
  );
  for (const old of [record, tensorflowRecord, venv]) {
    if (await exists(old)) await Deno.remove(old, { recursive: true });
  }
  const created = await outcome(python, ["-m", "venv", venv]);
  if (!created.success) throw venvProblem(python, created);
  const install = await pip(["-r", path("requirements.txt")]);
  if (!install.success) throw installProblem("the Python packages", "PyPI", install);
  await save(record, state);
}

/** The kernel named `deno`, in the environment's own folder of kernels. */
async function setUpKernel(): Promise<void> {
  if (!await recorded(kernelFile, kernel)) await save(kernelFile, kernel);
}

/** TensorFlow's C library; without it everything runs, on a slower engine. */
async function setUpTensorflow(again: boolean): Promise<void> {
  const state = await fingerprint("requirements-tensorflow.txt");
  const missing = { ...state, missing: true };
  if (await recorded(tensorflowRecord, state)) return;
  if (!again && await recorded(tensorflowRecord, missing)) return;
  console.error("Installing TensorFlow's C library (1.3 GB on disk)");
  const { output } = await outcome(program("python"), [
    "-c",
    "import sysconfig; print(sysconfig.get_path('purelib'))",
  ]);
  const install = await pip([
    ...["--upgrade", "--no-deps", "--only-binary=:all:", "--python-version=3.13"],
    `--target=${output.trim()}`,
    ...["-r", path("requirements-tensorflow.txt")],
  ]);
  await save(tensorflowRecord, install.success ? state : missing);
  if (install.success) return;
  const { message } = installProblem("TensorFlow's C library", "PyPI", install);
  console.error(
    `${
      message.replace("this command", "`deno task setup`")
    }\nUntil then everything works, on a slower engine.`,
  );
}

/** A file of the project and the place of the project, which the programs in `.venv` have written into them. */
async function fingerprint(file: string): Promise<Record<string, unknown>> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest("SHA-256", await Deno.readFile(path(file))),
  );
  return { [file]: bytes.toHex(), root };
}

async function recorded(file: string, state: unknown): Promise<boolean> {
  return await exists(file) && await Deno.readTextFile(file) === JSON.stringify(state);
}

async function save(file: string, value: unknown): Promise<void> {
  await Deno.mkdir(file.replace(/[^/\\]+$/, ""), { recursive: true });
  await Deno.writeTextFile(file, JSON.stringify(value));
}

/** pip of `.venv`, with its unpacking inside `.venv` too. */
async function pip(args: string[]): Promise<Outcome> {
  const scratch = path(".venv/tmp");
  await Deno.mkdir(scratch, { recursive: true });
  const options = ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off"];
  return await outcome(program("python"), ["-m", "pip", "install", ...options, ...args], {
    env: { TMPDIR: scratch, TEMP: scratch },
  });
}

/** The first Python of this machine that is new enough. */
async function findPython(): Promise<string> {
  const older: string[] = [];
  for (
    const name of ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"]
  ) {
    const version = await outcome(name, ["-c", "import sys; print(*sys.version_info[:3], sep='.')"])
      .catch(() => ({ success: false, output: "" }));
    if (!version.success) continue;
    const [major, minor] = version.output.split(".").map(Number);
    if (major === 3 && minor >= 11) return name;
    older.push(`${name} is ${version.output.trim()}`);
  }
  throw new Problem(
    `Python 3.11 or newer is needed for the notebooks and ${
      older.length > 0 ? `is not here (${older.join(", ")})` : "was not found on the PATH"
    }: install it from https://www.python.org/downloads or with your system's packages, then run this command again.`,
  );
}

function venvProblem(python: string, { output, errors }: Outcome): Problem {
  if (full(output + errors)) return diskProblem("the Python environment");
  return new Problem(
    `${python} cannot create a virtual environment (${
      lastLine(errors + output)
    }): install its venv module ` +
      "(on Debian and Ubuntu: sudo apt install python3-venv), then run this command again.",
  );
}

function installProblem(what: string, registry: string, { output, errors }: Outcome): Problem {
  const said = errors + output;
  if (full(said)) return diskProblem(what);
  if (
    /connection|resolve|timed? ?out|unreachable|network|certificate|proxy|tls|dns|sending request/i
      .test(said)
  ) {
    return new Problem(
      `${registry} could not be reached, so ${what} could not be installed: check the network connection (or proxy), then run this command again.`,
    );
  }
  return new Problem(
    `Installing ${what} failed (${lastLine(said)}): mend that, then run this command again.`,
  );
}

const diskProblem = (what: string) =>
  new Problem(
    `The disk is full, so ${what} could not be installed: free about 3 GB, then run this command again.`,
  );

const full = (said: string) => /no space left|disk quota|os error 28|enospc/i.test(said);

const lastLine = (said: string) =>
  said.split("\n").filter((line) => /\S/.test(line)).findLast((line) => /error/i.test(line))
    ?.trim() ??
    said.trim().split("\n").at(-1);

if (import.meta.main) {
  await task("setup", {
    details:
      "What could not be installed before is tried again. It takes two minutes and 2 GB, inside the project.",
    examples: { setup: "makes sure that everything is there" },
  }, () => setUp({ again: true }));
}
