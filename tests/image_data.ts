import { join } from "node:path";
import { dataDirectory } from "../lib/data/directory.ts";

/** Whether the image data sets are on this machine; tests that need them are ignored, and counted, where they are not. */
export const imageDataIsHere: boolean = await Deno.stat(
  join(dataDirectory(), "cifar-100-binary/train.bin"),
).then(() => true, () => false);
