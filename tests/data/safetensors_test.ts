import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataFileError } from "../../lib/data/files.ts";
import {
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  type StoredTensor,
  storedTensor,
  writeSafetensors,
} from "../../lib/data/safetensors.ts";
import { seeded } from "../../lib/random.ts";

const TENSORS: [string, StoredTensor][] = [
  ["flags", { shape: [3], values: new Uint8Array([1, 0, 255]) }],
  ["half", { shape: [1, 3], values: new Float16Array([0.5, -2, 65504]) }],
  ["single", { shape: [2, 2], values: new Float32Array([1, 2, 3, Math.PI]) }],
  ["double", { shape: [], values: new Float64Array([Math.E]) }],
  ["count", { shape: [1], values: new BigInt64Array([2n ** 40n]) }],
  ["label", { shape: [2], values: new Int32Array([-1, 7]) }],
  ["none", { shape: [0, 4], values: new Float32Array(0) }],
];

Deno.test("writeSafetensors() and readSafetensors() keep every type, shape and value", async () => {
  const path = await Deno.makeTempFile();
  await writeSafetensors(path, TENSORS, { metadata: { made: "here" } });
  const { tensors, metadata } = await readSafetensors(path);
  await Deno.remove(path);
  assertEquals(new Map(TENSORS), new Map([...tensors].sort(byOriginalOrder)));
  assertEquals(metadata, { made: "here" });
});

function byOriginalOrder([a]: [string, StoredTensor], [b]: [string, StoredTensor]): number {
  const order = TENSORS.map(([name]) => name);
  return order.indexOf(a) - order.indexOf(b);
}

Deno.test("parseSafetensors() reads tensors that are not aligned in the file", () => {
  const bytes = formatSafetensors([["x", { shape: [2], values: new Float64Array([1, 2]) }]]);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  assertEquals([...parseSafetensors(shifted).tensors.get("x")!.values], [1, 2]);
});

Deno.test("storedTensor() names what there is when a tensor is missing or of another shape", () => {
  const file = { tensors: new Map(TENSORS), metadata: {} };
  assertEquals(storedTensor(file, "single", { shape: [-1, 2] }).shape, [2, 2]);
  assertThrows(() => storedTensor(file, "mean"), DataFileError, "flags, half");
  assertThrows(() => storedTensor(file, "single", { shape: [4] }), DataFileError, "[2,2]");
});

Deno.test("formatSafetensors() refuses a shape that does not fit and two tensors of one name", () => {
  const values = new Float32Array(3);
  assertThrows(() => formatSafetensors([["x", { shape: [2], values }]]), RangeError, "3 values");
  const x = ["x", { shape: [3], values }] as const;
  assertThrows(() => formatSafetensors([x, x]), RangeError, "Two tensors");
});

Deno.test("readSafetensors() names the file and the remedy when there is none", async () => {
  await assertRejects(() => readSafetensors("/nowhere/w.safetensors"), DataFileError, "/nowhere/w");
  await assertRejects(() => readSafetensors("/"), DataFileError, "directory");
});

Deno.test("parseSafetensors() throws only its own error on 20,000 damaged files", () => {
  const whole = formatSafetensors(TENSORS);
  const random = seeded(5);
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    let bytes = whole.slice(0, random() < 0.3 ? random.integer(whole.length) : whole.length);
    for (let k = random.integer(4); k > 0 && bytes.length > 0; k--) {
      bytes[random.integer(Math.min(bytes.length, 700))] = random.integer(256);
    }
    if (random() < 0.1) bytes = new Uint8Array([...bytes, 0]);
    try {
      parseSafetensors(bytes);
    } catch (error) {
      assert(error instanceof DataFileError, String(error));
      refused++;
    }
  }
  assert(refused > 5000);
});
