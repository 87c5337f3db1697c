/**
 * The interface that tfjs-node's kernels speak to (`TFJSBinding`), over TensorFlow's C library.
 *
 * One addition: a tensor that tfjs calls float32 may be stored in bfloat16 (see mixed_precision.ts). An operation
 * follows the storage of its inputs, and promotes to float32 where they differ.
 *
 * @module
 */
import type {
  TensorMetadata,
  TFEOpAttr,
  TFJSBinding,
} from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { Attribute } from "./attributes.ts";
import { AttributeType, DataType, type TensorFlowLibrary } from "./c_api.ts";
import { Eager, type Executor, type Result } from "./eager.ts";
import { NotInThisEngineError, type Values } from "./tensors.ts";

export class Binding implements TFJSBinding {
  readonly TF_FLOAT = DataType.FLOAT;
  readonly TF_INT32 = DataType.INT32;
  readonly TF_INT64 = DataType.INT64;
  readonly TF_BOOL = DataType.BOOL;
  readonly TF_COMPLEX64 = DataType.COMPLEX64;
  readonly TF_STRING = DataType.STRING;
  readonly TF_RESOURCE = DataType.RESOURCE;
  readonly TF_UINT8 = DataType.UINT8;
  readonly TF_ATTR_STRING = AttributeType.STRING;
  readonly TF_ATTR_INT = AttributeType.INT;
  readonly TF_ATTR_FLOAT = AttributeType.FLOAT;
  readonly TF_ATTR_BOOL = AttributeType.BOOL;
  readonly TF_ATTR_TYPE = AttributeType.TYPE;
  readonly TF_ATTR_SHAPE = AttributeType.SHAPE;
  readonly TF_ATTR_RESOURCE = 6;
  readonly TF_Version: string;
  // The interface declares these two classes; the addon exports neither.
  declare readonly TensorMetadata: typeof TensorMetadata;
  declare readonly TFEOpAttr: typeof TFEOpAttr;

  readonly eager: Eager;
  /** What runs operations now: {@linkcode eager}, or a tracer while a step is captured. */
  executor: Executor;
  /** The ids of tensors stored in bfloat16. */
  readonly #bfloat16 = new Set<number>();

  constructor(library: TensorFlowLibrary) {
    this.TF_Version = library.version;
    this.eager = new Eager(library);
    this.executor = this.eager;
  }

  isUsingGpuDevice(): boolean {
    return this.eager.isGpu;
  }

  getNumOfTensors(): number {
    return this.eager.size;
  }

  createTensor(shape: number[], dtype: number, values: Values): number {
    return this.executor.create({ shape, dtype, values });
  }

  deleteTensor(id: number): void {
    this.executor.remove(id);
    this.#bfloat16.delete(id);
  }

  tensorDataSync(id: number): Float32Array {
    // tfjs-node's declaration leaves out most arrays that its addon returns.
    return this.executor.read(id) as Float32Array;
  }

  executeOp(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    outputCount: number,
  ): TensorMetadata[] {
    const results = this.#bfloat16.size === 0
      ? this.executor.execute(name, attributes, inputs, outputCount)
      : this.#followStorage(name, attributes, inputs, outputCount);
    for (const result of results) {
      if (result.dtype === DataType.BFLOAT16) {
        this.#bfloat16.add(result.id);
        result.dtype = DataType.FLOAT;
      }
    }
    return results;
  }

  loadSavedModel(): number {
    throw savedModelsAreLeftOut();
  }
  deleteSavedModel(): void {
    throw savedModelsAreLeftOut();
  }
  runSavedModel(): TensorMetadata[] {
    throw savedModelsAreLeftOut();
  }
  getNumOfSavedModels(): number {
    return 0;
  }

  /** Whether a tensor that tfjs calls float32 is stored in bfloat16. */
  isBfloat16(id: number): boolean {
    return this.#bfloat16.has(id);
  }

  /** Runs in bfloat16 what is asked in float32 and has all its float inputs in bfloat16; else in float32. */
  #followStorage(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    outputCount: number,
  ): Result[] {
    const { executor } = this;
    const asked = attributes.find(({ name }) => name === "T" || name === "SrcT");
    const narrow = inputs.filter((id) => this.#bfloat16.has(id));
    if (narrow.length === 0 || asked?.value !== DataType.FLOAT) {
      return executor.execute(name, attributes, inputs, outputCount);
    }
    if (!inputs.some((id) => executor.dtype(id) === DataType.FLOAT)) {
      const followed = attributes.map((attribute) =>
        attribute === asked ? { ...asked, value: DataType.BFLOAT16 } : attribute
      );
      return executor.execute(name, followed, inputs, outputCount);
    }
    const widened = new Map(
      narrow.map((id) => [id, executor.execute("Cast", toFloat, [id], 1)[0].id]),
    );
    try {
      const promoted = inputs.map((id) => widened.get(id) ?? id);
      return executor.execute(name, attributes, promoted, outputCount);
    } finally {
      for (const id of widened.values()) executor.remove(id);
    }
  }
}

const toFloat = [
  { name: "SrcT", type: AttributeType.TYPE, value: DataType.BFLOAT16 },
  { name: "DstT", type: AttributeType.TYPE, value: DataType.FLOAT },
];

function savedModelsAreLeftOut(): NotInThisEngineError {
  return new NotInThisEngineError(
    "SavedModels are not part of this engine: load the model's weights, or use TensorFlow itself",
  );
}
