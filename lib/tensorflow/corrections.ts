/**
 * Kernels of tfjs-node that today's TensorFlow does not serve as the one they were written for.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

const { kernelFunc: round } = tf.getKernel("Round", "tensorflow");

// TensorFlow 2.21's Round of int32 gives zeros; an integer is its own.
tf.unregisterKernel("Round", "tensorflow");
tf.registerKernel({
  kernelName: "Round",
  backendName: "tensorflow",
  kernelFunc: (call) =>
    call.inputs.x!.dtype === "int32"
      ? tf.getKernel("Identity", "tensorflow").kernelFunc(call)
      : round(call),
});
