/**
 * tfjs on the fastest device of this machine: TensorFlow's C library (CPU or GPU), else WebGPU, else tfjs's own
 * cpu backend.
 *
 * @module
 */
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js";
import { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TensorMetadata } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { Binding } from "./binding.ts";
import "./corrections.ts";
import {
  applySettings,
  environment,
  findLibrary,
  lackingFlags,
  type Rejection,
} from "./library.ts";
import { withoutStandardError } from "./standard_error.ts";

// tfjs-node's kernels call two functions that newer Node compatibility layers have dropped.
const dropped = util as unknown as Record<string, unknown>;
dropped.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
dropped.isArray ??= Array.isArray;

/** What runs the arrays. */
export interface Device {
  /** The backend of tfjs. */
  backend: "tensorflow" | "webgpu" | "cpu";
  /** The library and its version. */
  library: string;
  /** The kind of processor. */
  kind: "CPU" | "GPU";
  /** Threads that one operation may use; 1 for tfjs's cpu backend. */
  threads: number;
  /** Number formats of floating-point tensors. */
  formats: string[];
  /** The faster places that were tried first, and why each did not serve. */
  rejected: Rejection[];
}

const { library, rejected } = startLibrary();

/** TensorFlow's side of tfjs's backend; undefined where tfjs runs on another one. */
export const binding: Binding | undefined = library;

/** tfjs's backend over TensorFlow; undefined where tfjs runs on another one. */
export const backend: NodeJSKernelBackend | undefined = binding &&
  new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu");

await start();

/** Whether arrays run on TensorFlow now; `tf.setBackend` may have chosen another backend. */
export function runsOnTensorFlow(): boolean {
  return tf.getBackend() === "tensorflow";
}

/** Whether TensorFlow has fast bfloat16 kernels for this processor (on an x86, oneDNN's, which want AVX-512). */
export function hasBfloat16(): boolean {
  if (!runsOnTensorFlow()) return false;
  if (binding!.isUsingGpuDevice() || Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return true;
  }
  return binding!.eager.library.bfloat16;
}

/** The id under which TensorFlow's side knows `x`. */
export function idOf(x: tf.Tensor): number {
  if (x.isDisposed) throw new RangeError("A tensor was disposed of before its last use");
  // Values that tfjs has not handed over yet are handed over by this call.
  const inner = backend as unknown as { getInputTensorIds(tensors: tf.Tensor[]): number[] };
  return inner.getInputTensorIds([x])[0];
}

/** A tensor of tfjs for what an operation made. */
export function tensorOf(result: TensorMetadata): tf.Tensor {
  const inner = backend as unknown as { createOutputTensor(result: TensorMetadata): tf.Tensor };
  return inner.createOutputTensor(result);
}

export { tf };

/**
 * What runs the arrays of this process.
 *
 * @example
 * ```ts
 * import { describeDevice } from "./device.ts";
 * import { assert } from "@std/assert";
 *
 * assert(describeDevice().formats.includes("float32"));
 * ```
 */
export function describeDevice(): Device {
  const threads = navigator.hardwareConcurrency;
  switch (tf.getBackend()) {
    case "tensorflow":
      return {
        backend: "tensorflow",
        library: `TensorFlow ${binding!.TF_Version}, ${binding!.eager.library.path}`,
        kind: binding!.isUsingGpuDevice() ? "GPU" : "CPU",
        threads: Number(environment("TF_NUM_INTRAOP_THREADS") ?? threads),
        formats: ["float32", ...hasBfloat16() ? ["bfloat16"] : []],
        rejected,
      };
    case "webgpu":
      return {
        backend: "webgpu",
        library: `TensorFlow.js ${tf.version.tfjs}, WebGPU`,
        kind: "GPU",
        threads,
        formats: ["float32"],
        rejected,
      };
    default:
      return {
        backend: "cpu",
        library: `TensorFlow.js ${tf.version.tfjs}, plain JavaScript`,
        kind: "CPU",
        threads: 1,
        formats: ["float32"],
        rejected,
      };
  }
}

function startLibrary(): { library?: Binding; rejected: Rejection[] } {
  if (lackingFlags().length > 0) {
    const reason = `it needs ${lackingFlags().join(" and ")}`;
    return { rejected: [{ place: "TensorFlow's C library", reason }] };
  }
  applySettings();
  // The lines of its start come before TensorFlow knows the level.
  return environment("TF_CPP_MIN_LOG_LEVEL") === "0" ? find() : withoutStandardError(find);
}

function find(): { library?: Binding; rejected: Rejection[] } {
  const { library, rejected } = findLibrary();
  if (library === undefined) return { rejected };
  try {
    return { library: new Binding(library), rejected };
  } catch (error) {
    return { rejected: [...rejected, { place: library.path, reason: (error as Error).message }] };
  }
}

async function start(): Promise<void> {
  if (backend !== undefined) {
    tf.registerBackend("tensorflow", () => backend, 3);
    await tf.setBackend("tensorflow");
    return;
  }
  const places = rejected.map(({ place, reason }) => `  ${place}: ${reason}`).join("\n");
  const faster = lackingFlags().length > 0
    ? `TensorFlow's C library would be faster: run with ${lackingFlags().join(" and ")}`
    : `TensorFlow's C library would be faster, and was not found:\n${places}\n` +
      "`deno task setup` installs it where a wheel for this machine exists.";
  try {
    await startWebGpu();
    console.warn(`Arrays run on the GPU by WebGPU. ${faster}`);
  } catch (error) {
    rejected.push({ place: "WebGPU", reason: (error as Error).message });
    await tf.setBackend("cpu");
    // Its one-time advice to install tfjs-node does not help here.
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
    console.warn(`Arrays run in plain JavaScript, and training will be slow. ${faster}`);
  }
}

/** WebGPU, where it computes and where its values can be read at once, as code for TensorFlow reads them. */
async function startWebGpu(): Promise<void> {
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu")) throw new Error("there is no graphics processor for it");
  const warn = console.warn;
  console.warn = () => {}; // tfjs's advice against reading at once
  try {
    const product = tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync());
    if (product.some((entry) => entry !== 64)) throw new Error("it computes a wrong product");
  } catch (error) {
    tf.removeBackend("webgpu");
    throw new Error(`its values cannot be read (${(error as Error).message})`);
  } finally {
    console.warn = warn;
  }
}
