/**
 * What every task shares: commands, and faults told in a sentence.
 *
 * @module
 */
import { type Option, readCommandLine, type Usage, UsageError, type Values } from "./options.ts";

/** A fault that its user can repair; the message says how. */
export class Problem extends Error {}

/**
 * Runs the task `name` of deno.json with what the command line gives it; `--help` prints its usage instead. A
 * {@linkcode Problem}, or an error of the kinds `expected`, ends it with its sentence and exit code 1, without a stack.
 */
export async function task<const Options extends Record<string, Option>>(
  name: string,
  usage: Usage<Options>,
  run: (values: Values<Options>, words: string[]) => void | Promise<void>,
  ...expected: (new (message?: string) => Error)[]
): Promise<void> {
  try {
    const line = readCommandLine(name, usage, Deno.args);
    if ("help" in line) console.log(line.help);
    else await run(line.values, line.words);
  } catch (error) {
    if (![Problem, UsageError, ...expected].some((kind) => error instanceof kind)) throw error;
    console.error(`\n${(error as Error).message}`);
    Deno.exit(1);
  }
}

/** What a command printed, and whether it ended well. */
export interface Outcome {
  success: boolean;
  output: string;
  errors: string;
}

/** Runs a command and collects what it prints. */
export async function outcome(
  command: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<Outcome> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, ...options })
    .output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, output, errors };
}

/** Whether `path` exists; a link that leads nowhere does not. */
export async function exists(path: string | URL): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
