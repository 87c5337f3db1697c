/**
 * Writes the checkpoint that every later version must be able to go on from, as long runs outlive versions:
 *
 *     deno run -A tests/reference/checkpoint.ts tests/reference/checkpoint.safetensors
 *
 * A run of `small_run.ts` by Muon, stopped in the middle of its second epoch. Made anew only where the format of checkpoints
 * or the settings are meant to change, and no run is under way.
 */
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { seeded } from "../../lib/random.ts";
import { train } from "../../lib/training/trainer.ts";
import { colours, smallSettings } from "../training/small_run.ts";

const width = 1, epochs = 3;
const network = new ResNet18(seeded(1), { width, classes: 3 });
const stopped = new Error("stopped");
try {
  await train(network, colours(70), {
    settings: smallSettings({
      width,
      epochs,
      optimizer: "muon",
      filterRate: 0.05,
      earlyShare: 0.5,
    }),
    checkpoint: Deno.args[0],
    checkpointSeconds: 0,
    onProgress: ({ epoch, step }) => {
      if (epoch === 2 && step === 3) throw stopped;
    },
  });
} catch (error) {
  if (error !== stopped) throw error;
}
