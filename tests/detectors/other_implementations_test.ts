import { assertAlmostEquals } from "@std/assert";
import { readNetworkOutputs, readOtherImplementations } from "../../lib/outputs/network_outputs.ts";
import "../../lib/native.ts";
import { compareDetectors } from "../../lib/detectors/comparison.ts";

const data = new URL("../../data/resnet18-cifar100/other-implementations.json", import.meta.url);

Deno.test({
  name: "every detector's AUROC is NumPy's to 1e-9 and pytorch-ood's to 1e-4",
  ignore: !await Deno.stat(data).then(() => true, () => false),
  async fn() {
    for (
      const row of compareDetectors(await readNetworkOutputs(), await readOtherImplementations())
    ) {
      for (const set of ["cifar10", "svhn"] as const) {
        assertAlmostEquals(row.ours[set], row.numpy[set], 1e-9, `${row.name} on ${set}`);
        if (!row.pytorchOod) continue;
        assertAlmostEquals(row.ours[set], row.pytorchOod[set], 1e-4, `${row.name} on ${set}`);
      }
    }
  },
});
