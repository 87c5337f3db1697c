/**
 * The command line of a task: what it may hold, what was given, and how `--help` explains it.
 *
 * @module
 */
import { parseArgs } from "node:util";
import config from "../../deno.json" with { type: "json" };

/** A command line that the task does not take. */
export class UsageError extends Error {}

/** An option: a flag, a number, a text, or one of a few words. */
export interface Option {
  readonly type: "flag" | "number" | "text" | readonly string[];
  /** What it does, for `--help`. */
  readonly meaning: string;
  readonly default?: number | string;
}

/** What a task takes from the command line. */
export interface Usage<Options extends Record<string, Option> = Record<string, Option>> {
  readonly options?: Options;
  /** What it takes besides options: their name and meaning. */
  readonly words?: { readonly name: string; readonly meaning: string };
  /** What a reader of `--help` should know besides. */
  readonly details?: string;
  /** Commands after `deno task`, and what they do. */
  readonly examples: Readonly<Record<string, string>>;
}

type Value<It extends Option> = It["type"] extends "flag" ? true
  : It["type"] extends "number" ? number
  : It["type"] extends readonly (infer Word)[] ? Word
  : string;

/** The values of options: those with a default are always there. */
export type Values<Options extends Record<string, Option>> =
  & { [Name in keyof Options]?: Value<Options[Name]> }
  & {
    [Name in keyof Options as "default" extends keyof Options[Name] ? Name : never]: Value<
      Options[Name]
    >;
  };

/**
 * What the command line `args` of the task `name` holds, or the text that explains it where `--help` is among them.
 *
 * @throws {UsageError} where an option is unknown, lacks its value, or has one that it cannot have.
 */
export function readCommandLine<const Options extends Record<string, Option>>(
  name: string,
  usage: Usage<Options>,
  args: readonly string[],
): { values: Values<Options>; words: string[] } | { help: string } {
  const known: Record<string, Option> = usage.options ?? {}, { words } = usage;
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries({ ...known, help: { type: "flag" } }).map((
        [name, { type }],
      ) => [name, { type: type === "flag" ? "boolean" as const : "string" as const }]),
    ),
    strict: false,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
    return { help: helpOf(name, usage) };
  }
  const explained = `\`deno task ${name} --help\` explains what it takes`;
  const values = defaultsOf(known), given: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (!words) {
        throw new UsageError(`${name} takes options only, got "${token.value}": ${explained}`);
      }
      given.push(token.value);
    } else if (token.kind === "option") {
      if (!Object.hasOwn(known, token.name)) {
        const names = [...Object.keys(known), "help"].map((it) => `--${it}`).join(", ");
        throw new UsageError(`${name} has no option ${token.rawName}, only ${names}: ${explained}`);
      }
      values[token.name] = valueOf(`--${token.name}`, known[token.name], valueIn(token));
    }
  }
  return { values: values as Values<Options>, words: given };
}

/** The value given to an option; an option that follows it is not its value. */
function valueIn({ value, inlineValue }: { value?: string; inlineValue?: boolean }) {
  return inlineValue || !value?.startsWith("--") ? value : undefined;
}

function valueOf(
  name: string,
  { type }: Option,
  text: string | undefined,
): string | number | boolean {
  if (type === "flag") {
    if (text === undefined) return true;
    throw new UsageError(`${name} is given or not and takes no value, got "${text}"`);
  }
  if (text === undefined || text.trim() === "") {
    throw new UsageError(`${name} needs ${kindOf(type)}, as in ${name}=VALUE; nothing was given`);
  }
  if (type === "text") return text;
  if (type === "number") {
    if (Number.isFinite(Number(text))) return Number(text);
  } else if (type.includes(text)) {
    return text;
  }
  throw new UsageError(`${name} is ${kindOf(type)}, got "${text}"`);
}

function kindOf(type: Option["type"]): string {
  return typeof type === "string" ? `a ${type}` : type.join(" or ");
}

function defaultsOf(options: Record<string, Option>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([, option]) => option.default !== undefined)
      .map(([name, option]) => [name, option.default]),
  );
}

function helpOf(name: string, { options, words, details, examples }: Usage): string {
  const { description } = config.tasks[name as keyof typeof config.tasks];
  const lines: [string, string][] = Object.entries(options ?? {}).map(
    ([name, { type, meaning, default: value }]) => {
      const kind = type === "flag"
        ? ""
        : ` ${typeof type === "string" ? type.toUpperCase() : type.join("|")}`;
      return [`--${name}${kind}`, value === undefined ? meaning : `${meaning} (default: ${value})`];
    },
  );
  if (words) lines.unshift([words.name, words.meaning]);
  return [
    `deno task ${name}${words ? ` [${words.name} …]` : ""}${options ? " [options]" : ""}`,
    `${description}.`,
    ...details ? [details] : [],
    ...lines.length > 0 ? [aligned(lines)] : [],
    aligned(Object.entries(examples).map(([args, meaning]) => [`deno task ${args}`, meaning])),
  ].join("\n\n");
}

/** Pairs in two columns; what is too long for the left one has the right one below it. */
function aligned(pairs: [left: string, right: string][]): string {
  const widths = pairs.map(([left]) => left.length).filter((width) => width <= 50);
  const width = Math.max(...widths, 0);
  return pairs.map(([left, right]) =>
    `  ${left.padEnd(width)}${left.length > width ? `\n${" ".repeat(width + 2)}` : ""}  ${right}`
  ).join("\n");
}
