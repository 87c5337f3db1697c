/**
 * Models in files: `model.save("file:///folder")`, and `tf.loadLayersModel("file:///folder/model.json")`, as in Node.
 *
 * @module
 */
import { NodeFileSystem } from "@tensorflow/tfjs-node-gpu/dist/io/file_system.js";
import { tf } from "./device.ts";

const SCHEME = "file://";

function route(url: string | string[]): tf.io.IOHandler | null {
  const urls = [url].flat();
  if (!urls.every((url) => typeof url === "string" && url.startsWith(SCHEME))) return null;
  const paths = urls.map((url) => decodeURIComponent(url.slice(SCHEME.length)));
  return new NodeFileSystem(Array.isArray(url) ? paths : paths[0]) as unknown as tf.io.IOHandler;
}

tf.io.registerSaveRouter(route as Parameters<typeof tf.io.registerSaveRouter>[0]);
tf.io.registerLoadRouter(route as Parameters<typeof tf.io.registerLoadRouter>[0]);
