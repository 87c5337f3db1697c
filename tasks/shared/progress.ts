/**
 * How far a long task has come.
 *
 * @module
 */

const MILLISECONDS = 2500;
const encoder = new TextEncoder();

/**
 * Prints what it is called with, at most every 2.5 seconds unless `always`; in a terminal, each line takes the place of the
 * one before it, unless that was for `always`.
 */
export function progressLines(): (line: string, options?: { always?: boolean }) => void {
  const terminal = Deno.stdout.isTerminal();
  let printed = -Infinity;
  return (line, { always = false } = {}) => {
    if (!always && performance.now() - printed < MILLISECONDS) return;
    printed = performance.now();
    const text = terminal ? `\r\x1b[K${line}${always ? "\n" : ""}` : `${line}\n`;
    Deno.stdout.writeSync(encoder.encode(text));
  };
}
