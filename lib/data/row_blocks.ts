/**
 * What it is to read a matrix from a file in blocks of rows.
 *
 * @module
 */
import { checkWhole } from "../checks.ts";
import type { Matrix } from "../linear_algebra/mod.ts";

/** A matrix in a file: N rows of D numbers, of which only the block that is read lies in memory. */
export interface MatrixFile {
  /** The path of the file. */
  readonly path: string;
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Rows `from` … `to` − 1, at most `size` at a time, as float64. */
  blocks(options?: RowRange): AsyncGenerator<Matrix, void>;
}

/** Which rows to read: all, unless told otherwise. */
export interface RowRange {
  /** The first row, 0 if not given. */
  from?: number;
  /** The row after the last, all if not given. */
  to?: number;
  /** Rows of a block. */
  size?: number;
}

/** Which array of a file is meant. */
export interface ArrayChoice {
  /** The name of the tensor in a safetensors file that has several. */
  tensor?: string;
}

/**
 * Rows `from` … `to` − 1 of a matrix in blocks, each of `size` rows or those that are left; by default of 8 MB as float64.
 *
 * @throws {RangeError} where it has no such rows.
 */
export function* blockRange(
  { rows, columns }: { rows: number; columns: number },
  { from = 0, to = rows, size = Math.max(1, Math.floor(2 ** 20 / columns)) }: RowRange,
): Generator<{ from: number; to: number }, void> {
  checkWhole("to", to, { most: rows });
  checkWhole("from", from, { most: to });
  checkWhole("size", size, { least: 1 });
  for (let at = from; at < to; at += size) yield { from: at, to: Math.min(at + size, to) };
}
