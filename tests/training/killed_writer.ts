/** Writes files of numbered content to one path, one after the other, until it is killed. */
import { writeSafetensors } from "../../lib/data/safetensors.ts";

for (let n = 1;; n++) {
  const values = new Float32Array(500_000).fill(n);
  await writeSafetensors(Deno.args[0], [["n", { shape: [values.length], values }]]);
  console.log(n);
}
