/** Seeded fuzzing of readers: damaged files end in a named error, soon, and in little memory. */
import process from "node:process";
import { seeded } from "../../lib/random.ts";

/** A reader of files; what it does not refuse, it reads. */
export type Reader = (bytes: Uint8Array<ArrayBuffer>) => unknown;

/** How mutants are made and judged. */
export interface FuzzOptions {
  mutants: number;
  seed: number;
  /** What a reader may throw. */
  errors: readonly (new (...args: never[]) => Error)[];
  /** The longest that a mutant may take, of processor time; ten times as long by the clock is a hang. */
  seconds?: number;
  /** Bytes at the beginning of a sample where half of the damage is. */
  head?: number;
}

/** How a reader took its mutants. */
export interface FuzzResult {
  readonly read: number;
  readonly refused: number;
  /** The most processor time of one mutant. */
  readonly milliseconds: number;
}

/**
 * Gives `reader` damaged copies of `samples`.
 *
 * @throws {Error} with the mutant, where the reader throws another error than those allowed, takes longer than allowed, or
 * changes a prototype.
 */
export async function fuzz(
  reader: Reader,
  samples: readonly Uint8Array[],
  { mutants, seed, errors, seconds = 2, head = 400 }: FuzzOptions,
): Promise<FuzzResult> {
  const random = seeded(seed), prototype = Object.getOwnPropertyNames(Object.prototype).join();
  const result = { read: 0, refused: 0, milliseconds: 0 };
  for (let i = 0; i < mutants; i++) {
    const mutant = mutate(samples[i % samples.length], { random, head });
    const fault = (what: string, cause?: unknown) =>
      new Error(`Mutant ${i} of seed ${seed} ${what}: ${mutant.slice(0, 4096).toBase64()}`, {
        cause,
      });
    const { error, seconds: taken } = await timed(reader, mutant, seconds);
    if (taken > seconds) throw fault(`takes more than ${seconds} s`);
    if (error === undefined) result.read++;
    else if (errors.some((kind) => error instanceof kind)) result.refused++;
    else throw fault(`is not refused by name but by ${error}`, error);
    result.milliseconds = Math.max(result.milliseconds, 1000 * taken);
    if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) {
      throw fault("changes Object.prototype");
    }
  }
  return result;
}

/** The processor's seconds that a reader takes, Infinity where it waits ten times `most` of a clock's, and what it throws. */
async function timed(
  reader: Reader,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<{ seconds: number; error?: unknown }> {
  const start = process.cpuUsage();
  let timer: ReturnType<typeof setTimeout> | undefined, error: unknown;
  const hang = new Promise<true>((resolve) =>
    timer = setTimeout(() => resolve(true), 10_000 * most)
  );
  const reading = Promise.resolve().then(() => reader(bytes)).then(() => {}, (it) => error = it);
  const hangs = await Promise.race([reading, hang]) === true;
  clearTimeout(timer);
  const { user, system } = process.cpuUsage(start);
  return { seconds: hangs ? Infinity : (user + system) / 1e6, error };
}

/** Numbers that sizes and counts are often mistaken at. */
const EXTREMES = [0, 1, 127, 128, 255, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
/** Words that text formats are often mistaken at. */
const WORDS = [
  "null",
  "-1",
  "1e309",
  "{}",
  "[]",
  '"',
  "__proto__",
  "NaN",
  "\r",
  "\0",
  "\ud800",
  ",",
];

function mutate(
  sample: Uint8Array,
  { random, head }: { random: ReturnType<typeof seeded>; head: number },
): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(sample);
  if (random() < 0.3) bytes = bytes.slice(0, random.integer(bytes.length + 1));
  const place = () => random.integer(random() < 0.5 ? Math.min(head, bytes.length) : bytes.length);
  for (let k = random.integer(5); k > 0 && bytes.length > 0; k--) {
    const at = place(), kind = random();
    if (kind < 0.5) bytes[at] = random.integer(256);
    else if (kind < 0.6) bytes[at] ^= 1 << random.integer(8);
    else if (kind < 0.75 && at + 4 <= bytes.length) {
      const value = EXTREMES[random.integer(EXTREMES.length)];
      new DataView(bytes.buffer).setUint32(at, value, random() < 0.8);
    } else if (kind < 0.85) {
      const word = new TextEncoder().encode(WORDS[random.integer(WORDS.length)]);
      bytes = concatenated(bytes.subarray(0, at), word, bytes.subarray(at + random.integer(8)));
    } else if (kind < 0.95) {
      const from = place(), piece = bytes.subarray(from, from + random.integer(64));
      bytes = concatenated(bytes.subarray(0, at), piece, bytes.subarray(at));
    } else {
      bytes = concatenated(bytes.subarray(0, at), bytes.subarray(at + random.integer(64)));
    }
  }
  return bytes;
}

function concatenated(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
