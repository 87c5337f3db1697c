/**
 * Kinds of arguments: for each a valid value, and values of other kinds that must be refused by an error that names it.
 *
 * @module
 */
import type { Labelled } from "../../lib/data/labelled.ts";
import type { Matrix } from "../../lib/linear_algebra/mod.ts";
import { seeded } from "../../lib/random.ts";

/** A value that must be refused. */
export interface Wrong {
  /** What it is, for the report. */
  readonly what: string;
  readonly value: unknown;
  /** What the error's message must contain. */
  readonly says: string;
}

/** An argument of a function. */
export interface Argument {
  valid(): unknown;
  wrong(): Wrong[];
}

/** A public function: how it is called, and its arguments. */
export interface Entry {
  readonly call: (...parameters: never[]) => unknown;
  readonly arguments: readonly Argument[];
}

export function entry(
  call: (...parameters: never[]) => unknown,
  ...parameters: Argument[]
): Entry {
  return { call, arguments: parameters };
}

const say = (says: string, wrong: Record<string, unknown>): Wrong[] =>
  Object.entries(wrong).map(([what, value]) => ({ what, value, says }));

const argument = (
  valid: () => unknown,
  says: string,
  wrong: Record<string, unknown>,
): Argument => ({
  valid,
  wrong: () => say(says, wrong),
});

const noNumbers = {
  "a string": "1",
  "a boolean": true,
  "a BigInt": 1n,
  "null": null,
  "NaN": NaN,
  "an object": {},
  "an array": [1],
};

/** A finite number. */
export function finite(name: string, valid: number): Argument {
  return argument(() => valid, name, { ...noNumbers, "∞": Infinity, "−∞": -Infinity });
}

/** A finite number above 0, or of at least 0. */
export function positive(name: string, valid: number, { orZero = false } = {}): Argument {
  const zero = orZero ? {} : { "0": 0 };
  return argument(() => valid, name, { ...noNumbers, ...zero, "−1": -1, "∞": Infinity });
}

/** A whole number of at least `least`. */
export function whole(name: string, valid: number, { least = 1 } = {}): Argument {
  return argument(() => valid, name, {
    ...noNumbers,
    "a fraction": least + 0.5,
    "too small": least - 1,
    "∞": Infinity,
  });
}

/** A number in [0, 1), or in another interval of which neither −0.1 nor 1.5 is an element. */
export function share(name: string, valid: number): Argument {
  return argument(() => valid, name, { ...noNumbers, "−0.1": -0.1, "1.5": 1.5 });
}

/** One of some words. */
export function word(name: string, valid: string): Argument {
  return argument(() => valid, name, {
    "an unknown word": "kron",
    "a number": 1,
    "null": null,
    "a boolean": true,
  });
}

/** A generator of random numbers. */
export function random(): Argument {
  return argument(() => seeded(1), "random", {
    "nothing": undefined,
    "null": null,
    "a seed": 1,
    "a string": "1",
    "Math.random": Math.random,
  });
}

/** A function. */
export function callback(name: string, valid: (...parameters: never[]) => unknown): Argument {
  return argument(() => valid, name, {
    "null": null,
    "a string": "f",
    "a number": 1,
    "an object": {},
  });
}

/** What one of the library's own functions returned. */
export function made(name: string, valid: () => unknown): Argument {
  return argument(valid, name, { "null": null, "a string": "model", "a number": 1, "{}": {} });
}

/** An array of finite numbers, of one length where it is `fixed`. */
export function numbers(
  name: string,
  valid: ArrayLike<number>,
  { fixed = false } = {},
): Argument {
  const list = Array.from(valid), others = list.slice(1);
  return argument(() => valid, name, {
    "null": null,
    "a string": "12",
    "a number": 5,
    "strings": list.map(String),
    "booleans": list.map(() => true),
    "BigInts": list.map(() => 1n),
    "a null among them": [...others, null],
    "NaN among them": [...others, NaN],
    "∞ among them": [...others, Infinity],
    ...(fixed ? { "one more": [...list, list[0]], "one fewer": others } : {}),
  });
}

/** A matrix of finite numbers, of one number of columns where it is `fixed`. */
export function matrixOf(name: string, valid: Matrix, { fixed = false } = {}): Argument {
  const { rows, columns, data } = valid;
  const wider = { rows, columns: columns + 1, data: new Float64Array(rows * (columns + 1)) };
  return argument(() => valid, name, {
    "null": null,
    "a string": "X",
    "a number": 5,
    "an array of rows": [[1, 2]],
    "no data": { rows, columns },
    "an array as data": { rows, columns, data: [...data] },
    "strings as data": { rows, columns, data: Array.from(data, String) },
    "too few data": { rows, columns, data: data.subarray(1) },
    "a string of rows": { rows: `${rows}`, columns, data },
    "NaN among the data": { rows, columns, data: data.with(0, NaN) },
    "∞ among the data": { rows, columns, data: data.with(0, Infinity) },
    ...(fixed ? { "one more column": wider } : {}),
  });
}

/** The labels of as many points. */
export function labels(valid: Int32Array): Argument {
  const list = Array.from(valid);
  return argument(() => valid, "labels", {
    "null": null,
    "a string": "01",
    "strings": list.map(String),
    "booleans": list.map((label) => label === 1),
    "BigInts": BigInt64Array.from(list, BigInt),
    "a fraction among them": list.with(0, 0.5),
    "−1 among them": list.with(0, -1),
    "NaN among them": list.with(0, NaN),
    "a null among them": (list as (number | null)[]).with(0, null),
    "a class too many": list.with(0, 1000),
    "one more": [...list, 0],
    "one fewer": list.slice(1),
  });
}

/** Points with labels; of one number of columns where that is `fixed`. */
export function labelled(valid: Labelled, { fixed = false } = {}): Argument {
  return {
    valid: () => valid,
    wrong: () => [
      ...say("data", { "null": null, "a string": "data", "a number": 1 }),
      ...within(valid, "X", matrixOf("X", valid.X, { fixed })),
      ...within(valid, "labels", labels(valid.labels)),
    ],
  };
}

/** Inputs and targets. */
export function regressionData(valid: { x: number[]; y: number[] }): Argument {
  return {
    valid: () => valid,
    wrong: () => [
      ...say("data", { "null": null, "a string": "data", "a number": 1 }),
      ...within(valid, "x", numbers("x", valid.x, { fixed: true })),
      ...within(valid, "y", numbers("y", valid.y, { fixed: true })),
    ],
  };
}

/** The options of the function `name`, of which those in `needed` must be given. */
export function options(
  name: string,
  parts: Record<string, Argument>,
  { needed = [] }: { needed?: readonly string[] } = {},
): Argument {
  const valid = () =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.valid()]));
  return {
    valid,
    wrong: () => [
      ...say(name, { "null": null, "a string": "options", "a number": 1 }),
      ...say("noSuchOption", { "an unknown option": { ...valid(), noSuchOption: 1 } }),
      ...needed.map((key) => ({ what: `no ${key}`, value: without(valid(), key), says: key })),
      ...Object.entries(parts).flatMap(([key, part]) => within(valid(), key, part)),
    ],
  };
}

/** An object of which each part is an argument of its own. */
export function object(name: string, parts: Record<string, Argument>): Argument {
  const valid = () =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.valid()]));
  return {
    valid,
    wrong: () => [
      ...say(name, { "null": null, "a string": "object", "a number": 1 }),
      ...Object.entries(parts).flatMap(([key, part]) => within(valid(), key, part)),
    ],
  };
}

function within(whole: object, key: string, part: Argument): Wrong[] {
  return part.wrong().map(({ what, value, says }) => ({
    what: `${key}: ${what}`,
    value: { ...whole, [key]: value },
    says,
  }));
}

function without(whole: object, key: string): object {
  return Object.fromEntries(Object.entries(whole).filter(([other]) => other !== key));
}
