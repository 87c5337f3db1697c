/**
 * What every task shares: commands, and faults told in a sentence.
 *
 * @module
 */

/** A fault that its user can mend; the message says how. */
export class Problem extends Error {}

/**
 * Runs a task. A {@linkcode Problem}, or an error of the kinds `mendable`, ends it with its sentence and exit code 1, without a
 * stack.
 */
export async function task(
  run: () => Promise<void>,
  ...mendable: (new (message?: string) => Error)[]
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (![Problem, ...mendable].some((kind) => error instanceof kind)) throw error;
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
