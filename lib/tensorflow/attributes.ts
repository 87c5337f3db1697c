/**
 * Attributes of an operation, set on one that runs at once (TFE_Op) or on a node of a graph (TF_OperationDescription).
 *
 * @module
 */
import { int64s, kept } from "../native/memory.ts";
import { AttributeType, type TensorFlowLibrary } from "./c_api.ts";
import { NotInThisEngineError } from "./tensors.ts";

/** As tfjs-node's kernels write it (TFEOpAttr). */
export interface Attribute {
  name: string;
  type: number;
  value: boolean | number | object | string | number[];
}

/** Names, texts and lists are given by their addresses. */
type Set<Value> = (operation: bigint, name: bigint, value: Value) => void;
type SetList = (operation: bigint, name: bigint, values: bigint, length: number) => void;

interface Setters {
  text(operation: bigint, name: bigint, text: bigint, length: bigint): void;
  integer: Set<bigint>;
  integers: SetList;
  real: Set<number>;
  flag: Set<number>;
  type: Set<number>;
  shape: SetList;
}

/** Sets attributes of operations that run at once. */
export const eagerSetters = ({ c, status, check }: TensorFlowLibrary): Setters => ({
  text: c.TFE_OpSetAttrString,
  integer: c.TFE_OpSetAttrInt,
  integers: c.TFE_OpSetAttrIntList,
  real: c.TFE_OpSetAttrFloat,
  flag: c.TFE_OpSetAttrBool,
  type: c.TFE_OpSetAttrType,
  shape(operation, name, values, length) {
    c.TFE_OpSetAttrShape(operation, name, values, length, status);
    check("Cannot set a shape");
  },
});

/** Sets attributes of a graph's nodes. */
export const graphSetters = ({ c }: TensorFlowLibrary): Setters => ({
  text: c.TF_SetAttrString,
  integer: c.TF_SetAttrInt,
  integers: c.TF_SetAttrIntList,
  real: c.TF_SetAttrFloat,
  flag: c.TF_SetAttrBool,
  type: c.TF_SetAttrType,
  shape: c.TF_SetAttrShape,
});

/** Sets one attribute of `operation`. */
export function setAttribute(
  set: Setters,
  operation: bigint,
  { name, type, value }: Attribute,
): void {
  const key = kept(name).address;
  switch (type) {
    case AttributeType.STRING: {
      const { address, length } = kept(String(value));
      return set.text(operation, key, address, length);
    }
    case AttributeType.INT:
      // tfjs draws its seeds as fractions; TensorFlow's seeds are integers.
      return Array.isArray(value)
        ? set.integers(operation, key, int64s(value), value.length)
        : set.integer(operation, key, BigInt(Math.trunc(value as number)));
    case AttributeType.FLOAT:
      return set.real(operation, key, value as number);
    case AttributeType.BOOL:
      return set.flag(operation, key, value ? 1 : 0);
    case AttributeType.TYPE:
      return set.type(operation, key, value as number);
    case AttributeType.SHAPE:
      return set.shape(operation, key, int64s(value as number[]), (value as number[]).length);
    default:
      throw new NotInThisEngineError(`Attribute ${name} has a type (${type}) that no kernel uses`);
  }
}
