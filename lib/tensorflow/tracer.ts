/**
 * Adds operations to a graph instead of running them, and makes a TensorFlow function of the graph.
 *
 * @module
 */
import { int64s, kept, room } from "../native/memory.ts";
import { type Attribute, graphSetters, setAttribute } from "./attributes.ts";
import type { Eager, Executor, Result } from "./eager.ts";
import { type Contents, deleteTensor, newTensor } from "./tensors.ts";

/** Thrown where a step cannot be captured. */
export class CaptureError extends Error {
  /** The kind of the error. */
  override name = "CaptureError";
}

/** Operations that take a list, and how many of their last inputs are not in it. */
const LISTS: Record<string, number> = { AddN: 0, Pack: 0, Einsum: 0, ConcatV2: 1 };

/** Ids of a trace are above all ids of tensors; no two traces share one. */
let nextTracedId = 2 ** 52;

/** An output of a node: TF_Output, { operation; index }. */
interface Node {
  output: Uint8Array<ArrayBuffer>;
  dtype: number;
}

export class Tracer implements Executor {
  readonly #eager: Eager;
  readonly #graph: bigint;
  readonly #setters: ReturnType<typeof graphSetters>;
  readonly #nodes = new Map<number, Node>();
  readonly #inputs = new Map<number, Node>();
  /** Ids of the constants that are alive. */
  readonly #constants = new Set<number>();
  #names = 0;

  constructor(eager: Eager) {
    this.#eager = eager;
    this.#graph = eager.library.c.TF_NewGraph();
    this.#setters = graphSetters(eager.library);
  }

  /** Ids of the tensors from outside that the traced operations read, in the order of the function's inputs. */
  get inputs(): number[] {
    return [...this.#inputs.keys()];
  }

  /** A tensor like any other, so that what keeps it may use it after the trace; to the graph it is a constant. */
  create(contents: Contents): number {
    const id = this.#eager.create(contents);
    this.#nodes.set(id, this.#constant(contents));
    this.#constants.add(id);
    return id;
  }

  #constant(contents: Contents): Node {
    const { library } = this.#eager, { dtype } = contents;
    const tensor = newTensor(library, contents);
    const description = this.#describe("Const");
    library.c.TF_SetAttrTensor(description, kept("value").address, tensor, library.status);
    library.c.TF_SetAttrType(description, kept("dtype").address, dtype);
    const operation = this.#finish("Const", description);
    deleteTensor(library, tensor, contents);
    return { output: outputOf(operation, 0), dtype };
  }

  execute(name: string, attributes: Attribute[], inputs: number[], outputCount: number): Result[] {
    const { c } = this.#eager.library;
    const nodes = inputs.map((id) => this.#node(id));
    const description = this.#describe(name);
    const listed = name in LISTS ? nodes.slice(0, nodes.length - LISTS[name]) : [];
    if (name in LISTS) c.TF_AddInputList(description, pack(listed), listed.length);
    for (const { output } of nodes.slice(listed.length)) c.TF_AddInput(description, output);
    if (name === "CollectiveReduceV2") c.TF_AddInputList(description, pack([]), 0); // no ordering tokens
    for (const attribute of attributes) {
      if (name in LISTS && attribute.name === "N") continue; // follows from the list
      setAttribute(this.#setters, description, attribute);
    }
    const operation = this.#finish(name, description);
    return Array.from({ length: outputCount }, (_, i) => this.#add(operation, i));
  }

  read(): never {
    throw new CaptureError(
      "A captured step cannot read the values of a tensor: return the tensor and read it outside",
    );
  }

  /** The graph keeps its nodes until its end. */
  remove(id: number): void {
    if (!this.#nodes.has(id) || this.#constants.delete(id)) this.#eager.remove(id);
  }

  /** Whether a tensor was made in this trace. */
  made(id: number): boolean {
    return this.#nodes.has(id);
  }

  dtype(id: number): number {
    return this.#node(id).dtype;
  }

  /**
   * Makes the function `name` of what was traced.
   *
   * @param outputs Ids of the tensors that it returns.
   */
  finish(name: string, outputs: number[]): void {
    const { library: { c, status, check }, context } = this.#eager;
    const inputs = [...this.#inputs.values()];
    // deno-fmt-ignore
    const traced = c.TF_GraphToFunction(
      this.#graph, kept(name).bytes, 0, -1, 0n, inputs.length, pack(inputs),
      outputs.length, pack(outputs.map((id) => this.#node(id))), 0n, 0n, 0n, status,
    );
    check(`Cannot capture ${name}`);
    c.TFE_ContextAddFunction(context, traced, status);
    c.TF_DeleteFunction(traced);
    check(`Cannot capture ${name}`);
  }

  dispose(): void {
    this.#eager.library.c.TF_DeleteGraph(this.#graph);
  }

  /** The node of a tensor; a tensor from outside becomes an input of the function. */
  #node(id: number): Node {
    const known = this.#nodes.get(id) ?? this.#inputs.get(id);
    if (known) return known;
    const { library: { c } } = this.#eager;
    const dtype = this.#eager.dtype(id), shape = this.#eager.shape(id);
    const description = this.#describe("Placeholder");
    c.TF_SetAttrType(description, kept("dtype").address, dtype);
    c.TF_SetAttrShape(description, kept("shape").address, int64s(shape), shape.length);
    const node = { output: outputOf(this.#finish("Placeholder", description), 0), dtype };
    this.#inputs.set(id, node);
    return node;
  }

  #describe(operation: string): bigint {
    const name = new TextEncoder().encode(`${operation}_${this.#names++}\0`);
    return this.#eager.library.c.TF_NewOperation(this.#graph, kept(operation).address, name);
  }

  #finish(name: string, description: bigint): bigint {
    const { c, status, check } = this.#eager.library;
    const operation = c.TF_FinishOperation(description, status);
    check(name);
    return operation;
  }

  /** An output of a node as a tensor that has a shape and no values. */
  #add(operation: bigint, index: number): Result {
    const { c, status, check } = this.#eager.library;
    const output = outputOf(operation, index);
    const dtype = c.TF_OperationOutputType(output);
    const rank = c.TF_GraphGetTensorNumDims(this.#graph, output, status);
    const { address, numbers } = room(Math.max(rank, 0));
    if (rank > 0) c.TF_GraphGetTensorShape(this.#graph, output, address, rank, status);
    check("Cannot infer a shape");
    // A workspace of batch normalisation has no known rank and is only handed on to its gradient.
    const shape = rank < 0 ? [0] : Array.from(numbers.subarray(0, rank), Number);
    if (shape.some((size) => size < 0)) {
      throw new CaptureError(
        `A captured step needs shapes that do not depend on values: an operation gives [${shape}]`,
      );
    }
    const id = nextTracedId++;
    this.#nodes.set(id, { output, dtype });
    return { id, shape, dtype };
  }
}

function outputOf(operation: bigint, index: number): Uint8Array<ArrayBuffer> {
  const output = new DataView(new ArrayBuffer(16));
  output.setBigUint64(0, operation, true);
  output.setInt32(8, index, true);
  return new Uint8Array(output.buffer);
}

/** An array of TF_Output. */
function pack(nodes: Node[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(16 * Math.max(nodes.length, 1));
  nodes.forEach(({ output }, i) => packed.set(output, 16 * i));
  return packed;
}
