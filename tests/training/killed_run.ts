/** A small run that saves after every step: killed and resumed by tests/training/kill_test.ts. */
import { writeFileAtomically } from "../../lib/data/files.ts";
import { formatSafetensors } from "../../lib/data/safetensors.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { storedWeights } from "../../lib/resnet/weights.ts";
import { seeded } from "../../lib/random.ts";
import { train } from "../../lib/training/trainer.ts";
import { colours, SMALL, smallSettings } from "./small_run.ts";

const [folder, ...flags] = Deno.args;
const network = new ResNet18(seeded(1), SMALL);
await train(network, colours(64), {
  settings: smallSettings({ epochs: 25 }),
  checkpoint: `${folder}/checkpoint`,
  checkpointSeconds: 0,
  resume: flags.includes("--resume") ? `${folder}/checkpoint` : undefined,
});
await writeFileAtomically(`${folder}/weights`, formatSafetensors(storedWeights(network)));
