import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { seeded } from "../../lib/random.ts";
import { saveCheckpoint } from "../../lib/training/checkpoint.ts";
import { PRESETS } from "../../lib/training/settings.ts";
import { outcome } from "../../tasks/shared/task.ts";
import { root } from "../../tasks/shared/environment.ts";
import { imageDataIsHere } from "../image_data.ts";

const train = (...args: string[]) =>
  outcome(Deno.execPath(), ["run", "-A", "--no-check", "tasks/train.ts", ...args], {
    cwd: root,
    env: { NO_COLOR: "1" },
  });

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A checkpoint without arrays: enough for what a task asks of it before it trains. */
function saveRun(folder: string, { step, epochs }: { step: number; epochs: number }) {
  const settings = { ...PRESETS.default, epochs, batchSize: 100 };
  const random = seeded(1).state(), current = { loss: 0, correct: 0, seconds: 0, precisions: [] };
  const done = Array.from({ length: Math.floor(step / 2) }, (_, k) => ({ epoch: k + 1 }));
  return saveCheckpoint(`${folder}/checkpoint.safetensors`, {
    arrays: {},
    order: new Int32Array(200),
    progress: { log: { settings, trainingImages: 200, epochs: done }, step, random, current },
  });
}

Deno.test("deno task train refuses a folder that holds a run, and says how to go on", () =>
  inFolder(async (folder) => {
    await saveRun(folder, { step: 2, epochs: 3 });
    const before = await Deno.readFile(`${folder}/checkpoint.safetensors`);
    const { success, output, errors } = await train("--output", folder);
    assertEquals([success, output], [false, ""]);
    assertMatch(errors, /holds a run already: go on with it by --resume, or .* by --output/);
    assertEquals(await Deno.readFile(`${folder}/checkpoint.safetensors`), before);
  }));

Deno.test("deno task train --resume names a missing, a damaged and a finished run", () =>
  inFolder(async (folder) => {
    const missing = await train("--resume", "--output", folder);
    assertStringIncludes(missing.errors, `${folder}/checkpoint.safetensors: there is no such file`);
    await saveRun(folder, { step: 6, epochs: 3 });
    const finished = await train("--resume", "--output", folder);
    assert(finished.success);
    assertStringIncludes(finished.output, "It is finished: all 3 epochs are done");
    const bytes = await Deno.readFile(`${folder}/checkpoint.safetensors`);
    bytes[bytes.length - 1] ^= 1;
    await Deno.writeFile(`${folder}/checkpoint.safetensors`, bytes);
    const damaged = await train("--resume", "--output", folder);
    assert(!damaged.success);
    assertStringIncludes(damaged.errors, `${folder}/checkpoint.safetensors is damaged`);
  }));

Deno.test("deno task train refuses at once what would fail after an epoch", {
  ignore: !imageDataIsHere,
}, () =>
  inFolder(async (folder) => {
    const few = await train("--images", "300", "--output", `${folder}/few`);
    assertMatch(
      few.errors,
      /two training images of each class, and of \w+ there (is|are) [01] among the 300/,
    );
    await Deno.writeTextFile(`${folder}/file`, "");
    const unwritable = await train("--output", `${folder}/file`);
    assert(!unwritable.success);
    assertStringIncludes(unwritable.errors, `Cannot write ${folder}/file/log.json`);
  }));
