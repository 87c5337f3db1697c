/**
 * A matrix in a safetensors or .npy file, of which only the rows that are asked for are read.
 *
 * @module
 */
import type { Matrix } from "../linear_algebra/mod.ts";
import {
  asArray,
  ELEMENT_TYPES,
  firstNotFinite,
  type NumericArray,
  widened,
} from "./element_types.ts";
import { DataFileError, openFile, readAt } from "./files.ts";
import { type ArrayChoice, blockRange, type MatrixFile, type RowRange } from "./row_blocks.ts";
import { LONGEST_NPY_HEADER, parseNpyHeader } from "./npy.ts";
import { decode } from "./safetensors.ts";
import { headerEnd, parseHeader, PREFIX, type TensorEntry, widthOf } from "./safetensors_header.ts";

/** Where an array lies in a file, and how its bytes are numbers. */
interface Layout {
  readonly shape: readonly number[];
  readonly offset: number;
  /** Bytes of a number. */
  readonly width: number;
  readonly half: boolean;
  readonly fortranOrder: boolean;
  readonly numbers: (bytes: Uint8Array) => NumericArray;
}

/**
 * Opens a matrix in a safetensors or .npy file; see `openMatrix`.
 *
 * @throws {DataFileError} where there is no such file or array, or it is damaged.
 */
export async function openArray(path: string, { tensor }: ArrayChoice = {}): Promise<MatrixFile> {
  const { file, size } = await openFile(path);
  using _ = file;
  const layout =
    await (/\.npy$/i.test(path)
      ? npyLayout(file, { path, size })
      : safetensorsLayout(file, { path, size, tensor }));
  const { shape: [rows = 0, columns = 1] } = layout;
  if (layout.shape.length < 1 || layout.shape.length > 2 || rows === 0 || columns === 0) {
    throw new DataFileError(
      `${path} holds an array of shape [${layout.shape}], a matrix of rows and columns is needed: ` +
        (layout.shape.length > 2 ? "reshape it to N × D" : "there is nothing in it"),
    );
  }
  return {
    path,
    rows,
    columns,
    async *blocks(range: RowRange = {}) {
      using file = (await openFile(path)).file;
      for (const { from, to } of blockRange({ rows, columns }, range)) {
        const values = await readRows(file, { ...layout, path, rows, columns, from, to });
        const fail = (what: string, k: number, cure: string): never => {
          const place = `row ${from + Math.floor(k / columns)}, column ${k % columns} (from 0)`;
          throw new DataFileError(`${path} has ${what} in ${place}: ${cure}`);
        };
        const data = widened(values, {
          fail: (value, k) => fail(String(value), k, "numbers end at 2^53"),
        });
        const wrong = firstNotFinite(data);
        if (wrong >= 0) {
          fail(
            String(data[wrong]),
            wrong,
            layout.half
              ? "half precision ends at 65,504; save it as float32"
              : "only finite numbers can be used; see where it comes from",
          );
        }
        yield { rows: to - from, columns, data } satisfies Matrix;
      }
    },
  };
}

async function npyLayout(
  file: Deno.FsFile,
  { path, size }: { path: string; size: number },
): Promise<Layout> {
  const start = new Uint8Array(Math.min(LONGEST_NPY_HEADER, size));
  await readAt(file, start, { offset: 0, path });
  const { type, littleEndian, fortranOrder, shape, offset } = parseNpyHeader(start, { path });
  const width = ELEMENT_TYPES[type].BYTES_PER_ELEMENT;
  const end = offset + shape.reduce((product, size) => product * size, width);
  if (end !== size) {
    throw new DataFileError(
      `${path} is not a whole .npy file: its array of shape [${shape}] ends at byte ${end}, the file at ${size}. ` +
        `Write it again by numpy.save`,
    );
  }
  return {
    shape,
    offset,
    width,
    fortranOrder,
    half: type === "F16",
    numbers: (bytes) => asArray(bytes, type, { littleEndian }),
  };
}

async function safetensorsLayout(
  file: Deno.FsFile,
  { path, size, tensor }: { path: string; size: number } & ArrayChoice,
): Promise<Layout> {
  const prefix = new Uint8Array(Math.min(PREFIX, size));
  await readAt(file, prefix, { offset: 0, path });
  const json = new Uint8Array(headerEnd(prefix, { path, size }) - PREFIX);
  await readAt(file, json, { offset: PREFIX, path });
  const { entries } = parseHeader(json, { path, size });
  const { dtype, shape, from } = chosen(entries, { path, tensor });
  return {
    shape,
    offset: from,
    width: widthOf(dtype),
    fortranOrder: false,
    half: dtype === "F16",
    numbers: (bytes) => decode(bytes, dtype),
  };
}

function chosen(
  entries: ReadonlyMap<string, TensorEntry>,
  { path, tensor }: { path: string } & ArrayChoice,
): TensorEntry {
  const names = [...entries.keys()];
  const entry = entries.get(tensor ?? names[0]);
  if (entry !== undefined && (tensor !== undefined || names.length === 1)) return entry;
  throw new DataFileError(
    names.length === 0
      ? `${path} has no tensors: write the array into it`
      : `${path} has ${
        tensor === undefined ? "several tensors" : `no tensor "${tensor}"`
      }: name one of ${names.join(", ")}`,
  );
}

/** The numbers of rows `from` … `to` − 1, row by row. */
async function readRows(
  file: Deno.FsFile,
  { path, rows, columns, from, to, offset, width, fortranOrder, numbers }: Layout & {
    path: string;
    rows: number;
    columns: number;
    from: number;
    to: number;
  },
): Promise<NumericArray> {
  const count = to - from, bytes = new Uint8Array(count * columns * width);
  if (!fortranOrder) {
    await readAt(file, bytes, { offset: offset + from * columns * width, path });
    return numbers(bytes);
  }
  for (let d = 0; d < columns; d++) {
    const column = bytes.subarray(d * count * width, (d + 1) * count * width);
    await readAt(file, column, { offset: offset + (d * rows + from) * width, path });
  }
  const byColumns = numbers(bytes), byRows = byColumns.slice();
  for (let k = 0; k < byRows.length; k++) {
    byRows[k] = byColumns[(k % columns) * count + Math.floor(k / columns)];
  }
  return byRows;
}
