/**
 * One's own features, logits and labels from files: safetensors, NumPy's .npy, and CSV, in blocks of rows.
 *
 * @module
 */
import type { Matrix } from "../linear_algebra/mod.ts";
import { openArray } from "./array_files.ts";
import { openCsv } from "./csv.ts";
import { DataFileError } from "./files.ts";
import type { ArrayChoice, MatrixFile } from "./row_blocks.ts";

export type { ArrayChoice, MatrixFile, RowRange } from "./row_blocks.ts";

/**
 * Opens a matrix by the ending of its path: `.safetensors`, `.npy` or `.csv`; an array of one dimension is one column.
 *
 * @throws {DataFileError} where there is no such file, it is damaged or cut off, or it holds no matrix of real numbers; while
 * reading, where a value is not finite. The message names file, row and cure.
 */
export async function openMatrix(path: string, choice: ArrayChoice = {}): Promise<MatrixFile> {
  const ending = /\.(safetensors|npy|csv)$/i.exec(path)?.[1].toLowerCase();
  if (ending === undefined) {
    throw new DataFileError(
      `${path} is none of the files that are read, .safetensors, .npy and .csv: save it as one of them` +
        (/\.(pt|pth|npz|pkl)$/i.test(path) ? CURES[path.split(".").at(-1)!.toLowerCase()] : ""),
    );
  }
  return await (ending === "csv" ? openCsv(path) : openArray(path, choice));
}

const CURES: Readonly<Record<string, string>> = {
  pt: ", as by safetensors.torch.save_file",
  pth: ", as by safetensors.torch.save_file",
  npz: ", each of its arrays by numpy.save",
  pkl: ", as by numpy.save",
};

/**
 * Reads a whole matrix as float64; see `openMatrix`.
 *
 * @throws {DataFileError} as `openMatrix` does.
 */
export async function readMatrix(path: string, choice: ArrayChoice = {}): Promise<Matrix> {
  const { rows, columns, blocks } = await openMatrix(path, choice);
  const data = new Float64Array(rows * columns);
  let at = 0;
  for await (const block of blocks()) {
    data.set(block.data, at);
    at += block.data.length;
  }
  return { rows, columns, data };
}

/**
 * Reads the labels in a file: N classes as whole numbers from 0, in one column, or 1 × N.
 *
 * @throws {DataFileError} as `openMatrix` does, or where a value is no class.
 */
export async function readLabels(path: string, choice: ArrayChoice = {}): Promise<Int32Array> {
  const { rows, columns, data } = await readMatrix(path, choice);
  if (rows !== 1 && columns !== 1) {
    throw new DataFileError(`${path} holds ${rows} × ${columns} numbers, labels are one a row`);
  }
  const wrong = data.findIndex((label) =>
    !Number.isInteger(label) || label < 0 || label >= 2 ** 31
  );
  if (wrong >= 0) {
    throw new DataFileError(
      `${path} has the label ${
        data[wrong]
      } in row ${wrong}, and labels are whole numbers from 0: number the classes`,
    );
  }
  return Int32Array.from(data);
}
