/**
 * Memory that native code reads and writes by its address: Deno passes a bigint in 10 ns, a buffer in 200.
 *
 * @module
 */
import { shown } from "../checks.ts";

/** Where `array` lies. Its owner keeps it: an address does not. */
export function addressOf(array: ArrayBufferView<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(array));
}

const encoder = new TextEncoder();

/** A C string. */
export function zeroTerminated(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text + "\0");
}

/** A C string that is kept for as long as the process runs. */
export interface KeptText {
  address: bigint;
  /** Bytes without the zero at the end. */
  length: bigint;
  bytes: Uint8Array<ArrayBuffer>;
}
const texts = new Map<string, KeptText>();

/** `text` as a C string, made once: names of operations and attributes are few. */
export function kept(text: string): KeptText {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (typeof text !== "string") throw new TypeError(`A name is a text, got ${shown(text)}`);
  const bytes = new Uint8Array(new ArrayBuffer(3 * text.length + 1)); // V8 moves small arrays without a buffer
  const length = BigInt(encoder.encodeInto(text, bytes).written);
  const made = { address: addressOf(bytes), length, bytes };
  texts.set(text, made);
  return made;
}

let scratch:
  | { numbers: BigInt64Array<ArrayBuffer>; halves: Int32Array; address: bigint }
  | undefined;

/** Room for `length` numbers of 64 bits, until the next call of this function or of {@linkcode int64s}. */
export function room(length: number) {
  if (scratch === undefined || length > scratch.numbers.length) {
    const memory = new ArrayBuffer(8 * Math.max(256, 2 * length));
    const numbers = new BigInt64Array(memory);
    scratch = { numbers, halves: new Int32Array(memory), address: addressOf(numbers) };
  }
  return scratch;
}

/** The address of whole `numbers` as 64-bit integers, until the next call. */
export function int64s(numbers: readonly number[]): bigint {
  const { halves, address } = room(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    halves[2 * i] = numbers[i]; // modulo 2³², and no bigint is made
    halves[2 * i + 1] = Math.floor(numbers[i] / 2 ** 32);
  }
  return address;
}
