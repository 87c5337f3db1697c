import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataFileError } from "../../lib/data/files.ts";
import {
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  storedNumbers,
  type StoredTensor,
  storedTensor,
  writeSafetensors,
} from "../../lib/data/safetensors.ts";
import * as reference from "./reference_files.ts";

const TENSORS: [string, StoredTensor][] = [
  ["flags", { shape: [3], values: new Uint8Array([1, 0, 255]) }],
  ["half", { shape: [1, 3], values: new Float16Array([0.5, -2, 65504]) }],
  ["single", { shape: [2, 2], values: new Float32Array([1, 2, 3, Math.PI]) }],
  ["double", { shape: [], values: new Float64Array([Math.E]) }],
  ["sizes", { shape: [2], values: new BigUint64Array([0n, 2n ** 64n - 1n]) }],
  ["words", { shape: [1], values: new Uint32Array([2 ** 32 - 1]) }],
  ["short", { shape: [2], values: new Int16Array([-1, 7]) }],
  ["unsigned", { shape: [1], values: new Uint16Array([65535]) }],
  ["byte", { shape: [1], values: new Int8Array([-128]) }],
  ["__proto__", { shape: [1], values: new Uint8Array([4]) }],
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

Deno.test("parseSafetensors() reads the values that PyTorch wrote, of every type", () => {
  const file = parseSafetensors(reference.safetensors.bytes);
  assertEquals(file.tensors.size, 13);
  for (const [dtype, values] of reference.safetensors.values) {
    assertEquals([...storedNumbers(file, dtype, { shape: [2, 3] })], values, dtype);
  }
});

Deno.test("parseSafetensors() accepts what the reference reader accepts, and nothing else", () => {
  for (const [name, { bytes, accepted }] of reference.safetensors.edges) {
    if (accepted) parseSafetensors(bytes);
    else if (name === "lone_surrogate") continue; // JSON of JavaScript has such strings; they are not written.
    else assertThrows(() => parseSafetensors(bytes), DataFileError, "not a whole", name);
  }
  const { tensors } = parseSafetensors(reference.safetensors.edges.get("prototype")!.bytes);
  assertEquals([...tensors.keys()], ["__proto__"]);
});

Deno.test("parseSafetensors() names an element type that it does not read", () => {
  assertThrows(
    () => parseSafetensors(reference.safetensors.unsupported, { name: "x.safetensors" }),
    DataFileError,
    "x.safetensors has a tensor x of the type F8_E4M3, which is not supported",
  );
});

Deno.test("storedNumbers() refuses an integer that no float64 holds", () => {
  const tensors = new Map([["n", { shape: [2], values: new BigInt64Array([1n, 2n ** 53n]) }]]);
  assertThrows(() => storedNumbers({ tensors, metadata: {} }, "n"), DataFileError, "at 1");
});

Deno.test("writeSafetensors() refuses what its reader would, and leaves the old file", async () => {
  const path = await Deno.makeTempFile(), values = new Float32Array(2);
  await writeSafetensors(path, [["good", { shape: [2], values }]]);
  const wrong: [Parameters<typeof formatSafetensors>, new () => Error, string][] = [
    [[[["a", { shape: [-1, -2], values }]]], RangeError, "[-1,-2]"],
    [[[["a", { shape: [0.5, 4], values }]]], RangeError, "[0.5,4]"],
    [[[["__metadata__", { shape: [2], values }]]], RangeError, "No tensor"],
    [[[["\ud800", { shape: [2], values }]]], RangeError, "Unicode"],
    [[[["a", { shape: [2], values: [1, 2] as never }]]], TypeError, "typed array"],
    [[[], { metadata: { epoch: 3 } as never }], TypeError, '"epoch" is 3'],
    [[[], { metadata: { a: "\udc00" } }], TypeError, '"a"'],
  ];
  for (const [[tensors, options], kind, message] of wrong) {
    await assertRejects(() => writeSafetensors(path, tensors, options), kind, message);
  }
  assertEquals([...(await readSafetensors(path)).tensors.keys()], ["good"]);
  await Deno.remove(path);
});
