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
import { Tracer } from "./tracer.ts";

/**
 * Captures `step`. The step may read and assign variables; what else it reads of the outside is fixed when it is
 * traced: numbers (pass a learning rate as a scalar tensor), and what JavaScript draws at random (pass it as a tensor).
 * It must not read a tensor's values. Each combination of input shapes is traced once. Without TensorFlow's library
 * the step runs as it is.
 *
 * @param options `runFirst`: run the first call as it is, for what a step makes once and keeps, such as variables. Where
 * all that exists, `false` spares a large step the memory of every operation's result at once.
 * @returns A function with the inputs and outputs of `step`; the outputs belong to the caller.
 * @throws {CaptureError} when it is traced, where the step reads a tensor's values.
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
  const captured = new Map<string, "ran once" | CapturedFunction>();
  return (...inputs) => {
    if (!runsOnTensorFlow()) return tidily(...inputs);
    const key = JSON.stringify(inputs.map(({ shape, dtype }) => [shape, dtype]));
    const known = captured.get(key);
    if (known === undefined && runFirst) {
      captured.set(key, "ran once");
      return tidily(...inputs);
    }
    const run = typeof known === "function" ? known : trace(tidily, inputs);
    captured.set(key, run);
    return run(inputs) as Outputs;
  };
}

type CapturedFunction = (inputs: tf.Tensor[]) => tf.Tensor[];

let functions = 0;

/** Traces a call of `step` and returns what runs it; the trace itself changes nothing. */
function trace<Inputs extends tf.Tensor[]>(
  step: (...inputs: Inputs) => tf.Tensor[],
  inputs: Inputs,
): CapturedFunction {
  const name = `captured_step_${functions++}`;
  const variables = Object.values(tf.engine().registeredVariables);
  // An input stands for an argument, a variable, or a tensor that the step refers to.
  const argumentOf = new Map(inputs.map((input, i) => [idOf(input), i]));
  const variableOf = new Map(variables.map((variable) => [idOf(variable), variable]));
  const before = variables.map((variable) => variable.clone());
  const tracer = new Tracer(binding!.eager);
  try {
    binding!.executor = tracer;
    const outputs = step(...inputs);
    const changed = variables.filter((variable, i) => variable.dataId !== before[i].dataId);
    tracer.finish(name, [...outputs, ...changed].map(idOf));
    tf.dispose(outputs);

    const slots = tracer.inputs.map((id) => argumentOf.get(id) ?? variableOf.get(id) ?? { id });
    return (inputs) => {
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
  } finally {
    variables.forEach((variable, i) => {
      if (variable.dataId !== before[i].dataId) variable.assign(before[i]);
      before[i].dispose();
    });
    binding!.executor = binding!.eager;
    tracer.dispose();
  }
}
