/**
 * Kernels of tfjs-node that today's TensorFlow does not serve as the one they were written for.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  createTensorsTypeOpAttr,
  type NodeJSKernelBackend,
} from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";

type Kernel = (call: Parameters<tf.KernelFunc>[0], original: tf.KernelFunc) => tf.TensorInfo;

/** Puts `kernel` in the place of tfjs-node's, which it gets as its second argument. */
function replace(kernelName: string, kernel: Kernel): void {
  const { kernelFunc: original } = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: (call) => kernel(call, original),
  });
}

// TensorFlow 2.21's Round of int32 gives zeros; an integer is its own.
replace("Round", (call, original) => {
  const round = call.inputs.x!.dtype === "int32"
    ? tf.getKernel("Identity", "tensorflow").kernelFunc
    : original;
  return round(call) as tf.TensorInfo;
});

// Its padding value is a float32, which would promote an input stored in bfloat16; TensorFlow's Pad has zero without one.
replace("PadV2", (call, original) => {
  const { paddings, constantValue } = call.attrs as unknown as {
    paddings: [number, number][];
    constantValue: number;
  };
  if (constantValue !== 0) return original(call) as tf.TensorInfo;
  return tf.tidy(() => {
    const { x } = call.inputs as { x: tf.Tensor };
    const amounts = tf.tensor2d(paddings, [paddings.length, 2], "int32");
    const attributes = [
      createTensorsTypeOpAttr("T", x.dtype),
      createTensorsTypeOpAttr("Tpaddings", "int32"),
    ];
    return (call.backend as NodeJSKernelBackend).executeSingleOutput("Pad", attributes, [
      x,
      amounts,
    ]);
  });
});

// With few channels, oneDNN's filter gradient of a strided 1 × 1 convolution is at times wrong (relative errors above 1,
// in 1 of 100 calls) while other programs compete for the processor. It is a product: dw = xᵀ dy, at the pixels that count.
replace("Conv2DBackpropFilter", (call, original) => {
  const { strides, filterShape, dataFormat } = call.attrs as unknown as {
    strides: number | [number, number];
    filterShape: [number, number, number, number];
    dataFormat: string;
  };
  const [vertical, horizontal] = [strides, strides].flat();
  const [height, width, from, to] = filterShape;
  const strided1x1 = height === 1 && width === 1 && (vertical > 1 || horizontal > 1);
  const { x, dy } = call.inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const unpadded = Math.ceil(x.shape[1] / vertical) === dy.shape[1];
  if (!strided1x1 || !unpadded || dataFormat !== "NHWC") return original(call) as tf.TensorInfo;
  return tf.tidy(() => {
    const pixels = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, vertical, horizontal, 1]);
    return tf.matMul(tf.reshape(pixels, [-1, from]), tf.reshape(dy, [-1, to]), true)
      .reshape(filterShape);
  });
});
