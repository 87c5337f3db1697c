/**
 * OpenBLAS under this project's linear algebra: BLAS and LAPACK as NumPy has them, from the wheel `scipy-openblas32`.
 *
 * Its results differ between processors in the last bits, as NumPy's do.
 *
 * @module
 */
import { join } from "node:path";
import { explainBrokenElf } from "../native/elf.ts";
import { entries, environment, wheelFolders } from "../native/wheels.ts";
import type { Kernels } from "./kernels.ts";
import { checkMatrix, type Matrix, shape, transpose, zeros } from "./matrix.ts";
import { portable } from "./portable.ts";

/** OpenBLAS counts rows, columns and the entries of a vector in 32 bits. */
const LONGEST = 2 ** 31 - 1;

const ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112;

const symbols = {
  scipy_openblas_get_config: { parameters: [], result: "pointer" },
  // layout, transposeA, transposeB, rows, columns, inner, α, A, row length, B, row length, β, C, row length
  scipy_cblas_dgemm: {
    parameters: [
      ...["i32", "i32", "i32", "i32", "i32", "i32", "f64"] as const,
      ...["buffer", "i32", "buffer", "i32", "f64", "buffer", "i32"] as const,
    ],
    result: "void",
  },
  // layout, triangle, n, A, row length
  scipy_LAPACKE_dpotrf: { parameters: ["i32", "u8", "i32", "buffer", "i32"], result: "i32" },
  // layout, job, triangle, n, A, row length, eigenvalues
  scipy_LAPACKE_dsyevd: {
    parameters: ["i32", "u8", "u8", "i32", "buffer", "i32", "buffer"],
    result: "i32",
  },
  // layout, job, rows, columns, A, row length, s, U, row length, Vᵀ, row length
  scipy_LAPACKE_dgesdd: {
    parameters: [
      ...["i32", "u8", "i32", "i32", "buffer", "i32"] as const,
      ...["buffer", "buffer", "i32", "buffer", "i32"] as const,
    ],
    result: "i32",
  },
  // n, entries, step
  scipy_cblas_dsum: { parameters: ["i32", "buffer", "i32"], result: "f64" },
  // n, entries, step, all by address
  scipy_dmax_: { parameters: ["u64", "u64", "u64"], result: "f64" },
  // n, a, step, b, step
  scipy_cblas_ddot: { parameters: ["i32", "u64", "i32", "u64", "i32"], result: "f64" },
} as const;

/** OpenBLAS's kernels, or what is missing to have them. No permission is asked for: those that are granted count. */
export function openblas(): Kernels | string {
  if (!("Deno" in globalThis)) return "only Deno can open OpenBLAS";
  const missing = [
    ...granted({ name: "read", path: environment }) ? [] : [`--allow-read=${environment}`],
    ...granted({ name: "ffi" })
      ? []
      : ["--allow-ffi, of all libraries, as memory is passed by address"],
  ];
  if (missing.length > 0) return `OpenBLAS needs ${missing.join(" and ")}`;
  const path =
    wheelFolders("scipy_openblas32/lib").flatMap((folder) =>
      entries(folder).filter((name) => /^libscipy_openblas\.(so|dylib|dll)$/.test(name))
        .map((name) => join(folder, name))
    )[0];
  if (path === undefined) {
    return `OpenBLAS is not in ${environment}: \`deno task setup\` installs it`;
  }
  const fault = explainBrokenElf(path);
  const advice = "remove .venv and run `deno task setup`";
  if (fault) return `${path} ${fault}; ${advice}`;
  try {
    return kernelsOf(Deno.dlopen(path, symbols).symbols);
  } catch (error) {
    return `OpenBLAS does not open, ${(error as Error).message}; ${advice}`;
  }
}

function granted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function kernelsOf(library: Deno.StaticForeignLibraryInterface<typeof symbols>): Kernels {
  const config = Deno.UnsafePointerView.getCString(library.scipy_openblas_get_config()!);
  const sum = (a: Float64Array) => {
    let total = 0;
    for (let from = 0; from < a.length; from += LONGEST) {
      const part = a.length <= LONGEST ? a : a.subarray(from, from + LONGEST);
      total += library.scipy_cblas_dsum(part.length, memory(part), 1);
    }
    return total;
  };
  const sizes = Int32Array.of(0, 1), length = addressOf(sizes), one = length + 4n;

  return {
    name: config.split(" ").slice(0, 2).join(" "),
    multiply(A, B, { transposeA, transposeB, product }) {
      library.scipy_cblas_dgemm(
        ROW_MAJOR,
        transposeA ? TRANSPOSED : AS_IS,
        transposeB ? TRANSPOSED : AS_IS,
        product.rows,
        product.columns,
        transposeA ? A.rows : A.columns,
        1,
        entriesOf(A),
        A.columns,
        entriesOf(B),
        B.columns,
        0,
        entriesOf(product),
        product.columns,
      );
    },
    cholesky(A) {
      const n = A.rows, L = copy(A);
      const info = library.scipy_LAPACKE_dpotrf(ROW_MAJOR, code("L"), n, memory(L.data), n);
      if (info !== 0) return null;
      for (let i = 0; i < n; i++) L.data.fill(0, i * n + i + 1, (i + 1) * n);
      return L;
    },
    symmetricEigen(A) {
      const n = A.rows, vectors = copy(A), values = new Float64Array(n);
      check(
        "symmetricEigen",
        library.scipy_LAPACKE_dsyevd(
          ROW_MAJOR,
          code("V"),
          code("L"),
          n,
          memory(vectors.data),
          n,
          memory(values),
        ),
      );
      return { values, vectors };
    },
    svd(A) {
      const { rows, columns } = A, rank = Math.min(rows, columns);
      const s = new Float64Array(rank), U = zeros(rows, rank), Vt = zeros(rank, columns);
      check(
        "svd",
        library.scipy_LAPACKE_dgesdd(
          ROW_MAJOR,
          code("S"),
          rows,
          columns,
          memory(copy(A).data), // is overwritten
          columns,
          memory(s),
          memory(U.data),
          rank,
          memory(Vt.data),
          columns,
        ),
      );
      return { U, s, V: transpose(Vt) };
    },
    sum,
    maxima(A) {
      // OpenBLAS does not say what a maximum among infinities and NaNs is.
      if (!Number.isFinite(sum(entriesOf(A)))) return portable.maxima(A);
      const { rows } = A, { first, bytes } = hold(A), result = new Float64Array(rows);
      sizes[0] = A.columns;
      for (let i = 0; i < rows; i++) {
        result[i] = library.scipy_dmax_(length, rowAddress(first, i, bytes), one);
      }
      held.delete(A.data);
      return result;
    },
    squaredNorms(A) {
      const { rows, columns } = A, { first, bytes } = hold(A), result = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        const row = rowAddress(first, i, bytes);
        result[i] = library.scipy_cblas_ddot(columns, row, 1, row, 1);
      }
      held.delete(A.data);
      return result;
    },
  };
}

const code = (letter: string) => letter.charCodeAt(0);
const copy = (A: Matrix): Matrix => ({ ...A, data: entriesOf(A).slice() });
/** The type that Deno asks of memory it passes on; a matrix's memory is never shared. */
const memory = (data: Float64Array) => data as Float64Array<ArrayBuffer>;

/** What native code reads by address, so that its memory is not freed meanwhile. */
const held = new Set<Float64Array>();

/** Holds A's memory; returns the address of its first row, and the bytes of each. */
function hold(A: Matrix): { first: bigint; bytes: bigint } {
  const entries = entriesOf(A);
  held.add(entries);
  return { first: addressOf(entries), bytes: BigInt(8 * A.columns) };
}

function addressOf(data: ArrayBufferView<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(data));
}

/**
 * Where row i begins. Native code takes a bigint in 10 ns, a number or a subarray in 200; cut to 64 bits, a bigint is
 * computed without an allocation.
 */
function rowAddress(first: bigint, i: number, bytes: bigint): bigint {
  return BigInt.asUintN(64, first + BigInt(i) * bytes);
}

function entriesOf(A: Matrix): Float64Array<ArrayBuffer> {
  checkMatrix(A);
  if (Math.max(A.rows, A.columns) > LONGEST) {
    throw new RangeError(
      `OpenBLAS takes matrices of at most 2^31 − 1 rows or columns, got ${
        shape(A)
      }: take blocks of rows`,
    );
  }
  return memory(A.data);
}

function check(name: string, info: number): void {
  if (info === 0) return;
  throw new RangeError(
    info < 0
      ? `${name}() needs a matrix of finite entries, and one of this matrix is not`
      : `${name}() did not converge`,
  );
}
