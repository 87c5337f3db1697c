/**
 * TensorFlow's float64 kernels under this project's linear algebra: they register themselves where the library is
 * there, and serve the problems that are large enough to be worth a call.
 *
 * @module
 */
import { type Kernels, useFasterKernels } from "../linear_algebra/kernels.ts";
import type { Matrix } from "../linear_algebra/matrix.ts";
import type { Binding } from "./binding.ts";
import { DataType, TensorFlowError } from "./c_api.ts";
import { attribute } from "./register.ts";
import { binding } from "./device.ts";

/** From 64 × 64 on: below, plain JavaScript takes less than a millisecond and gives the same bits everywhere. */
const SMALLEST = 64;

if (binding !== undefined) useFasterKernels(doubleKernels(binding), { atLeast: SMALLEST });

/** TensorFlow's float64 kernels. */
export function doubleKernels(binding: Binding): Kernels {
  const T = attribute.type("T", DataType.DOUBLE);

  const run = (
    operation: string,
    attributes: ReturnType<typeof attribute.type | typeof attribute.boolean>[],
    matrices: Matrix[],
    outputCount = 1,
  ): Matrix[] => {
    const ids = matrices.map(({ rows, columns, data }) =>
      binding.createTensor([rows, columns], DataType.DOUBLE, data)
    );
    try {
      return binding.executeOp(operation, [T, ...attributes], ids, outputCount).map(
        ({ id, shape: [rows, columns = 1] }) => {
          const data = binding.tensorDataSync(id) as unknown as Float64Array;
          binding.deleteTensor(id);
          return { rows, columns, data };
        },
      );
    } finally {
      ids.forEach((id) => binding.deleteTensor(id));
    }
  };

  return {
    name: `TensorFlow ${binding.TF_Version}`,
    multiply(A, B, transposeA, transposeB) {
      const [product] = run("MatMul", [
        attribute.boolean("transpose_a", transposeA),
        attribute.boolean("transpose_b", transposeB),
      ], [A, B]);
      return product;
    },
    cholesky(A) {
      try {
        const [L] = run("Cholesky", [], [A]);
        return L.data.every(Number.isFinite) ? L : null;
      } catch (error) {
        if (error instanceof TensorFlowError && error.message.includes("Cholesky decomposition")) {
          return null;
        }
        throw error;
      }
    },
    symmetricEigen(A) {
      const [values, vectors] = run(
        "SelfAdjointEigV2",
        [attribute.boolean("compute_v", true)],
        [A],
        2,
      );
      return { values: values.data, vectors };
    },
    svd(A) {
      const [s, U, V] = run(
        "Svd",
        [
          attribute.boolean("compute_uv", true),
          attribute.boolean("full_matrices", false),
        ],
        [A],
        3,
      );
      return { U, s: s.data, V };
    },
    softmax(A) {
      const [p] = run("Softmax", [], [A]);
      return p;
    },
  };
}
