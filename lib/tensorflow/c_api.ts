/**
 * TensorFlow's C interface by Deno's foreign function interface: `tensorflow/c/c_api.h`, `c/eager/c_api.h`.
 *
 * Pointers are declared "u64", those of hot functions to memory of ours too: a `bigint` costs less than a Deno pointer
 * object or a buffer.
 *
 * @module
 */

import { zeroTerminated } from "../native/memory.ts";

const symbols = {
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "u64" },
  TF_GetCode: { parameters: ["u64"], result: "i32" },
  TF_Message: { parameters: ["u64"], result: "pointer" },

  TF_AllocateTensor: { parameters: ["i32", "u64", "i32", "usize"], result: "u64" },
  TF_DeleteTensor: { parameters: ["u64"], result: "void" },
  TF_TensorData: { parameters: ["u64"], result: "u64" },
  TF_TensorByteSize: { parameters: ["u64"], result: "usize" },
  TF_StringInit: { parameters: ["u64"], result: "void" },
  TF_StringCopy: { parameters: ["u64", "buffer", "usize"], result: "void" },
  TF_StringGetSize: { parameters: ["u64"], result: "usize" },
  TF_StringGetDataPointer: { parameters: ["u64"], result: "pointer" },
  TF_StringDealloc: { parameters: ["u64"], result: "void" },

  TFE_NewContextOptions: { parameters: [], result: "u64" },
  TFE_DeleteContextOptions: { parameters: ["u64"], result: "void" },
  TFE_NewContext: { parameters: ["u64", "u64"], result: "u64" },
  TFE_ContextListDevices: { parameters: ["u64", "u64"], result: "u64" },
  TF_DeviceListCount: { parameters: ["u64"], result: "i32" },
  TF_DeviceListName: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeviceListType: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["u64"], result: "void" },

  TFE_GetServerDef: { parameters: ["buffer", "u64"], result: "u64" },
  TF_DeleteBuffer: { parameters: ["u64"], result: "void" },
  TFE_EnableCollectiveOps: { parameters: ["u64", "pointer", "usize", "u64"], result: "void" },
  TFE_CollectiveOpsCheckPeerHealth: {
    parameters: ["u64", "buffer", "i64", "u64"],
    result: "void",
  },

  TFE_NewTensorHandle: { parameters: ["u64", "u64"], result: "u64" },
  TFE_DeleteTensorHandle: { parameters: ["u64"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["u64"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["u64", "u64"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["u64", "i32", "u64"], result: "i64" },
  TFE_TensorHandleCopySharingTensor: { parameters: ["u64", "u64"], result: "u64" },
  TFE_TensorHandleResolve: { parameters: ["u64", "u64"], result: "u64" },
  TFE_TensorHandleCopyToDevice: { parameters: ["u64", "u64", "buffer", "u64"], result: "u64" },

  TFE_NewOp: { parameters: ["u64", "u64", "u64"], result: "u64" },
  TFE_OpReset: { parameters: ["u64", "u64", "u64", "u64"], result: "void" },
  TFE_OpAddInput: { parameters: ["u64", "u64", "u64"], result: "void" },
  TFE_OpSetAttrString: { parameters: ["u64", "u64", "u64", "usize"], result: "void" },
  TFE_OpSetAttrInt: { parameters: ["u64", "u64", "i64"], result: "void" },
  TFE_OpSetAttrIntList: { parameters: ["u64", "u64", "u64", "i32"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["u64", "u64", "f32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["u64", "u64", "u8"], result: "void" },
  TFE_OpSetAttrType: { parameters: ["u64", "u64", "i32"], result: "void" },
  TFE_OpSetAttrShape: { parameters: ["u64", "u64", "u64", "i32", "u64"], result: "void" },
  TFE_Execute: { parameters: ["u64", "u64", "u64", "u64"], result: "void" },

  TF_NewGraph: { parameters: [], result: "u64" },
  TF_DeleteGraph: { parameters: ["u64"], result: "void" },
  TF_NewOperation: { parameters: ["u64", "u64", "buffer"], result: "u64" },
  TF_AddInput: { parameters: ["u64", { struct: ["u64", "i32"] }], result: "void" },
  TF_AddInputList: { parameters: ["u64", "buffer", "i32"], result: "void" },
  TF_FinishOperation: { parameters: ["u64", "u64"], result: "u64" },
  TF_SetAttrString: { parameters: ["u64", "u64", "u64", "usize"], result: "void" },
  TF_SetAttrInt: { parameters: ["u64", "u64", "i64"], result: "void" },
  TF_SetAttrIntList: { parameters: ["u64", "u64", "u64", "i32"], result: "void" },
  TF_SetAttrFloat: { parameters: ["u64", "u64", "f32"], result: "void" },
  TF_SetAttrBool: { parameters: ["u64", "u64", "u8"], result: "void" },
  TF_SetAttrType: { parameters: ["u64", "u64", "i32"], result: "void" },
  TF_SetAttrShape: { parameters: ["u64", "u64", "u64", "i32"], result: "void" },
  TF_SetAttrTensor: { parameters: ["u64", "u64", "u64", "u64"], result: "void" },
  TF_OperationOutputType: { parameters: [{ struct: ["u64", "i32"] }], result: "i32" },
  TF_GraphGetTensorNumDims: {
    parameters: ["u64", { struct: ["u64", "i32"] }, "u64"],
    result: "i32",
  },
  TF_GraphGetTensorShape: {
    parameters: ["u64", { struct: ["u64", "i32"] }, "u64", "i32", "u64"],
    result: "void",
  },
  TF_GraphToFunction: {
    // deno-fmt-ignore
    parameters: [
      "u64", "buffer", "u8", "i32", "u64", "i32", "buffer", "i32", "buffer", "u64", "u64", "u64", "u64",
    ],
    result: "u64",
  },
  TF_DeleteFunction: { parameters: ["u64"], result: "void" },
  TFE_ContextAddFunction: { parameters: ["u64", "u64", "u64"], result: "void" },
  TFE_ContextRemoveFunction: { parameters: ["u64", "buffer", "u64"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

const bfloat16Symbols = {
  hasBfloat16: {
    name: "_ZN10tensorflow36IsDataTypeSupportedByOneDNNOnThisCPUERKNS_8DataTypeE",
    parameters: ["buffer"],
    result: "bool",
    optional: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** Element types (TF_DataType). */
export const DataType = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  BFLOAT16: 14,
  RESOURCE: 20,
} as const;

/** Kinds of attribute (TF_AttrType). */
export const AttributeType = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
} as const;

/** An error that TensorFlow reported; the message is TensorFlow's own. */
export class TensorFlowError extends Error {
  /** The kind of the error. */
  override name = "TensorFlowError";
}

/** TensorFlow's C functions, and the one status object that every call here reports to. */
export interface TensorFlowLibrary {
  path: string;
  version: string;
  c: Deno.DynamicLibrary<typeof symbols>["symbols"];
  status: bigint;
  /** Whether oneDNN in it has bfloat16 kernels for this processor; false where the library cannot say. */
  bfloat16: boolean;
  /** Throws what the last call reported, if anything, naming what was attempted. */
  check(attempt: string): void;
}

/**
 * Opens the library at the last of `paths`; those before it are what it needs.
 *
 * @throws {Error} with the loader's message, or the name of a function that the library lacks.
 */
export function open(paths: string[]): TensorFlowLibrary {
  const path = paths.at(-1)!;
  // A wheel's library does not find its own companion: opened first, the loader knows it by name.
  const companions = paths.slice(0, -1).map((companion) => Deno.dlopen(companion, bfloat16Symbols));
  const c = openFunctions(path);
  keepLoaded(paths);
  const version = Deno.UnsafePointerView.getCString(c.TF_Version()!);
  const status = c.TF_NewStatus();
  return {
    path,
    version,
    c,
    status,
    bfloat16: companions.some(({ symbols }) =>
      symbols.hasBfloat16?.(Int32Array.of(DataType.BFLOAT16))
    ),
    check(attempt) {
      if (c.TF_GetCode(status) === 0) return;
      const message = Deno.UnsafePointerView.getCString(c.TF_Message(status)!);
      throw new TensorFlowError(`${attempt}: ${message}`);
    },
  };
}

function openFunctions(path: string) {
  try {
    return Deno.dlopen(path, symbols).symbols;
  } catch (error) {
    const lacks = /undefined symbol: (\w+)/.exec((error as Error).message);
    if (!lacks) throw error;
    throw new Error(`${path} lacks ${lacks[1]}: it is not TensorFlow's library, or an old one`);
  }
}

/**
 * Keeps the libraries in memory until the process has ended. Deno closes what it opened when it exits, while
 * TensorFlow's threads still run in it: the process would end in a segmentation fault.
 */
function keepLoaded(paths: string[]): void {
  const lazily = 1;
  if (Deno.build.os === "windows") {
    const kernel = Deno.dlopen("kernel32.dll", {
      LoadLibraryA: { parameters: ["buffer"], result: "u64" },
    });
    for (const path of paths) kernel.symbols.LoadLibraryA(zeroTerminated(path));
    return;
  }
  // Found through TensorFlow's own library, so that no other need be allowed.
  const loader = Deno.dlopen(paths.at(-1)!, {
    dlopen: { parameters: ["buffer", "i32"], result: "u64" },
  });
  for (const path of paths) loader.symbols.dlopen(zeroTerminated(path), lazily);
}
