/**
 * Where the image data sets lie.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/**
 * The folder of the data sets: the environment variable `DATA_DIR`, or else this project's `data/downloads`, which
 * `deno task data` fills. It holds `cifar-100-binary/`, `cifar-10-batches-bin/` and `svhn/test_32x32.mat`.
 */
export function dataDirectory(): string {
  return Deno.env.get("DATA_DIR") ||
    projectData("downloads");
}

/** The path of `name` in this project's data folder; its address, where the library was imported from one. */
export function projectData(name: string): string {
  const url = new URL(`../../data/${name}`, import.meta.url);
  return url.protocol === "file:" ? fileURLToPath(url) : url.href;
}

/** What to do where a data set is missing. */
export const MISSING_DATA =
  'download it with "deno task data", or set DATA_DIR to the folder where it is';
