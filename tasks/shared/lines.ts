/**
 * What a program prints, line by line.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** The lines of `stream`, as they come. */
export function linesOf(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  // deno-lint-ignore no-explicit-any -- the types of the web's streams and of Node's are not the same
  return createInterface({ input: Readable.fromWeb(stream as any) });
}
