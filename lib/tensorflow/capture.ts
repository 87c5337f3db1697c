/**
 * A training step as one TensorFlow function.
 *
 * A captured step is called as the step itself is. Its first call runs as usual, one operation after the other;
 * its second call is traced: each operation becomes a node of a graph instead of running, the graph becomes a function
 * of TensorFlow, and from then on a call of the step is a call of that function. TensorFlow optimises and runs the
 * whole; the overhead of an operation, which dominates small networks, is gone.
 *
 * @module
 */
import { binding, idOf, runsOnTensorFlow, tensorOf, tf } from "./device.ts";
import { storageOf } from "./mixed_precision.ts";
import { CaptureError, Tracer } from "./tracer.ts";

/**
 * Captures `step`. The step may read and assign variables; what else it reads of the outside is fixed when it is
 * traced: numbers (pass a learning rate as a scalar tensor) and a generator's draws (pass them as a tensor). It must
 * neither read a tensor's values nor use what tfjs draws at random without a seed, such as dropout. Each combination of
 * input shapes is traced once, and again where a tensor that it was traced with is no longer there, as after an
 * optimiser's `setLearningRate`. Without TensorFlow's library the step runs as it is.
 *
 * @param options `runFirst`: run the first call as it is, for what a step makes once and keeps, such as variables. Where
 * all that exists, `false` spares a large step the memory of every operation's result at once.
 * @returns A function with the inputs and outputs of `step`; the outputs belong to the caller.
 * @throws {CaptureError} when it is traced, where the step reads a tensor's values or draws at random.
 * @example
 * ```ts
 * import { capture, tf } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const count = tf.variable(tf.scalar(0));
 * const step = capture((by: tf.Scalar) => {
 *   count.assign(count.add(by));
 *   return [count.square()];
 * });
 * const squares = [1, 2, 3].map((by) => step(tf.scalar(by))[0].arraySync());
 * assertEquals(squares, [1, 9, 36]);
 * ```
 */
export function capture<Inputs extends tf.Tensor[], Outputs extends tf.Tensor[]>(
  step: (...inputs: Inputs) => Outputs,
  { runFirst = true }: { runFirst?: boolean } = {},
): (...inputs: Inputs) => Outputs {
  const tidily = (...inputs: Inputs) => tf.tidy(() => step(...inputs));
  const captured = new Map<string, "ran once" | Captured>();
  return (...inputs) => {
    // Within another captured step it is a part of that one.
    if (!runsOnTensorFlow() || binding!.executor !== binding!.eager) return tidily(...inputs);
    const key = JSON.stringify(inputs.map((x) => [x.shape, x.dtype, storageOf(x)]));
    const known = captured.get(key);
    if (known === undefined && runFirst) {
      captured.set(key, "ran once");
      return tidily(...inputs);
    }
    const current = typeof known === "object" && known.isCurrent() ? known : trace(tidily, inputs);
    captured.set(key, current);
    return current.run(inputs) as Outputs;
  };
}

interface Captured {
  /** Whether the tensors of the outside that it refers to are alive. */
  isCurrent(): boolean;
  run(inputs: tf.Tensor[]): tf.Tensor[];
}

/** In the place of Math.random, from which tfjs draws its seeds: traced, the numbers would be the same for ever. */
function refuseRandomNumbers(): never {
  throw new CaptureError(
    "A captured step cannot draw random numbers (dropout, tf.randomNormal() and their like): they would be the same at " +
      "each call. Draw them outside and pass them as a tensor, or do not capture the step",
  );
}

let functions = 0;

/** Traces a call of `step` and returns what runs it; the trace itself changes nothing. */
function trace<Inputs extends tf.Tensor[]>(
  step: (...inputs: Inputs) => tf.Tensor[],
  inputs: Inputs,
): Captured {
  const name = `captured_step_${functions++}`;
  const variables = Object.values(tf.engine().registeredVariables);
  // An input stands for an argument, a variable, or a tensor that the step refers to.
  const argumentOf = new Map(inputs.map((input, i) => [idOf(input), i]));
  const variableOf = new Map(variables.map((variable) => [idOf(variable), variable]));
  const before = variables.map((variable) => variable.clone());
  const tracer = new Tracer(binding!.eager);
  const { random } = Math;
  try {
    binding!.executor = tracer;
    Math.random = refuseRandomNumbers;
    const outputs = step(...inputs);
    const changed = variables.filter((variable, i) => variable.dataId !== before[i].dataId);
    tracer.finish(name, [...outputs, ...changed].map(idOf));
    tf.dispose(outputs.filter((output) => tracer.made(idOf(output))));

    const slots = tracer.inputs.map((id) => argumentOf.get(id) ?? variableOf.get(id) ?? { id });
    const isCurrent = () =>
      slots.every((slot) =>
        typeof slot === "number" || slot instanceof tf.Variable || binding!.eager.has(slot.id)
      );
    const run = (inputs: tf.Tensor[]) => {
      const ids = slots.map((slot) =>
        typeof slot === "number"
          ? idOf(inputs[slot])
          : slot instanceof tf.Variable
          ? idOf(slot)
          : slot.id
      );
      const results = binding!.executeOp(name, [], ids, outputs.length + changed.length)
        .map(tensorOf);
      changed.forEach((variable, i) => {
        const value = results[outputs.length + i];
        variable.assign(value);
        value.dispose();
      });
      return results.slice(0, outputs.length);
    };
    return { isCurrent, run };
  } finally {
    variables.forEach((variable, i) => {
      if (variable.dataId !== before[i].dataId) variable.assign(before[i]);
      before[i].dispose();
    });
    binding!.executor = binding!.eager;
    Math.random = random;
    tracer.dispose();
  }
}
