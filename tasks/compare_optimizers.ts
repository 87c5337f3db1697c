/**
 * Trains with Adam as in the course report and with SGD, on the same 10,000 images for as many epochs, and keeps both logs.
 *
 * @module
 */
import { path } from "./shared/environment.ts";
import { exists, Problem, task } from "./shared/task.ts";

async function compareOptimizers({ epochs }: { epochs: number }): Promise<void> {
  for (const [preset, name] of [["course", "adam"], ["default", "sgd"]]) {
    const output = path(`data/runs/${name}-subset`);
    const resume = await exists(`${output}/checkpoint.safetensors`) ? ["--resume"] : [];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", path("tasks/train.ts"), "--preset", preset, "--images", "10000"]
        .concat(["--epochs", String(epochs), "--output", output, ...resume]),
    }).spawn().status;
    if (!success) throw new Problem(`The ${preset} run stopped: start this task again to go on`);
    await Deno.copyFile(
      `${output}/log.json`,
      path(`data/resnet18-cifar100/${name}-subset-log.json`),
    );
  }
}

await task("compare-optimizers", {
  options: {
    epochs: { type: "number", default: 8, meaning: "passes over the images, of each optimizer" },
  },
  details: "A run that was interrupted goes on where it was.",
  examples: { "compare-optimizers --epochs 30": "30 epochs each" },
}, compareOptimizers);
