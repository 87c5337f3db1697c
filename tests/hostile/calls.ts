/**
 * A usual call of every function that hands values to native code, from which hostile ones are made.
 *
 * @module
 */
import * as algebra from "../../lib/linear_algebra/mod.ts";
import * as engine from "../../lib/tensorflow/mod.ts";
import { backend, binding, idOf } from "../../lib/tensorflow/device.ts";
import * as register from "../../lib/tensorflow/register.ts";

const { tf } = engine;

/** A function's name, itself, and the arguments of a usual call, made anew for each. */
export interface Call {
  name: string;
  call: (...args: never[]) => unknown;
  usual: () => unknown[];
}

const T = (...shape: number[]) => tf.fill(shape, 0.5);
const I = (...values: number[]) => tf.tensor1d(values, "int32");
const B = (...values: boolean[]) => tf.tensor1d(values, "bool");
const S = (...values: string[]) => tf.tensor1d(values, "string");
const image = () => T(1, 4, 4, 2), volume = () => T(1, 3, 3, 3, 2);

const unary = [
  ...[
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "ceil",
    "cos",
    "cosh",
    "elu",
    "erf",
    "exp",
    "expm1",
  ],
  ...[
    "floor",
    "isFinite",
    "isInf",
    "isNaN",
    "log",
    "log1p",
    "logSigmoid",
    "logSoftmax",
    "logSumExp",
    "neg",
    "reciprocal",
  ],
  ...[
    "relu",
    "relu6",
    "round",
    "rsqrt",
    "selu",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "tan",
  ],
  ...[
    "tanh",
    "onesLike",
    "zerosLike",
    "clone",
    "real",
    "imag",
    "print",
    "step",
    "softmax",
    "all",
    "any",
    "argMax",
    "argMin",
  ],
  ...[
    "max",
    "min",
    "mean",
    "sum",
    "prod",
    "moments",
    "norm",
    "euclideanNorm",
    "cumsum",
    "cumprod",
    "reverse",
    "squeeze",
  ],
  ...[
    "expandDims",
    "transpose",
    "unstack",
    "diag",
    "topk",
    "fft",
    "ifft",
    "rfft",
    "irfft",
    "unique",
    "variable",
  ],
];
const binary = [
  ...[
    "add",
    "sub",
    "mul",
    "div",
    "divNoNan",
    "floorDiv",
    "maximum",
    "minimum",
    "mod",
    "pow",
    "squaredDifference",
  ],
  ...[
    "equal",
    "notEqual",
    "greater",
    "greaterEqual",
    "less",
    "lessEqual",
    "atan2",
    "prelu",
    "broadcastArgs",
    "dot",
  ],
  ...[
    "outerProduct",
    "matMul",
    "logicalAnd",
    "logicalOr",
    "logicalXor",
    "bitwiseAnd",
    "complex",
    "concat",
    "addN",
    "stack",
  ],
];

/** Arguments of tfjs's functions, by their path in `tf`. */
const usual: Record<string, () => unknown[]> = {
  ...Object.fromEntries(unary.map((name) => [name, () => [T(2, 3), 1]])),
  ...Object.fromEntries(binary.map((name) => [name, () => [T(3, 3), T(3, 3)]])),
  addN: () => [[T(2), T(2)]],
  concat: () => [[T(2, 2), T(2, 2)], 0],
  stack: () => [[T(2), T(2)], 0],
  avgPool: () => [image(), 2, 2, "same"],
  avgPool3d: () => [volume(), 2, 2, "same"],
  basicLSTMCell: () => [tf.scalar(1), T(5, 8), T(8), T(1, 3), T(1, 2), T(1, 2)],
  batchNorm: () => [image(), T(2), T(2), T(2), T(2), 1e-3],
  batchToSpaceND: () => [T(4, 1, 1, 1), [2, 2], [[0, 0], [0, 0]]],
  bincount: () => [I(0, 1, 1), T(3), 3],
  booleanMaskAsync: () => [T(3), B(true, false, true)],
  broadcastTo: () => [T(1, 3), [2, 3]],
  buffer: () => [[2, 2], "float32", new Float32Array(4)],
  cast: () => [T(2), "int32"],
  clipByValue: () => [T(3), 0, 1],
  conv1d: () => [T(1, 5, 2), T(3, 2, 1), 1, "same"],
  conv2d: () => [image(), T(3, 3, 2, 1), 1, "same", "NHWC", 1],
  conv2dTranspose: () => [image(), T(3, 3, 1, 2), [1, 8, 8, 1], 2, "same"],
  conv3d: () => [volume(), T(2, 2, 2, 2, 1), 1, "same"],
  conv3dTranspose: () => [volume(), T(2, 2, 2, 1, 2), [1, 6, 6, 6, 1], 2, "same"],
  denseBincount: () => [I(0, 1, 1), T(3), 3],
  depthToSpace: () => [T(1, 2, 2, 4), 2],
  depthwiseConv2d: () => [image(), T(3, 3, 2, 1), 1, "same"],
  dilation2d: () => [image(), T(2, 2, 2), 1, "same"],
  dropout: () => [T(4), 0.5],
  einsum: () => ["ij,jk->ik", T(2, 3), T(3, 2)],
  ensureShape: () => [T(2, 2), [2, 2]],
  eye: () => [3, 3],
  fill: () => [[2, 2], 1],
  gather: () => [T(3, 2), I(0, 2), 0],
  gatherND: () => [T(3, 2), tf.tensor2d([[0, 1]], [1, 2], "int32")],
  leakyRelu: () => [T(3), 0.1],
  linspace: () => [0, 1, 5],
  localResponseNormalization: () => [image(), 2, 1, 1, 0.5],
  lowerBound: () => [T(1, 3), T(1, 3)],
  upperBound: () => [T(1, 3), T(1, 3)],
  searchSorted: () => [T(1, 3), T(1, 3)],
  logicalNot: () => [B(true, false)],
  maxPool: () => [image(), 2, 2, "same"],
  maxPool3d: () => [volume(), 2, 2, "same"],
  maxPoolWithArgmax: () => [image(), 2, 2, "same"],
  meshgrid: () => [T(2), T(3)],
  mirrorPad: () => [T(3, 3), [[1, 1], [1, 1]], "reflect"],
  multinomial: () => [T(1, 3), 4, 1],
  oneHot: () => [I(0, 1), 3],
  ones: () => [[2, 2]],
  zeros: () => [[2, 2]],
  pad: () => [T(2, 2), [[1, 1], [0, 0]], 0],
  pool: () => [image(), 2, "max", "same", 1, 1],
  raggedGather: () => [[I(0, 2)], T(2), I(0), 1],
  raggedRange: () => [I(0), I(3), I(1)],
  randomNormal: () => [[3], 0, 1],
  randomUniform: () => [[3], 0, 1],
  randomGamma: () => [[3], 1],
  truncatedNormal: () => [[3], 0, 1],
  range: () => [0, 5, 1],
  reshape: () => [T(2, 3), [3, 2]],
  scatterND: () => [tf.tensor2d([[0]], [1, 1], "int32"), T(1), [3]],
  tensorScatterUpdate: () => [T(3), tf.tensor2d([[0]], [1, 1], "int32"), T(1)],
  separableConv2d: () => [image(), T(3, 3, 2, 1), T(1, 1, 2, 2), 1, "same"],
  setdiff1dAsync: () => [I(1, 2), I(2)],
  slice: () => [T(3, 3), [0, 1], [2, 2]],
  spaceToBatchND: () => [T(1, 2, 2, 1), [2, 2], [[0, 0], [0, 0]]],
  sparseToDense: () => [I(0, 2), T(2), [4], tf.scalar(0)],
  split: () => [T(4, 2), 2, 0],
  stridedSlice: () => [T(4, 4), [0, 0], [4, 4], [2, 2]],
  tensor: () => [new Float32Array(4), [2, 2], "float32"],
  tensor1d: () => [new Float32Array(4)],
  tensor2d: () => [new Float32Array(4), [2, 2]],
  scalar: () => [1],
  tile: () => [T(2, 2), [2, 1]],
  unsortedSegmentSum: () => [T(3), I(0, 1, 1), 2],
  where: () => [B(true, false), T(2), T(2)],
  whereAsync: () => [B(true, false)],
  "fused.conv2d": () => [{
    x: image(),
    filter: T(3, 3, 2, 1),
    strides: 1,
    pad: "same",
    bias: T(1),
    activation: "relu",
  }],
  "fused.depthwiseConv2d":
    () => [{ x: image(), filter: T(3, 3, 2, 1), strides: 1, pad: "same", bias: T(2) }],
  "fused.matMul": () => [{ a: T(2, 3), b: T(3, 2), bias: T(2), activation: "relu" }],
  "image.flipLeftRight": () => [image()],
  "image.resizeNearestNeighbor": () => [image(), [8, 8], false],
  "image.resizeBilinear": () => [image(), [8, 8], false],
  "image.rotateWithOffset": () => [image(), 0.5, 0],
  "image.cropAndResize": () => [image(), T(1, 4), I(0), [2, 2]],
  "image.nonMaxSuppression": () => [T(2, 4), T(2), 2],
  "image.nonMaxSuppressionPadded": () => [T(2, 4), T(2), 2],
  "image.transform": () => [image(), T(1, 8)],
  "image.threshold": () => [T(4, 4, 1).mul(255)],
  "linalg.bandPart": () => [T(3, 3), 1, 1],
  "linalg.qr": () => [T(3, 3)],
  "linalg.gramSchmidt": () => [tf.eye(3)],
  "losses.sigmoidCrossEntropy": () => [T(3, 1), T(3, 1)],
  "losses.softmaxCrossEntropy": () => [T(3, 2), T(3, 2)],
  "losses.meanSquaredError": () => [T(3, 2), T(3, 2)],
  "math.confusionMatrix": () => [I(0, 1), I(1, 1), 2],
  "signal.frame": () => [T(8), 4, 2],
  "signal.stft": () => [T(8), 4, 2],
  "sparse.sparseFillEmptyRows":
    () => [tf.tensor2d([[0, 0]], [1, 2], "int32"), T(1), I(2, 2), tf.scalar(0)],
  "sparse.sparseReshape": () => [tf.tensor2d([[0, 0]], [1, 2], "int32"), I(2, 2), I(4)],
  "sparse.sparseSegmentMean": () => [T(3, 2), I(0, 1), I(0, 0)],
  "sparse.sparseSegmentSum": () => [T(3, 2), I(0, 1), I(0, 0)],
  "string.stringNGrams": () => [S("a", "b"), I(0, 2), "|", [1], "", "", 0, false],
  "string.stringSplit": () => [S("a b"), " "],
  "string.stringToHashBucketFast": () => [S("a"), 10],
  "string.staticRegexReplace": () => [S("a"), "a", "b"],
};

const gradients: Record<string, () => unknown[]> = Object.fromEntries(
  [
    "conv2d",
    "depthwiseConv2d",
    "maxPool",
    "avgPool",
    "batchNorm",
    "matMul",
    "conv3d",
    "maxPool3d",
    "gather",
    "slice",
    "pad",
  ]
    .map((name) => [name, usual[name]]),
);

const at = (path: string) =>
  path.split(".").reduce((object, key) => (object as Record<string, unknown>)[key], tf as unknown);

const matrix = (rows: number, columns: number, random = 1) => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(random + i * i)),
});
const spd = (n: number) =>
  algebra.add(
    algebra.multiply(matrix(n, n), matrix(n, n), { transposeB: true }),
    algebra.identity(n, 9),
  );

/** Arguments of the exported functions of lib/linear_algebra. */
const algebraUsual: Record<string, () => unknown[]> = {};
for (const n of [3, 70]) {
  const add = (name: string, make: () => unknown[]) =>
    algebraUsual[n === 3 ? name : `${name} ${n}`] = make;
  add(
    "multiply",
    () => [matrix(n, n), matrix(n, n), { transposeA: true, transposeB: false, into: matrix(n, n) }],
  );
  add("multiplyVector", () => [matrix(n, n), new Float64Array(n)]);
  add("cholesky", () => [spd(n)]);
  add("choleskyOfGram", () => [matrix(n + 2, n)]);
  add("solveTriangular", () => [algebra.cholesky(spd(n)), matrix(n, 2), { transposed: true }]);
  add("choleskySolve", () => [algebra.cholesky(spd(n)), matrix(n, 2)]);
  add("choleskyLogDeterminant", () => [algebra.cholesky(spd(n))]);
  add("symmetricEigen", () => [spd(n)]);
  add("svd", () => [matrix(n, n + 1)]);
  for (
    const name of [
      "total",
      "largest",
      "exponentialSums",
      "logSumExp",
      "rowNorms",
      "positiveRowNorms",
      "unitRows",
      "transpose",
      "checkMatrix",
      "shape",
    ]
  ) {
    add(name, () => [matrix(n, n)]);
  }
  add("softmax", () => [matrix(n, n), { into: matrix(n, n) }]);
  add("checkFloatMatrix", () => [matrix(n, n)]);
  add("symmetricEigenOfSum", () => [spd(n), matrix(2, n)]);
  add("add", () => [matrix(n, n), matrix(n, n), 2]);
  add("scaled", () => [matrix(n, n), 2]);
  add("matrix", () => [[[1, 2], [3, 4]]]);
  add("vector", () => [[1, 2]]);
  add("zeros", () => [n, n]);
  add("identity", () => [n, 2]);
  add("diagonal", () => [[1, 2]]);
  add("row", () => [matrix(n, n), 1]);
  add("column", () => [matrix(n, n), 1]);
  add("rowRange", () => [matrix(n, n), 1, 2]);
  add("columnRange", () => [matrix(n, n), 1, 2]);
  add("selectRows", () => [matrix(n, n), [0, 2]]);
  add("dot", () => [[1, 2], [3, 4]]);
  add("sum", () => [new Float64Array(n), 0, n]);
}

const storages = ["float32", "bfloat16"] as const;
const float = { name: "T", type: 4, value: 1 };

/** Arguments of the functions of lib/tensorflow, what is under tfjs's backend included. */
const engineCalls: Call[] = [
  {
    name: "batchNormalization",
    call: engine.batchNormalization,
    usual: () => [image(), { scale: T(2), offset: T(2), epsilon: 1e-5 }],
  },
  {
    name: "convolution",
    call: engine.convolution,
    usual: () => [image(), T(3, 3, 2, 1), { stride: 1 }],
  },
  {
    name: "convolution",
    call: engine.convolution,
    usual: () => [T(1, 8, 8, 128), T(3, 3, 128, 128), { stride: 1 }],
  },
  {
    name: "foldNormalization",
    call: engine.foldNormalization,
    usual: () => [T(3, 3, 2, 2), { mean: T(2), variance: T(2), scale: T(2), offset: T(2) }],
  },
  { name: "addBias", call: engine.addBias, usual: () => [image(), T(2)] },
  { name: "readCluster", call: engine.readCluster, usual: () => ["{}"] },
  { name: "isPrivateAddress", call: engine.isPrivateAddress, usual: () => ["localhost:1"] },
  {
    name: "checkCluster",
    call: engine.checkCluster,
    usual: () => [{ workers: ["localhost:1"], index: 0 }],
  },
  { name: "relu", call: engine.relu, usual: () => [image()] },
  { name: "storageOf", call: engine.storageOf, usual: () => [T(2)] },
  ...storages.map((storage) => ({
    name: "storedAs",
    call: engine.storedAs,
    usual: () => [T(2), storage],
  })),
  { name: "describeDevice", call: engine.describeDevice, usual: () => [] },
  { name: "hasBfloat16", call: engine.hasBfloat16, usual: () => [] },
  {
    name: "capture",
    call: (x: never, y: never, options: never) => {
      const step = engine.capture((a: never, b: never) => [tf.matMul(a, b)], options);
      return [step(x, y), step(x, y), step(y, x)];
    },
    usual: () => [T(2, 2), T(2, 2), { runFirst: false }],
  },
  {
    name: "execute",
    call: register.execute,
    usual: () => ["Relu", { attributes: [float], inputs: [T(2)], count: 1 }],
  },
  { name: "idOf", call: idOf, usual: () => [T(2)] },
  ...(binding === undefined ? [] : [
    {
      name: "createTensor",
      call: binding.createTensor.bind(binding),
      usual: () => [[4], 1, new Float32Array(4)],
    },
    {
      name: "tensorDataSync",
      call: binding.tensorDataSync.bind(binding),
      usual: () => [idOf(T(2))],
    },
    {
      name: "deleteTensor",
      call: binding.deleteTensor.bind(binding),
      usual: () => [binding!.createTensor([1], 1, new Float32Array(1))],
    },
    {
      name: "executeOp",
      call: binding.executeOp.bind(binding),
      usual: () => ["Mul", [float], [idOf(T(2)), idOf(T(2))], 1],
    },
  ]),
  ...(["float32", "int32", "bool", "complex64"] as const).map((dtype) => ({
    name: `makeTensor ${dtype}`,
    call: (...args: never[]) =>
      (tf.engine().makeTensor as (...args: never[]) => typeof tf.Tensor.prototype)(...args).add(1),
    usual: () => [new Float32Array(4), [2, 2], dtype],
  })),
  {
    name: "write",
    call: (...args: never[]) => (backend!.write as (...args: never[]) => unknown)(...args),
    usual: () => [new Float32Array(4), [2, 2], "float32"],
  },
] as Call[];

export const calls: Call[] = [
  ...engineCalls,
  ...Object.entries(usual).map(([path, usual]) => ({
    name: `tf.${path}`,
    call: at(path) as Call["call"],
    usual,
  })),
  ...Object.entries(gradients).map(([path, usual]) => ({
    name: `gradient of tf.${path}`,
    call: (...args: unknown[]) =>
      tf.grad((x) => tf.sum((at(path) as (...args: unknown[]) => typeof x)(x, ...args.slice(1))))(
        args[0] as never,
      ),
    usual,
  })) as Call[],
  ...Object.entries(algebraUsual).map(([name, usual]) => ({
    name,
    call: algebra[name.split(" ")[0] as keyof typeof algebra] as Call["call"],
    usual,
  })),
];

/** Exported functions that no call above stands for. */
export function forgotten(): string[] {
  const named = new Set(calls.map(({ name }) => name.split(" ")[0]));
  const exported = [...Object.entries(engine), ...Object.entries(algebra)];
  return exported.filter(([name, value]) =>
    typeof value === "function" && /^[a-z]/.test(name) && !named.has(name)
  ).map(([name]) => name);
}
