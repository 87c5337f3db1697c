/**
 * tfjs in a browser, in the place of device.ts there: WebGPU, WebGL, or WebAssembly, whichever serves first.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import type { Binding } from "./binding.ts";
import type { Device } from "./device.ts";

/** There is no TensorFlow in a browser. */
export const binding: Binding | undefined = undefined;
export const backend = undefined;
export const runsOnTensorFlow = () => false;
export const hasBfloat16 = () => false;

/** The backends, the fastest first. */
export type BrowserBackend = "webgpu" | "webgl" | "wasm" | "cpu";
const backends: readonly BrowserBackend[] = ["webgpu", "webgl", "wasm", "cpu"];

/**
 * Starts the first of the backends that computes a right product, of `only` these where given; WebAssembly's files lie at
 * `wasm`.
 *
 * @throws {Error} where none does.
 */
export async function startDevice(
  { only = backends, wasm }: { only?: readonly BrowserBackend[]; wasm: string },
): Promise<BrowserBackend> {
  setWasmPaths(wasm);
  const reasons: string[] = [];
  for (const name of only) {
    try {
      if (!await tf.setBackend(name)) throw new Error("it does not start");
      await tf.ready();
      const product = tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])));
      const entries = await product.data();
      product.dispose();
      if (entries.some((entry) => entry !== 64)) throw new Error("it computes a wrong product");
      return name;
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(`This browser has no backend that computes: ${reasons.join("; ")}`);
}

export function describeDevice(): Device {
  throw notHere();
}

export function idOf(): number {
  throw notHere();
}

export function tensorOf(): tf.Tensor {
  throw notHere();
}

const notHere = () => new Error("TensorFlow's library does not run in a browser");

export { tf };
