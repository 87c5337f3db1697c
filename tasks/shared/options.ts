/**
 * What a task was asked for on the command line.
 *
 * @module
 */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { Problem } from "./task.ts";

/**
 * The values given to `options`. `--help` prints the comment that heads the task's file `url`, and ends the task.
 *
 * @throws {Problem} with that comment, where an option is not one of `options` or lacks its value.
 */
export async function readOptions<const Options extends ParseArgsOptionsConfig>(
  url: string,
  options: Options,
) {
  try {
    if (!Deno.args.includes("--help")) return parseArgs({ options }).values;
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${await headComment(url)}`);
  }
  console.log(await headComment(url));
  Deno.exit(0);
}

async function headComment(url: string): Promise<string> {
  const source = await Deno.readTextFile(new URL(url));
  return source.match(/^\/\*\*\n(.*?)\n \*\//s)![1].replaceAll(/^ \* ?/gm, "");
}
