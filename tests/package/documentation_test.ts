import { assertEquals } from "@std/assert";
import { relative } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { root } from "../../tasks/shared/environment.ts";
import { outcome } from "../../tasks/shared/task.ts";

/** Types of packages that signatures name; a reader finds them there. */
const FOREIGN = ["Markish", "PlotOptions", "ScaleOptions", "Variable", /Tensor(\dD)?/];
const foreign = new RegExp(
  `references private type '(${
    FOREIGN.map((it) => it instanceof RegExp ? it.source : it).join("|")
  })'`,
);

/** What `deno doc --lint` says of this project's own names, a line each. */
async function faults(): Promise<string[]> {
  const { output, errors } = await outcome(
    Deno.execPath(),
    ["doc", "--lint", ...Object.values(config.exports)],
    { cwd: root, env: { NO_COLOR: "1" } },
  );
  return [
    ...(output + errors).matchAll(/^error\[[\w-]+\]: (.*)\n +--> (.*)\n.*\n\s*\d+ \| (.*)$/gm),
  ]
    .map(([, fault, place, code]) => ({ fault, place: relative(root, place), code }))
    .filter(({ fault, place }) => place.startsWith("lib/") && !foreign.test(fault))
    // tfjs is passed on as it is, with the documentation that it has.
    .filter(({ code }) => !code.startsWith("import * as tf"))
    .map(({ fault, place }) => `${place} ${fault}`);
}

Deno.test("deno doc --lint finds every name of the package documented, and every type that it uses public", async () => {
  assertEquals(await faults(), []);
});
