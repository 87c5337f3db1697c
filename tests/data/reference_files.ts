/** Files written by NumPy, SciPy, safetensors and pandas, and what these read from them. */
import json from "../reference/data_files.json" with { type: "json" };

/** An array in bytes, with its shape and its values row by row; none where they are no real numbers. */
export interface ReferenceArray {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shape: readonly number[];
  readonly values: readonly number[] | null;
}

const bytesOf = (text: string) => Uint8Array.fromBase64(text);

export const npy = new Map<string, ReferenceArray>(
  Object.entries(json.npy).map(([name, it]) => [name, { ...it, bytes: bytesOf(it.bytes) }]),
);

export const mat = new Map(
  Object.entries(json.mat).map(([name, { bytes, arrays }]) => [
    name,
    {
      bytes: bytesOf(bytes),
      arrays: new Map<string, { shape: number[]; values: number[] }>(Object.entries(arrays)),
    },
  ]),
);

export const safetensors = {
  bytes: bytesOf(json.safetensors.bytes),
  values: new Map<string, number[]>(Object.entries(json.safetensors.values)),
  unsupported: bytesOf(json.safetensors.unsupported),
  edges: new Map(
    Object.entries(json.safetensors.edges).map(([name, { bytes, accepted }]) => [
      name,
      { bytes: bytesOf(bytes), accepted },
    ]),
  ),
};

export const csv = json.csv;
