/**
 * Registers an operation of TensorFlow that tfjs lacks, with its gradient.
 *
 * @module
 */
import { backend, tf } from "./device.ts";
import { AttributeType } from "./c_api.ts";

/** Attributes of an operation by their kind. */
export const attribute = {
  type: (name: string, value: number) => ({ name, type: AttributeType.TYPE, value }),
  float: (name: string, value: number) => ({ name, type: AttributeType.FLOAT, value }),
  boolean: (name: string, value: boolean) => ({ name, type: AttributeType.BOOL, value }),
  integer: (name: string, value: number) => ({ name, type: AttributeType.INT, value }),
  string: (name: string, value: string) => ({ name, type: AttributeType.STRING, value }),
};

type Tensors = Record<string, tf.Tensor>;

/** An operation: how it runs, what its gradient needs, and the gradient of each input. */
interface Operation<Options> {
  run(inputs: Tensors, options: Options): tf.Tensor | tf.Tensor[];
  /** Names of the inputs that the gradient needs. */
  inputsToSave?: string[];
  /** Which outputs the gradient needs. */
  outputsToSave?: boolean[];
  /** From the gradients of the outputs, and what was saved: inputs, then outputs. */
  gradient(dys: tf.Tensor[], saved: tf.Tensor[], options: Options): Record<string, () => tf.Tensor>;
}

/** Registers `operation` under `name` and returns the function that runs it. */
export function register<Options = Record<never, never>>(
  name: string,
  { run, inputsToSave, outputsToSave, gradient }: Operation<Options>,
): (inputs: Tensors, options: Options) => tf.Tensor[] {
  tf.registerKernel({
    kernelName: name,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => run(inputs as Tensors, attrs as Options),
  });
  tf.registerGradient({
    kernelName: name,
    inputsToSave,
    outputsToSave,
    gradFunc: (dys, saved, attrs) => gradient([dys].flat(), saved, attrs as Options),
  });
  return (inputs, options) => {
    const outputs = tf.engine().runKernel(name, inputs, options as tf.NamedAttrMap);
    return [outputs as tf.Tensor | tf.Tensor[]].flat();
  };
}

/** Runs TensorFlow's operation `name` and returns its first `count` outputs. */
export function execute(
  name: string,
  { attributes, inputs, count = 1 }: {
    attributes: { name: string; type: number; value: number | boolean | string }[];
    inputs: tf.Tensor[];
    count?: number;
  },
): tf.Tensor[] {
  return backend!.executeMultipleOutputs(name, attributes, inputs, count);
}
