/**
 * Native speed: importing this module lets OpenBLAS serve every linear algebra problem that is large enough.
 *
 * ```ts
 * import "./native.ts";
 * ```
 *
 * It needs what `deno task setup` installs, and the permissions `--allow-read` and `--allow-ffi`; without them everything
 * runs in plain JavaScript, and one line says what is missing once that takes long. Results agree to 1e-10. What computes with TensorFlow (`lib/tensorflow`) imports this module itself.
 *
 * @module
 */
import { useFasterKernels } from "./linear_algebra/kernels.ts";
import { openblas } from "./linear_algebra/openblas.ts";

useFasterKernels(openblas());
