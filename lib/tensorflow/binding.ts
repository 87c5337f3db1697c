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
import { AttributeType, DataType, type TensorFlowLibrary, zeroTerminated } from "./c_api.ts";

const bytesOfString = 24; // sizeof(TF_TString)
const noBytes = new Uint8Array(1);

/** Thrown where tfjs asks for what this engine leaves out. */
export class NotInThisEngineError extends Error {
  override name = "NotInThisEngineError";
}

/** The values of a tensor as tfjs hands them over: a typed array, or the bytes of each string. */
export type Values = ArrayBufferView | Uint8Array[];

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
  // The interface asks for these two declared classes; the addon exports neither.
  declare readonly TensorMetadata: typeof TensorMetadata;
  declare readonly TFEOpAttr: typeof TFEOpAttr;

  readonly library: TensorFlowLibrary;
  readonly context: bigint;
  /** TensorFlow's name of the device that operations run on. */
  readonly device: string;
  readonly #isGpu: boolean;
  /** The handle of each tensor by its id. */
  readonly #handles = new Map<number, bigint>();
  /** The ids of tensors stored in bfloat16. */
  readonly #bfloat16 = new Set<number>();
  #nextId = 0;
  readonly #outputs = new BigUint64Array(256);
  readonly #outputCount = new Int32Array(1);

  constructor(library: TensorFlowLibrary) {
    const { c, status, check } = library;
    this.library = library;
    this.TF_Version = library.version;
    const options = c.TFE_NewContextOptions();
    this.context = c.TFE_NewContext(options, status);
    c.TFE_DeleteContextOptions(options);
    check("Cannot start TensorFlow");
    const devices = listDevices(library, this.context);
    const gpu = devices.find(({ type }) => type === "GPU");
    this.#isGpu = gpu !== undefined;
    this.device = (gpu ?? devices[0]).name;
  }

  isUsingGpuDevice(): boolean {
    return this.#isGpu;
  }

  getNumOfTensors(): number {
    return this.#handles.size;
  }

  createTensor(shape: number[], dtype: number, values: Values): number {
    const { c, status, check } = this.library;
    const tensor = newTensor(this.library, { shape, dtype, values });
    let handle = c.TFE_NewTensorHandle(tensor, status);
    c.TF_DeleteTensor(tensor);
    check(`Cannot make a tensor of shape [${shape}]`);
    // Kernels of a GPU expect int32, mostly shapes and axes, in the host's memory.
    if (this.#isGpu && dtype !== DataType.INT32 && dtype !== DataType.STRING) {
      const inHost = handle;
      const device = zeroTerminated(this.device);
      handle = c.TFE_TensorHandleCopyToDevice(inHost, this.context, device, status);
      c.TFE_DeleteTensorHandle(inHost);
      check(`Cannot copy a tensor of shape [${shape}] to ${this.device}`);
    }
    return this.#add(handle, dtype);
  }

  deleteTensor(id: number): void {
    this.library.c.TFE_DeleteTensorHandle(this.handle(id));
    this.#handles.delete(id);
    this.#bfloat16.delete(id);
  }

  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    const { c, status, check } = this.library;
    const handle = this.handle(id);
    const dtype = c.TFE_TensorHandleDataType(handle);
    const tensor = c.TFE_TensorHandleResolve(handle, status);
    check("Cannot read a tensor");
    try {
      // tfjs-node's declaration leaves out the arrays of strings and int64 that its addon returns.
      return readTensor(this.library, { tensor, dtype }) as Float32Array;
    } finally {
      c.TF_DeleteTensor(tensor);
    }
  }

  executeOp(
    name: string,
    attributes: TFEOpAttr[],
    inputs: number[],
    outputCount: number,
  ): TensorMetadata[] {
    if (this.#bfloat16.size > 0) {
      return this.#followingStorage(name, attributes, inputs, outputCount);
    }
    return this.#execute(name, attributes, inputs, outputCount);
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

  /** TensorFlow's handle of a tensor. */
  handle(id: number): bigint {
    const handle = this.#handles.get(id);
    if (handle === undefined) {
      throw new RangeError(`Tensor ${id} is not alive: it was disposed of, or never made here`);
    }
    return handle;
  }

  /** Whether a tensor that tfjs calls float32 is stored in bfloat16. */
  isBfloat16(id: number): boolean {
    return this.#bfloat16.has(id);
  }

  #add(handle: bigint, dtype: number): number {
    const id = this.#nextId++;
    this.#handles.set(id, handle);
    if (dtype === DataType.BFLOAT16) this.#bfloat16.add(id);
    return id;
  }

  #execute(
    name: string,
    attributes: TFEOpAttr[],
    inputs: number[],
    outputCount: number,
  ): TensorMetadata[] {
    const { c, status, check } = this.library;
    const operation = c.TFE_NewOp(this.context, cached(name), status);
    check(name);
    try {
      for (const id of inputs) c.TFE_OpAddInput(operation, this.handle(id), status);
      for (const attribute of attributes) this.#setAttribute(operation, attribute);
      this.#outputCount[0] = outputCount;
      c.TFE_Execute(operation, this.#outputs, this.#outputCount, status);
      check(name);
    } finally {
      c.TFE_DeleteOp(operation);
    }
    const results: TensorMetadata[] = [];
    for (let i = 0; i < outputCount; i++) results.push(this.#describe(this.#outputs[i]));
    return results;
  }

  #describe(handle: bigint): TensorMetadata {
    const { c, status } = this.library;
    const dtype = c.TFE_TensorHandleDataType(handle);
    const rank = c.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = [];
    for (let k = 0; k < rank; k++) shape.push(Number(c.TFE_TensorHandleDim(handle, k, status)));
    return {
      id: this.#add(handle, dtype),
      shape,
      dtype: dtype === DataType.BFLOAT16 ? DataType.FLOAT : dtype,
    };
  }

  #setAttribute(operation: bigint, { name, type, value }: TFEOpAttr): void {
    const { c, status, check } = this.library;
    const key = cached(name);
    switch (type) {
      case AttributeType.STRING: {
        const text = cached(String(value));
        return c.TFE_OpSetAttrString(operation, key, text, BigInt(text.length - 1));
      }
      case AttributeType.INT:
        if (Array.isArray(value)) {
          return c.TFE_OpSetAttrIntList(operation, key, int64s(value), value.length);
        }
        return c.TFE_OpSetAttrInt(operation, key, BigInt(Math.trunc(value as number)));
      case AttributeType.FLOAT:
        return c.TFE_OpSetAttrFloat(operation, key, value as number);
      case AttributeType.BOOL:
        return c.TFE_OpSetAttrBool(operation, key, value ? 1 : 0);
      case AttributeType.TYPE:
        return c.TFE_OpSetAttrType(operation, key, value as number);
      case AttributeType.SHAPE: {
        const shape = value as number[];
        c.TFE_OpSetAttrShape(operation, key, int64s(shape), shape.length, status);
        return check(name);
      }
      default:
        throw new NotInThisEngineError(
          `Attribute ${name} has a type (${type}) that no kernel uses`,
        );
    }
  }

  /** Runs in bfloat16 what is asked in float32 and has all its float inputs in bfloat16; else in float32. */
  #followingStorage(
    name: string,
    attributes: TFEOpAttr[],
    inputs: number[],
    outputCount: number,
  ): TensorMetadata[] {
    const asked = attributes.find(({ name }) => name === "T" || name === "SrcT");
    const narrow = inputs.filter((id) => this.#bfloat16.has(id));
    if (narrow.length === 0 || asked?.value !== DataType.FLOAT) {
      return this.#execute(name, attributes, inputs, outputCount);
    }
    const { TFE_TensorHandleDataType } = this.library.c;
    const mixed = inputs.some((id) => TFE_TensorHandleDataType(this.handle(id)) === DataType.FLOAT);
    if (!mixed) {
      const followed = attributes.map((attribute) =>
        attribute === asked ? { ...asked, value: DataType.BFLOAT16 } : attribute
      );
      return this.#execute(name, followed, inputs, outputCount);
    }
    const widened = new Map(
      narrow.map((id) => [id, this.#execute("Cast", toFloat, [id], 1)[0].id]),
    );
    try {
      const promoted = inputs.map((id) => widened.get(id) ?? id);
      return this.#execute(name, attributes, promoted, outputCount);
    } finally {
      for (const id of widened.values()) this.deleteTensor(id);
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

function listDevices({ c, status, check }: TensorFlowLibrary, context: bigint) {
  const list = c.TFE_ContextListDevices(context, status);
  check("Cannot list TensorFlow's devices");
  const text = Deno.UnsafePointerView.getCString;
  const devices = Array.from({ length: c.TF_DeviceListCount(list) }, (_, i) => ({
    name: text(c.TF_DeviceListName(list, i, status)!),
    type: text(c.TF_DeviceListType(list, i, status)!),
  }));
  c.TF_DeleteDeviceList(list);
  return devices;
}

const strings = new Map<string, Uint8Array<ArrayBuffer>>();

/** A C string, kept: the names of operations and attributes are few. */
export function cached(text: string): Uint8Array<ArrayBuffer> {
  let bytes = strings.get(text);
  if (bytes === undefined) strings.set(text, bytes = zeroTerminated(text));
  return bytes;
}

/** Numbers as int64; never empty, as an empty buffer has no address. */
export function int64s(numbers: readonly number[]): BigInt64Array<ArrayBuffer> {
  const result = new BigInt64Array(Math.max(numbers.length, 1));
  for (let i = 0; i < numbers.length; i++) result[i] = BigInt(numbers[i]);
  return result;
}

/** A TF_Tensor that holds a copy of `values`. */
export function newTensor(
  { c }: TensorFlowLibrary,
  { shape, dtype, values }: { shape: number[]; dtype: number; values: Values },
): bigint {
  const dims = int64s(shape);
  if (Array.isArray(values)) {
    const size = BigInt(values.length * bytesOfString);
    const tensor = c.TF_AllocateTensor(dtype, dims, shape.length, size);
    const base = c.TF_TensorData(tensor);
    values.forEach((bytes, i) => {
      const element = Deno.UnsafePointer.offset(base!, i * bytesOfString);
      c.TF_StringInit(element);
      const source = bytes.length === 0 ? noBytes : new Uint8Array(bytes);
      c.TF_StringCopy(element, source, BigInt(bytes.length));
    });
    return tensor;
  }
  const size = values.byteLength;
  const tensor = c.TF_AllocateTensor(dtype, dims, shape.length, BigInt(size));
  if (size > 0) {
    const source = new Uint8Array(values.buffer, values.byteOffset, size);
    const target = Deno.UnsafePointerView.getArrayBuffer(c.TF_TensorData(tensor)!, size);
    new Uint8Array(target).set(source);
  }
  return tensor;
}

/** A copy of a TF_Tensor's values. */
function readTensor(
  { c }: TensorFlowLibrary,
  { tensor, dtype }: { tensor: bigint; dtype: number },
): ArrayBufferView | Uint8Array[] {
  const size = Number(c.TF_TensorByteSize(tensor));
  const data = c.TF_TensorData(tensor);
  if (dtype === DataType.STRING) {
    return Array.from({ length: size / bytesOfString }, (_, i) => {
      const element = Deno.UnsafePointer.offset(data!, i * bytesOfString);
      const bytes = new Uint8Array(Number(c.TF_StringGetSize(element)));
      if (bytes.length > 0) {
        Deno.UnsafePointerView.copyInto(c.TF_StringGetDataPointer(element)!, bytes);
      }
      return bytes;
    });
  }
  const bytes = new Uint8Array(size);
  if (size > 0) Deno.UnsafePointerView.copyInto(data!, bytes);
  switch (dtype) {
    case DataType.FLOAT:
    case DataType.COMPLEX64:
      return new Float32Array(bytes.buffer);
    case DataType.BFLOAT16:
      // bfloat16 is the upper half of float32.
      return new Float32Array(
        Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer,
      );
    case DataType.DOUBLE:
      return new Float64Array(bytes.buffer);
    case DataType.INT32:
      return new Int32Array(bytes.buffer);
    case DataType.INT64:
      return new BigInt64Array(bytes.buffer);
    case DataType.BOOL:
    case DataType.UINT8:
    case DataType.RESOURCE:
      return bytes;
    default:
      throw new NotInThisEngineError(`tfjs has no element type for TensorFlow's type ${dtype}`);
  }
}
