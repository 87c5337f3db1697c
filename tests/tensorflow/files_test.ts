import { assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../lib/tensorflow/mod.ts";

Deno.test("a layers model saved to a file is loaded as it was, also where the path has spaces", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ä model " });
  try {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    const x = tf.tensor2d([[1, 2, 3]]), expected = (model.predict(x) as tf.Tensor).arraySync();
    for (const url of [`file://${folder}/plain`, new URL(`file://${folder}/encoded`).href]) {
      await model.save(url);
      const loaded = await tf.loadLayersModel(`${url}/model.json`);
      assertEquals((loaded.predict(x) as tf.Tensor).arraySync(), expected);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "encoded",
      "plain",
    ]);
    await assertRejects(
      () => tf.loadLayersModel(`file://${folder}/no/model.json`),
      Error,
      "does not exist",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
