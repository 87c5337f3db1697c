import { assert, assertEquals } from "@std/assert";
import { imageDataIsHere } from "../image_data.ts";
import { dataDirectory } from "../../lib/data/directory.ts";
import { outcome } from "../../tasks/shared/task.ts";

const program = new URL("../../tasks/data.ts", import.meta.url).pathname;
const data = (args: string[], env: Record<string, string> = {}) =>
  outcome(Deno.execPath(), ["run", "-A", "--no-check", program, ...args], { env });

Deno.test("deno task data explains itself, and refuses what it does not know", async () => {
  const help = await data(["--help"]);
  assert(help.success && help.output.startsWith("deno task data"));
  const unknown = await data(["--again"]);
  assert(!unknown.success && unknown.errors.includes("no option --again"), unknown.errors);
});

Deno.test("deno task data ends in a sentence where it cannot write", async () => {
  const { success, output, errors } = await data([], { DATA_DIR: "/proc/nothing" });
  assert(!success);
  assertEquals(output, "CIFAR-100: looking for it in /proc/nothing\n");
  assert(errors.trim().startsWith("Cannot write /proc/nothing"), errors);
  assert(!errors.includes(" at "), errors);
});

Deno.test({
  name: "deno task data leaves whole sets alone",
  ignore: !imageDataIsHere,
  async fn() {
    const { success, output, errors } = await data([], { DATA_DIR: dataDirectory() });
    assert(success, errors);
    for (const set of ["CIFAR-100", "CIFAR-10", "SVHN"]) {
      assert(output.includes(`${set} is already in ${dataDirectory()}`), output);
    }
  },
});
