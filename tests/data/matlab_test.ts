import { assert, assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { DataFileError } from "../../lib/data/files.ts";
import { parseMatlab } from "../../lib/data/matlab.ts";
import { mat } from "./reference_files.ts";

Deno.test("parseMatlab() reads from every file what SciPy reads", () => {
  let arrays = 0;
  for (const [file, { bytes, arrays: expected }] of mat) {
    const read = parseMatlab(bytes).arrays;
    for (const [name, { shape, values }] of expected) {
      arrays++;
      assertEquals(read.get(name)?.shape, shape, `${file}: ${name}`);
      assertEquals(Array.from(read.get(name)!.values, Number), values, `${file}: ${name}`);
    }
    assertEquals([...read.keys()].sort(), [...expected.keys()].sort(), file);
  }
  assert(arrays >= 27);
});

Deno.test("parseMatlab() gives each array the type of its class", () => {
  const { arrays } = parseMatlab(mat.get("types")!.bytes);
  const types = [...arrays].map(([name, { values }]) => `${name} ${values.constructor.name}`);
  assertEquals(types, [
    "x_f4 Float32Array",
    "x_f8 Float64Array",
    "x_i1 Int8Array",
    "x_i2 Int16Array",
    "x_i4 Int32Array",
    "x_i8 BigInt64Array",
    "x_u1 Uint8Array",
    "x_u2 Uint16Array",
    "x_u4 Uint32Array",
    "x_u8 BigUint64Array",
    "logical Uint8Array",
  ]);
  const smaller = parseMatlab(mat.get("stored_smaller")!.bytes).arrays;
  assert(smaller.get("x")!.values instanceof Float64Array);
});

Deno.test("parseMatlab() says what it passes over", () => {
  assertEquals(
    parseMatlab(mat.get("others")!.bytes).others,
    new Map([
      ["struct", "a struct"],
      ["cell", "a cell array"],
      ["text", "text"],
      ["sparse", "a sparse matrix"],
      ["complex", "complex numbers"],
    ]),
  );
  assertEquals([...parseMatlab(mat.get("opaque")!.bytes).others.values()], [
    "an object, such as a string or a table",
  ]);
});

Deno.test("parseMatlab() reads big-endian files", () => {
  const words = (...values: number[]) => {
    const bytes = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => bytes.setUint32(4 * i, value));
    return [...new Uint8Array(bytes.buffer)];
  };
  const array = [
    ...words(6, 8, 12, 0),
    ...words(5, 8, 1, 2),
    ...[0, 1, 0, 1, 120, 0, 0, 0],
    ...words(5, 8, 7, 2 ** 32 - 2),
  ];
  const header = [...new Array(124).fill(32), 1, 0, 77, 73];
  const { arrays } = parseMatlab(
    Uint8Array.from([...header, ...words(14, array.length), ...array]),
  );
  assertEquals(arrays, new Map([["x", { shape: [1, 2], values: new Int32Array([7, -2]) }]]));
});

Deno.test("parseMatlab() names HDF5 for what it is", () => {
  const bytes = mat.get("types")!.bytes.slice();
  bytes.set([0, 2], 124);
  assertThrows(() => parseMatlab(bytes), DataFileError, "HDF5");
});

Deno.test("parseMatlab() refuses integers of 64 bits that are stored as fractions", () => {
  const bytes = mat.get("types")!.bytes.slice(), text = new TextDecoder("latin1").decode(bytes);
  const flags = text.indexOf("x_f8") - 4 - 16 - 8; // Before the name: its tag, the sizes and the flags.
  assertEquals(bytes[flags], 6);
  bytes[flags] = 14;
  assertThrows(
    () => parseMatlab(bytes),
    DataFileError,
    "x_f8, of integers of 64 bits, is stored as F64",
  );
});

Deno.test("parseMatlab() refuses a small file that unpacks to much, without unpacking it", () => {
  const header = mat.get("types")!.bytes.slice(0, 128);
  const compressed = (content: Uint8Array) => {
    const data = deflateSync(content, { level: 9 });
    return [...new Uint8Array(new Uint32Array([15, data.length]).buffer), ...data];
  };
  const zeros = compressed(new Uint8Array(2 ** 27));
  assertThrows(
    () => parseMatlab(Uint8Array.from([...header, ...zeros])),
    DataFileError,
    "far more than a file of its size should",
  );
  const half = compressed(new Uint8Array(2 ** 25));
  assertThrows(
    () => parseMatlab(Uint8Array.from([...header, ...half, ...half, ...half])),
    DataFileError,
    "far more",
  );
});
