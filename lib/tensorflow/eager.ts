/**
 * Runs operations one by one, each at once (TFE_Execute).
 *
 * @module
 */
import { addressOf, kept, zeroTerminated } from "../native/memory.ts";
import { type Attribute, eagerSetters, setAttribute } from "./attributes.ts";
import { AttributeType, DataType, type TensorFlowLibrary } from "./c_api.ts";
import {
  checkContents,
  type Contents,
  deleteTensor,
  newTensor,
  readTensor,
  type Values,
} from "./tensors.ts";

/** A tensor that an operation made: TensorFlow's element type, tfjs's shape. */
export interface Result {
  id: number;
  shape: number[];
  dtype: number;
}

/** What makes tensors and runs operations on them; tensors have ids that are never used twice. */
export interface Executor {
  /** @throws {RangeError | TypeError} where the contents are no tensor. */
  create(contents: Contents): number;
  execute(name: string, attributes: Attribute[], inputs: number[], outputCount: number): Result[];
  read(id: number): Values;
  remove(id: number): void;
  dtype(id: number): number;
}

/** Tensors of so many entries are kept, up to so many of them. */
const SMALL = 8, KEPT = 1000;

/** TensorFlow's context and the tensors alive in it. */
export class Eager implements Executor {
  readonly library: TensorFlowLibrary;
  readonly context: bigint;
  /** TensorFlow's name of the device that operations run on. */
  readonly device: string;
  readonly isGpu: boolean;
  readonly #handles = new Map<number, bigint>();
  readonly #setters: ReturnType<typeof eagerSetters>;
  /** The one operation that each call sets anew; TensorFlow keeps its last inputs until the next. */
  readonly #operation: bigint;
  /** How many outputs there are, and their handles. */
  readonly #count = new Int32Array(new ArrayBuffer(4));
  readonly #countAddress = addressOf(this.#count);
  #outputs = new BigUint64Array(new ArrayBuffer(8 * 16));
  #outputsAddress = addressOf(this.#outputs);
  /** Handles of small tensors by their contents: shapes, axes and factors are made again and again. */
  readonly #small = new Map<string, bigint>();
  #nextId = 0;

  constructor(library: TensorFlowLibrary) {
    const { c, status, check } = library;
    this.library = library;
    this.#setters = eagerSetters(library);
    const options = c.TFE_NewContextOptions();
    this.context = c.TFE_NewContext(options, status);
    c.TFE_DeleteContextOptions(options);
    check("Cannot start TensorFlow");
    const devices = listDevices(library, this.context);
    const gpu = devices.find(({ type }) => type === "GPU");
    this.isGpu = gpu !== undefined;
    this.device = (gpu ?? devices[0]).name;
    this.#operation = c.TFE_NewOp(this.context, kept("Identity").address, status);
  }

  /** How many tensors are alive. */
  get size(): number {
    return this.#handles.size;
  }

  create(contents: Contents): number {
    checkContents(contents);
    const key = keyOf(contents);
    if (key === undefined) return this.#add(this.#newHandle(contents));
    const { c, status } = this.library;
    let handle = this.#small.get(key);
    if (handle === undefined) {
      if (this.#small.size >= KEPT) this.#forgetSmall();
      this.#small.set(key, handle = this.#newHandle(contents));
    }
    return this.#add(c.TFE_TensorHandleCopySharingTensor(handle, status));
  }

  #forgetSmall(): void {
    for (const handle of this.#small.values()) this.library.c.TFE_DeleteTensorHandle(handle);
    this.#small.clear();
  }

  #newHandle(contents: Contents): bigint {
    const { c, status, check } = this.library, { shape, dtype } = contents;
    const tensor = newTensor(this.library, contents);
    let handle = c.TFE_NewTensorHandle(tensor, status);
    if (dtype === DataType.STRING) handle = this.#ownStrings(handle);
    deleteTensor(this.library, tensor, contents);
    check(`Cannot make a tensor of shape [${shape}]`);
    // Kernels of a GPU expect int32, mostly shapes and axes, in the host's memory.
    if (this.isGpu && dtype !== DataType.INT32 && dtype !== DataType.STRING) {
      const inHost = handle;
      const device = zeroTerminated(this.device);
      handle = c.TFE_TensorHandleCopyToDevice(inHost, this.context, device, status);
      c.TFE_DeleteTensorHandle(inHost);
      check(`Cannot copy a tensor of shape [${shape}] to ${this.device}`);
    }
    return handle;
  }

  /** A tensor of strings in buffers that TensorFlow frees with it, in place of `borrowed`, whose buffers are ours. */
  #ownStrings(borrowed: bigint): bigint {
    const id = this.#add(borrowed);
    const type = { name: "T", type: AttributeType.TYPE, value: DataType.STRING };
    const [copy] = this.execute("DeepCopy", [type], [id], 1);
    this.remove(id);
    const handle = this.handle(copy.id);
    this.#handles.delete(copy.id);
    return handle;
  }

  execute(name: string, attributes: Attribute[], inputs: number[], outputCount: number): Result[] {
    const { c, status, check } = this.library;
    const operation = this.#operation;
    c.TFE_OpReset(operation, kept(name).address, 0n, status);
    check(name);
    for (const id of inputs) c.TFE_OpAddInput(operation, this.handle(id), status);
    for (const attribute of attributes) setAttribute(this.#setters, operation, attribute);
    if (outputCount > this.#outputs.length) {
      this.#outputs = new BigUint64Array(new ArrayBuffer(16 * outputCount));
      this.#outputsAddress = addressOf(this.#outputs);
    }
    this.#count[0] = outputCount;
    c.TFE_Execute(operation, this.#outputsAddress, this.#countAddress, status);
    check(name);
    // TensorFlow says how many there are: an operation may have fewer outputs than were asked for.
    const results: Result[] = [];
    for (let i = 0; i < this.#count[0]; i++) {
      const handle = this.#outputs[i], id = this.#add(handle);
      results.push({ id, shape: this.shape(id), dtype: c.TFE_TensorHandleDataType(handle) });
    }
    return results;
  }

  read(id: number): Values {
    const { c, status, check } = this.library;
    const tensor = c.TFE_TensorHandleResolve(this.handle(id), status);
    check("Cannot read a tensor");
    try {
      return readTensor(this.library, { tensor, dtype: this.dtype(id) });
    } finally {
      c.TF_DeleteTensor(tensor);
    }
  }

  remove(id: number): void {
    this.library.c.TFE_DeleteTensorHandle(this.handle(id));
    this.#handles.delete(id);
  }

  dtype(id: number): number {
    return this.library.c.TFE_TensorHandleDataType(this.handle(id));
  }

  /** Shape of a tensor. */
  shape(id: number): number[] {
    const { c, status } = this.library;
    const handle = this.handle(id), rank = c.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = [];
    for (let k = 0; k < rank; k++) shape.push(Number(c.TFE_TensorHandleDim(handle, k, status)));
    return shape;
  }

  /** Whether a tensor is alive. */
  has(id: number): boolean {
    return this.#handles.has(id);
  }

  /** TensorFlow's handle of a tensor. */
  handle(id: number): bigint {
    const handle = this.#handles.get(id);
    if (handle === undefined) {
      throw new RangeError(
        `Tensor ${id} is not alive: it was disposed of, or made inside a captured step`,
      );
    }
    return handle;
  }

  #add(handle: bigint): number {
    const id = this.#nextId++;
    this.#handles.set(id, handle);
    return id;
  }
}

/** The contents of a small tensor of numbers as a text; undefined for others. */
function keyOf({ shape, dtype, values }: Contents): string | undefined {
  const numbers = values as Float32Array | Int32Array;
  if (!(numbers.length <= SMALL) || dtype === DataType.STRING) return undefined;
  for (let i = 0; i < numbers.length; i++) if (Object.is(numbers[i], -0)) return undefined;
  return `${dtype} ${shape} ${numbers}`;
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
