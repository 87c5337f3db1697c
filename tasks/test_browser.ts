/**
 * Builds the site and tests it in a real browser; where none is installed, the tests are skipped and counted.
 *
 * @module
 */
import { root } from "./shared/environment.ts";
import { task } from "./shared/task.ts";
import { setUp } from "./setup.ts";

await task("test:browser", {
  examples: {
    "test:browser": "with Chromium (Debian: apt-get install chromium), or what CHROME names",
  },
}, async () => {
  await setUp();
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-P", "--no-check", "--no-prompt", "tests/browser/site.ts"],
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exit(code);
});
