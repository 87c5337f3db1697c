/**
 * Trains with Adam as in the course report and with SGD, on the same 10,000 images for as many epochs, and keeps both logs
 * for week 3:
 *
 *     deno task compare-optimizers              8 epochs each
 *     deno task compare-optimizers --epochs 30
 *
 * A run that was interrupted goes on where it was.
 */
import { path } from "./shared/environment.ts";
import { readOptions } from "./shared/options.ts";
import { exists, Problem, task } from "./shared/task.ts";

await task(async () => {
  const { epochs } = await readOptions(import.meta.url, {
    epochs: { type: "string", default: "8" },
  });
  for (const [preset, name] of [["course", "adam"], ["default", "sgd"]]) {
    const output = path(`data/runs/${name}-subset`);
    const resume = await exists(`${output}/checkpoint.safetensors`) ? ["--resume"] : [];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path("tasks/train.ts"), "--preset", preset, "--images", "10000"]
        .concat(["--epochs", epochs, "--output", output, ...resume]),
    }).spawn().status;
    if (!success) throw new Problem(`The ${preset} run stopped: start this task again to go on`);
    await Deno.copyFile(
      `${output}/log.json`,
      path(`data/resnet18-cifar100/${name}-subset-log.json`),
    );
  }
});
