import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataFileError } from "../../lib/data/files.ts";
import { openMatrix, readLabels, readMatrix, type RowRange } from "../../lib/data/matrix_files.ts";
import { writeSafetensors } from "../../lib/data/safetensors.ts";
import * as reference from "./reference_files.ts";

/** Runs `test` with a function that puts `content` into a file of that name, and returns its path. */
async function withFiles(
  test: (file: (name: string, content: Uint8Array | string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(async (name, content) => {
      const path = join(folder, name);
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
      return path;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function inBlocks(path: string, range: RowRange): Promise<number[]> {
  const values: number[] = [];
  for await (const { data } of (await openMatrix(path)).blocks(range)) values.push(...data);
  return values;
}

/** Every block size and range of five rows gives the same rows. */
async function assertBlocks(path: string, values: readonly number[]) {
  for (const size of [1, 2, 5, 9]) {
    for (const [from, to] of [[0, 5], [1, 4], [2, 2], [4, 5]]) {
      assertEquals(await inBlocks(path, { from, to, size }), values.slice(3 * from, 3 * to));
    }
  }
}

Deno.test("readMatrix() reads the values that NumPy wrote, of every type, order and version", () =>
  withFiles(async (file) => {
    let read = 0;
    for (const [name, { bytes, shape, values }] of reference.npy) {
      if (values === null || shape[0] !== 5) continue;
      const path = await file(`${name}.npy`, bytes);
      assertEquals([...(await readMatrix(path)).data], values, name);
      await assertBlocks(path, values);
      read++;
    }
    assertEquals(read, 26);
  }));

Deno.test("readMatrix() reads the tensor that is named, of every type", () =>
  withFiles(async (file) => {
    const path = await file("x.safetensors", reference.safetensors.bytes);
    for (const [tensor, values] of reference.safetensors.values) {
      const { rows, columns, data } = await readMatrix(path, { tensor });
      assertEquals([rows, columns, [...data]], [2, 3, values], tensor);
    }
    await assertRejects(() => readMatrix(path), DataFileError, "name one of U64, I64");
    await assertRejects(() => readMatrix(path, { tensor: "y" }), DataFileError, 'no tensor "y"');
  }));

Deno.test("readMatrix() needs no name where a file has one tensor", () =>
  withFiles(async (file) => {
    const path = await file("x.safetensors", "");
    const values = Float64Array.from({ length: 15 }, (_, k) => k / 7);
    await writeSafetensors(path, [["features", { shape: [5, 3], values }]]);
    await assertBlocks(path, [...values]);
  }));

Deno.test("readMatrix() reads what pandas and NumPy write as CSV, with and without a header", () =>
  withFiles(async (file) => {
    const kinds = ["pandas", "pandas_without_header", "pandas_named", "numpy"] as const;
    const ends = ["pandas_carriage_returns", "pandas_windows"] as const;
    for (const kind of [...kinds, ...ends]) {
      const path = await file("x.csv", reference.csv[kind]);
      const { rows, columns, data } = await readMatrix(path);
      assertEquals([rows, columns, [...data]], [5, 3, reference.csv.values], kind);
      await assertBlocks(path, reference.csv.values);
    }
    const path = await file("x.CSV", '\ufeffa,"b\nc"\n\n 1,-2.5e-3\n\n"3",+.5');
    assertEquals([...(await readMatrix(path)).data], [1, -0.0025, 3, 0.5]);
  }));

Deno.test("readMatrix() reads a CSV whose lines do not end where chunks of the file do", () =>
  withFiles(async (file) => {
    const values = Array.from({ length: 120_000 }, (_, k) => k * 1.7);
    for (const end of ["\n", "\r", "\r\n"]) {
      const lines = Array.from({ length: 40_000 }, (_, n) => values.slice(3 * n, 3 * n + 3).join());
      const path = await file("x.csv", lines.join(end));
      const { rows, data } = await readMatrix(path);
      assertEquals(rows, 40_000);
      assert(data.every((value, k) => value === values[k]));
    }
  }));

Deno.test("readLabels() reads one column of whole numbers, also of 64 bits", () =>
  withFiles(async (file) => {
    const labels = reference.npy.get("labels")!.bytes;
    assertEquals([...await readLabels(await file("y.npy", labels))], [3, 0, 2, 1]);
    assertEquals([...await readLabels(await file("y.csv", "label\n2\n0\n1\n"))], [2, 0, 1]);
    assertEquals([...await readLabels(await file("y.csv", "2,0,1\n"))], [2, 0, 1]);
    const wrong: [string, string][] = [
      ["0\n1.5", "label 1.5 in row 1"],
      ["0\n-1", "label -1 in row 1"],
      ["cat\ndog", '"dog" in line 2'],
      ["0,2\n1,1", "one a row"],
    ];
    for (const [text, message] of wrong) {
      const path = await file("y.csv", text);
      await assertRejects(() => readLabels(path), DataFileError, message);
    }
  }));

Deno.test("readMatrix() names file, row and cure", () =>
  withFiles(async (file) => {
    const numpy = (name: string) => reference.npy.get(name)!.bytes;
    const cases: [string, Uint8Array | string, string][] = [
      ["x.npy", numpy("complex"), "'<c16', which are not read"],
      ["x.npy", numpy("strings"), "'<U3', which are not read"],
      ["x.npy", numpy("objects"), "'|O', which are not read"],
      ["x.npy", numpy("record"), "record, which are not read"],
      ["x.npy", numpy("empty"), "nothing in it"],
      ["x.npy", numpy("cube"), "reshape it"],
      ["x.npy", numpy("infinite"), "Infinity in row 1, column 1 (from 0): half precision ends"],
      ["x.npy", numpy("large"), "9007199254740993 in row 1"],
      ["x.npy", numpy("f4_C").subarray(0, -1), "ends at byte"],
      ["x.npy", numpy("f4_C").subarray(0, 40), "header"],
      ["x.npy", "a,b", "does not begin as one"],
      ["x.safetensors", reference.safetensors.unsupported, "F8_E4M3"],
      ["x.safetensors", "{}", "2 bytes"],
      ["x.csv", "", "no rows"],
      ["x.csv", "a,b\n", "no rows"],
      ["x.csv", "a,b\n1,2\n3\n", "1 cells in line 3, 2"],
      ["x.csv", "1,2\n3,nan\n", '"nan" in line 2, column 2'],
      ["x.csv", "1,2\n3,\n", '"" in line 2, column 2'],
      ["x.csv", "1,2\n3,0x10\n", '"0x10" in line 2'],
      ["x.csv", "1,2\n3,inf\n", '"inf" in line 2'],
      ["x.csv", reference.csv.pandas_with_index, "index=False"],
      ["x.csv", reference.csv.numpy_spaces, 'delimiter=","'],
      ["x.csv", reference.csv.semicolons, "semicolons"],
      ["x.csv", new Uint8Array([0x31, 0x2c, 0xff, 0x0a]), "UTF-8"],
      ["x.pt", "", "safetensors.torch.save_file"],
      ["x.npz", "", "numpy.save"],
      ["x.txt", "", ".safetensors, .npy and .csv"],
    ];
    for (const [name, content, message] of cases) {
      const path = await file(name, content);
      const error = await assertRejects(() => readMatrix(path), DataFileError, message);
      assert(error.message.includes(name));
    }
    await assertRejects(() => readMatrix("/nowhere/x.npy"), DataFileError, "there is no such file");
    await assertRejects(() => readMatrix("/nowhere/x.csv"), DataFileError, "there is no such file");
    const path = await file("x.npy", numpy("f8_C"));
    await assertRejects(() => inBlocks(path, { to: 6 }), RangeError, "from 0 to 5");
  }));
