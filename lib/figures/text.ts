/**
 * Text that every format of the report can hold.
 *
 * @module
 */

/**
 * `text` with U+FFFD in place of what no XML file may hold: control characters but tabs and line ends, lone surrogates
 * and the noncharacters U+FFFE and U+FFFF. Line ends become "\n".
 *
 * Source: XML 1.0, fifth edition, production 2.
 * @example
 * ```ts
 * import { printable } from "./text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printable("red\u001b[0m\r\n"), "red\ufffd[0m\n");
 * ```
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n")
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, "\ufffd");
}
