/**
 * A float64 matrix and what needs no algorithm: making, reading and transposing one.
 *
 * @module
 */
import { checkWhole } from "../checks.ts";

/** A float64 matrix stored by rows: entry (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The entries, row by row. */
  readonly data: Float64Array;
}

/** A matrix as it is given: in float64, or in float32, in which most networks compute; stored by rows. */
export interface FloatMatrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The entries, row by row. */
  readonly data: Float64Array | Float32Array;
}

/**
 * A matrix from its rows.
 *
 * @throws {RangeError} where the rows differ in length or an entry is not finite.
 * @example
 * ```ts
 * import { matrix } from "./matrix.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matrix([[1, 2], [3, 4]]).data[2], 3);
 * ```
 */
export function matrix(rows: ArrayLike<ArrayLike<number>>): Matrix {
  const columns = rows.length === 0 ? 0 : rows[0].length;
  const result = zeros(rows.length, columns);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].length !== columns) {
      throw new RangeError(
        `A matrix has rows of one length: row 0 has ${columns} entries, row ${i} has ${
          rows[i].length
        }`,
      );
    }
    for (let j = 0; j < columns; j++) {
      if (!Number.isFinite(rows[i][j])) {
        throw new RangeError(
          `A matrix has finite entries: row ${i}, column ${j} is ${rows[i][j]}`,
        );
      }
      result.data[i * columns + j] = rows[i][j];
    }
  }
  return result;
}

/**
 * `entries` as a float64 vector; `name` is what an error calls it.
 *
 * @throws {RangeError} where an entry is not finite.
 */
export function vector(entries: ArrayLike<number>, name = "A vector"): Float64Array {
  for (let i = 0; i < entries.length; i++) {
    if (!Number.isFinite(entries[i])) {
      throw new RangeError(
        `${name} has finite entries: entry ${i} is ${entries[i]}. Remove or repair it`,
      );
    }
  }
  return Float64Array.from(entries);
}

/**
 * Checks that A is a matrix with all its entries, so that no algorithm reads past its memory; the message calls it `name`.
 *
 * @throws {TypeError} where its entries are not in a Float64Array.
 * @throws {RangeError} where there are not `rows` × `columns` of them, as where their memory was given away.
 */
export function checkMatrix(A: Matrix, name = "A matrix"): void {
  checkEntries(A, name, "a Float64Array", A?.data instanceof Float64Array);
}

/**
 * Checks that A is a matrix of floating-point numbers with all its entries; the message calls it `name`.
 *
 * @throws {TypeError} where its entries are not in a Float64Array or a Float32Array.
 * @throws {RangeError} where there are not `rows` × `columns` of them.
 */
export function checkFloatMatrix(A: FloatMatrix, name = "A matrix"): void {
  const known = A?.data instanceof Float64Array || A?.data instanceof Float32Array;
  checkEntries(A, name, "a Float64Array or Float32Array", known);
}

function checkEntries(A: FloatMatrix, name: string, kinds: string, known: boolean): void {
  if (!known) {
    const kind = (A?.data as unknown)?.constructor.name ?? "nothing";
    throw new TypeError(
      `${name}: the entries are given by rows in ${kinds} as data, got ${kind}. Give ` +
        "{ rows, columns, data: Float64Array.from(entries) }",
    );
  }
  checkWhole(`${name}: the number of rows`, A.rows);
  checkWhole(`${name}: the number of columns`, A.columns);
  if (A.data.length !== A.rows * A.columns) {
    throw new RangeError(`${name}: ${shape(A)} entries are promised, data has ${A.data.length}`);
  }
}

/** The `rows` × `columns` matrix of zeros. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** The matrix with `entries` on its diagonal and zeros elsewhere. */
export function diagonal(entries: ArrayLike<number>): Matrix {
  const result = zeros(entries.length, entries.length);
  for (let i = 0; i < entries.length; i++) result.data[i * entries.length + i] = entries[i];
  return result;
}

/** The n × n identity, times `scale`. */
export function identity(n: number, scale = 1): Matrix {
  return diagonal(new Float64Array(n).fill(scale));
}

/** Row i, as a view that shares the matrix's memory. */
export function row({ columns, data }: Matrix, i: number): Float64Array {
  return data.subarray(i * columns, (i + 1) * columns);
}

/** Column j, copied. */
export function column({ rows, columns, data }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]);
}

/** Rows `from` to `to` (exclusive, or the end), as a view that shares the matrix's memory. */
export function rowRange({ rows, columns, data }: Matrix, from: number, to: number): Matrix {
  const end = Math.min(rows, to);
  return { rows: end - from, columns, data: data.subarray(from * columns, end * columns) };
}

/**
 * Rows `from` to `to` (exclusive, or the end) in float64: a view where A is, or else a copy, `into` memory of that size or
 * more where it is given.
 */
export function float64Rows(
  { rows, columns, data }: FloatMatrix,
  from: number,
  to: number,
  { into = (length) => new Float64Array(length) }: { into?: (length: number) => Float64Array } = {},
): Matrix {
  const end = Math.min(rows, to), entries = data.subarray(from * columns, end * columns);
  if (entries instanceof Float64Array) return { rows: end - from, columns, data: entries };
  const copy = into(entries.length).subarray(0, entries.length);
  copy.set(entries);
  return { rows: end - from, columns, data: copy };
}

/** The rows of A, `size` at a time, by `float64Rows` into memory that the next overwrite, with the first one's index. */
export function* rowBlocks(
  A: FloatMatrix,
  size: number,
): Generator<{ first: number; block: Matrix }> {
  let memory: Float64Array | undefined;
  const into = (length: number) => memory ??= new Float64Array(length);
  for (let first = 0; first < A.rows; first += size) {
    yield { first, block: float64Rows(A, first, first + size, { into }) };
  }
}

/** The rows at `indices`, in that order, copied. */
export function selectRows(A: Matrix, indices: ArrayLike<number>): Matrix {
  checkMatrix(A);
  const result = zeros(indices.length, A.columns);
  for (let i = 0; i < indices.length; i++) {
    checkWhole("The index of a row", indices[i], { most: A.rows - 1 });
    row(result, i).set(row(A, indices[i]));
  }
  return result;
}

/** A with u subtracted from each row, `into` a matrix of the same shape where one is given. */
export function centred(
  A: Matrix,
  u: Float64Array,
  { into = zeros(A.rows, A.columns) }: { into?: Matrix } = {},
): Matrix {
  const { rows, columns, data } = A, result = into.data;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) result[k] = data[k] - u[j];
  }
  return into;
}

/** Columns `from` to `to` (exclusive), copied. */
export function columnRange({ rows, columns, data }: Matrix, from: number, to: number): Matrix {
  const result = zeros(rows, to - from);
  for (let i = 0; i < rows; i++) {
    result.data.set(data.subarray(i * columns + from, i * columns + to), i * (to - from));
  }
  return result;
}

/** Aᵀ. */
export function transpose(A: Matrix): Matrix {
  checkMatrix(A);
  const { rows, columns, data } = A;
  const result = zeros(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.data[j * rows + i] = data[i * columns + j];
  }
  return result;
}

/** A + B, or A + `scale` · B. */
export function add(A: Matrix, B: Matrix, scale = 1): Matrix {
  if (A.rows !== B.rows || A.columns !== B.columns) {
    throw new RangeError(`Cannot add ${shape(A)} and ${shape(B)}: the shapes differ`);
  }
  return { ...A, data: A.data.map((a, i) => a + scale * B.data[i]) };
}

/** `scale` · A. */
export function scaled(A: Matrix, scale: number): Matrix {
  return { ...A, data: A.data.map((a) => scale * a) };
}

/** Σ a_i b_i. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new RangeError(`dot() needs vectors of one length, got ${a.length} and ${b.length}`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The number of rows of a square A; a RangeError of the function `name` where it is not square. */
export function checkSquare(name: string, A: Matrix): number {
  checkMatrix(A);
  if (A.rows !== A.columns) {
    throw new RangeError(`${name}() needs a square matrix, got ${shape(A)}`);
  }
  return A.rows;
}

/** @throws {RangeError} where an entry is infinite or NaN; the message calls the algorithm `name`. */
export function checkFinite(name: string, A: Matrix): void {
  if (A.data.every(Number.isFinite)) return;
  throw new RangeError(`${name}() needs a matrix of finite entries, and one of this matrix is not`);
}

/** "3 × 2", for messages. */
export function shape({ rows, columns }: FloatMatrix): string {
  return `${rows} × ${columns}`;
}
