/**
 * How far a long task has come.
 *
 * @module
 */

import type { ImageSet } from "../../lib/data/images.ts";
import { outputsOf } from "../../lib/resnet/outputs.ts";
import type { ResNet18 } from "../../lib/resnet/resnet.ts";

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

/** `outputsOf` for `network`, which prints how many images are done; `when` is added to the set's name. */
export function withProgress(network: ResNet18) {
  const say = progressLines();
  return (images: ImageSet, when = "") => {
    const name = `${images.name} ${when}`.trim(), count = images.labels.length;
    const line = (done: number) =>
      `${name}: ${done.toLocaleString("en")} of ${count.toLocaleString("en")} images`;
    say(line(0));
    const outputs = outputsOf(network, images, { onProgress: (done) => say(line(done)) });
    say(line(count), { always: true });
    return outputs;
  };
}
