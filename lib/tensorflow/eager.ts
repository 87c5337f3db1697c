/**
 * Runs operations one by one, each at once (TFE_Execute).
 *
 * @module
 */
import { type Attribute, eagerSetters, setAttribute } from "./attributes.ts";
import { AttributeType, DataType, type TensorFlowLibrary, zeroTerminated } from "./c_api.ts";
import { cached, deleteTensor, newTensor, readTensor, type Values } from "./tensors.ts";

/** A tensor that an operation made: TensorFlow's element type, tfjs's shape. */
export interface Result {
  id: number;
  shape: number[];
  dtype: number;
}

/** What makes tensors and runs operations on them; tensors have ids that are never used twice. */
export interface Executor {
  create(values: Values, options: { shape: number[]; dtype: number }): number;
  execute(name: string, attributes: Attribute[], inputs: number[], outputCount: number): Result[];
  read(id: number): Values;
  remove(id: number): void;
  dtype(id: number): number;
}

/** TensorFlow's context and the tensors alive in it. */
export class Eager implements Executor {
  readonly library: TensorFlowLibrary;
  readonly context: bigint;
  /** TensorFlow's name of the device that operations run on. */
  readonly device: string;
  readonly isGpu: boolean;
  readonly #handles = new Map<number, bigint>();
  readonly #setters: ReturnType<typeof eagerSetters>;
  readonly #outputs = new BigUint64Array(1024);
  readonly #outputCount = new Int32Array(1);
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
  }

  /** How many tensors are alive. */
  get size(): number {
    return this.#handles.size;
  }

  create(values: Values, { shape, dtype }: { shape: number[]; dtype: number }): number {
    const { c, status, check } = this.library;
    const tensor = newTensor(this.library, { shape, dtype, values });
    let handle = c.TFE_NewTensorHandle(tensor, status);
    if (dtype === DataType.STRING) handle = this.#ownStrings(handle);
    deleteTensor(this.library, tensor, values);
    check(`Cannot make a tensor of shape [${shape}]`);
    // Kernels of a GPU expect int32, mostly shapes and axes, in the host's memory.
    if (this.isGpu && dtype !== DataType.INT32 && dtype !== DataType.STRING) {
      const inHost = handle;
      const device = zeroTerminated(this.device);
      handle = c.TFE_TensorHandleCopyToDevice(inHost, this.context, device, status);
      c.TFE_DeleteTensorHandle(inHost);
      check(`Cannot copy a tensor of shape [${shape}] to ${this.device}`);
    }
    return this.#add(handle);
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
    const operation = c.TFE_NewOp(this.context, cached(name), status);
    check(name);
    try {
      for (const id of inputs) c.TFE_OpAddInput(operation, this.handle(id), status);
      for (const attribute of attributes) setAttribute(this.#setters, operation, attribute);
      this.#outputCount[0] = outputCount;
      c.TFE_Execute(operation, this.#outputs, this.#outputCount, status);
      check(name);
    } finally {
      c.TFE_DeleteOp(operation);
    }
    const results: Result[] = [];
    for (let i = 0; i < outputCount; i++) {
      const handle = this.#outputs[i];
      const rank = c.TFE_TensorHandleNumDims(handle, status);
      const shape: number[] = [];
      for (let k = 0; k < rank; k++) shape.push(Number(c.TFE_TensorHandleDim(handle, k, status)));
      const dtype = c.TFE_TensorHandleDataType(handle);
      results.push({ id: this.#add(handle), shape, dtype });
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
    const handle = this.handle(id);
    return Array.from(
      { length: c.TFE_TensorHandleNumDims(handle, status) },
      (_, k) => Number(c.TFE_TensorHandleDim(handle, k, status)),
    );
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
