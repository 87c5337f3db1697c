/**
 * Finds TensorFlow's C library on this machine and opens it.
 *
 * The places, in order: the environment variable TENSORFLOW_LIBRARY (a folder, a file, or "none"), the wheel in this
 * project's `.venv`, the library that tfjs-node-gpu's own installation downloads, the system's.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { wheelFolders } from "../native/wheels.ts";
import { explainBrokenElf } from "../native/elf.ts";
import { open, type TensorFlowLibrary } from "./c_api.ts";

/** The oldest TensorFlow whose C interface this engine uses: the one tfjs-node-gpu 4.22 itself was built on. */
const OLDEST = [2, 9];

/** This checkout; the working directory, where the library was imported from a registry. */
const project = import.meta.url.startsWith("file:")
  ? fileURLToPath(new URL("../../", import.meta.url))
  : ".";

/** File names of the library and, first, of what must be opened before it. */
const files = {
  linux: [
    ["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"],
    ["libtensorflow_framework.so.2", "libtensorflow.so.2"],
  ],
  darwin: [
    ["libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib"],
    ["libtensorflow_framework.2.dylib", "libtensorflow.2.dylib"],
  ],
  windows: [["python/_pywrap_tensorflow_common.dll"], ["tensorflow.dll"]],
}[Deno.build.os as string] ?? [];

/** A place that was tried and why it did not serve. */
export interface Rejection {
  /** Where it was looked for. */
  place: string;
  /** Why what is there does not serve. */
  reason: string;
}

/** Settings of TensorFlow, which it reads from the environment when it starts. */
const settings = {
  TF_CPP_MIN_LOG_LEVEL: "2",
  // TensorFlow leaves oneDNN's kernels off on some processors where they are more than twice as fast.
  TF_ENABLE_ONEDNN_OPTS: "1",
};

/** Flags of Deno without which TensorFlow cannot start; a path cannot be given, as its memory is anywhere. */
export function lackingFlags(): string[] {
  const variables = [...Object.keys(settings), "TENSORFLOW_LIBRARY"];
  return [
    ...variables.every((variable) => isAllowed({ name: "env", variable })) ? [] : ["--allow-env"],
    ...isAllowed({ name: "ffi" }) ? [] : ["--allow-ffi"],
  ];
}

/** Sets what is not set yet. */
export function applySettings(): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Deno.env.has(name)) Deno.env.set(name, value);
  }
}

/** The first library that opens, and a sentence for each place before it that did not. */
export function findLibrary(): { library?: TensorFlowLibrary; rejected: Rejection[] } {
  const rejected: Rejection[] = [];
  for (const { place, paths, reason } of candidates()) {
    if (paths === undefined) {
      rejected.push({ place, reason: reason! });
      continue;
    }
    try {
      return { library: openChecked(paths), rejected };
    } catch (error) {
      rejected.push({ place, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { rejected };
}

interface Candidate {
  place: string;
  /** What to open, in order; absent where there is nothing. */
  paths?: string[];
  reason?: string;
}

function* candidates(): Generator<Candidate> {
  const given = environment("TENSORFLOW_LIBRARY");
  if (given === "none") return yield { place: "TENSORFLOW_LIBRARY", reason: "it says none" };
  if (given) yield inPlace(`TENSORFLOW_LIBRARY=${given}`, given);
  for (const folder of wheelFolders("tensorflow")) yield inPlace(folder, folder);
  const deps = join(project, "node_modules/@tensorflow/tfjs-node-gpu/deps/lib");
  yield inPlace(deps, deps);
  const system = files.find((names) =>
    names.at(-1)!.includes("libtensorflow.") || names.length === 1
  );
  if (system) yield { place: "the system's library folders", paths: [system.at(-1)!] };
}

/** The library in `location`: a folder that holds it, or the file itself. */
function inPlace(place: string, location: string): Candidate {
  const isFile = stat(location)?.isFile ?? false;
  const folder = isFile ? dirname(location) : location;
  for (const names of files) {
    const paths = names.map((name) => join(folder, name));
    if (isFile) paths[paths.length - 1] = location;
    if (paths.every((path) => stat(path)?.isFile)) return { place, paths };
  }
  if (isFile) return { place, paths: [location] };
  if (!isAllowed({ name: "read", path: folder })) {
    return { place, reason: "it may not be read: run with --allow-read" };
  }
  return { place, reason: `there is no ${files[0]?.at(-1) ?? "TensorFlow library"} in it` };
}

/** A variable of the environment, where it may be read. */
export function environment(variable: string): string | undefined {
  return isAllowed({ name: "env", variable }) ? Deno.env.get(variable) : undefined;
}

/** Whether the process may do this without asking. */
function isAllowed(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function openChecked(paths: string[]): TensorFlowLibrary {
  for (const path of paths) {
    const fault = stat(path) && explainBrokenElf(path);
    if (fault) throw new Error(`${path} ${fault}`);
  }
  const library = open(paths);
  const [major, minor] = library.version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Error(
      `${paths.at(-1)} is TensorFlow ${library.version}; ${OLDEST.join(".")} or newer is needed`,
    );
  }
  return library;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}
