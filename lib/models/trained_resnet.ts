/**
 * The committed ResNet-18.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { readSafetensors } from "../data/safetensors.ts";
import { seeded } from "../random.ts";
import { ResNet18 } from "./resnet.ts";
import { loadWeights } from "./resnet_weights.ts";

const WEIGHTS = fileURLToPath(
  new URL("../../data/resnet18-cifar100/weights.safetensors", import.meta.url),
);

/**
 * The network that `deno task train` made, from its committed weights.
 *
 * @throws {DataFileError} where the file cannot be read or is of another network.
 */
export async function readTrainedNetwork(): Promise<ResNet18> {
  const network = new ResNet18(seeded(0));
  loadWeights(network, await readSafetensors(WEIGHTS));
  return network;
}
