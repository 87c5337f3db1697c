import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { readCifar } from "../../lib/data/cifar.ts";
import { firstImages, IMAGE_BYTES } from "../../lib/data/images.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { seeded } from "../../lib/random.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import { fillBatch } from "../../lib/data/batches.ts";
import { DivergedError } from "../../lib/training/checkpoint.ts";
import { PRESETS, type TrainingSettings } from "../../lib/training/settings.ts";
import { optimizerOf, trainingStep } from "../../lib/training/step.ts";
import {
  describeProgress,
  readRunLog,
  train,
  type TrainingProgress,
} from "../../lib/training/trainer.ts";
import { imageDataIsHere } from "../image_data.ts";
import { colours, SMALL, smallSettings as settings } from "./small_run.ts";
import pytorch from "../reference/resnet_pytorch.json" with { type: "json" };

function weightsOf({ parameters, statistics }: ResNet18): Map<string, Float32Array> {
  return new Map(
    [...parameters, ...statistics].map(([name, array]) => [name, array.dataSync<"float32">()]),
  );
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const optimizer of ["sgd", "adam"] as const) {
  Deno.test(`train() resumed after any step equals an uninterrupted run, with ${optimizer}`, () =>
    inFolder(async (folder) => {
      const images = colours(70), checkpoint = join(folder, "checkpoint");
      const before = { settings: settings(), trainingImages: 3, epochs: [] };
      const options = { settings: settings({ optimizer }), before, checkpoint, checkpointSteps: 1 };
      const whole = new ResNet18(seeded(1), SMALL);
      const log = await train(whole, images, { settings: options.settings });
      for (const stopAt of [1, 4, 7]) {
        const first = new ResNet18(seeded(1), SMALL);
        let steps = 0;
        const onProgress = () => {
          if (++steps === stopAt + 1) throw new Error("stopped");
        };
        await assertRejects(
          () => train(first, images, { ...options, onProgress }),
          Error,
          "stopped",
        );
        assertEquals((await readRunLog(checkpoint)).settings, options.settings);
        const second = new ResNet18(seeded(99), SMALL);
        const resumed = await train(second, images, {
          ...options,
          before: undefined,
          resume: checkpoint,
        });
        assertEquals(resumed.before, before);
        assertEquals(weightsOf(second), weightsOf(whole));
        assertEquals(resumed.epochs.map((it) => it.training), log.epochs.map((it) => it.training));
        for (const network of [first, second]) network.dispose();
      }
      whole.dispose();
    }));
}

Deno.test("train() of more epochs, resumed where the rate began to fall, equals one that was always longer", () =>
  inFolder(async (folder) => {
    const images = colours(70), beforeCoolDown = join(folder, "before-cool-down");
    const longer = settings({ epochs: 6 });
    const [short, whole, resumed] = [1, 1, 99].map((seed) => new ResNet18(seeded(seed), SMALL));
    await train(short, images, { settings: settings(), beforeCoolDown });
    await train(whole, images, { settings: longer });
    await train(resumed, images, { settings: longer, resume: beforeCoolDown });
    assertEquals(weightsOf(resumed), weightsOf(whole));
    for (const network of [short, whole, resumed]) network.dispose();
  }));

Deno.test("train() leaves frozen stages as they are, and resumes exactly with them", () =>
  inFolder(async (folder) => {
    const images = colours(70), checkpoint = join(folder, "checkpoint");
    for (const frozenStages of [1, 4]) {
      const options = { settings: settings({ frozenStages }), checkpoint, checkpointSteps: 1 };
      const network = new ResNet18(seeded(1), SMALL), before = weightsOf(network);
      await train(network, images, { settings: options.settings });
      for (const [name, values] of weightsOf(network)) {
        const stage = name.startsWith("fc") ? 5 : Number(name.match(/^layer(.)/)?.[1] ?? 1);
        const same = values.every((value, k) => value === before.get(name)![k]);
        assertEquals(same, stage <= frozenStages, name);
      }
      const stopped = new ResNet18(seeded(1), SMALL), resumed = new ResNet18(seeded(1), SMALL);
      const onProgress = ({ epoch }: TrainingProgress) => {
        if (epoch === 2) throw new Error("stopped");
      };
      await assertRejects(() => train(stopped, images, { ...options, onProgress }), Error, "stop");
      await train(resumed, images, { ...options, resume: checkpoint });
      assertEquals(weightsOf(resumed), weightsOf(network));
      for (const it of [network, stopped, resumed]) it.dispose();
    }
  }));

Deno.test("train() learns three colours and frees its tensors", async () => {
  const before = tf.memory().numTensors;
  const network = new ResNet18(seeded(1), SMALL);
  const seen: TrainingProgress[] = [];
  const { epochs } = await train(network, colours(150), {
    settings: settings({ epochs: 4 }),
    measure: (_, epoch) => epoch * 10,
    onProgress: (it) => seen.push(it),
  });
  assertEquals(epochs.map(({ epoch, measured }) => [epoch, measured]), [
    [1, 10],
    [2, 20],
    [3, 30],
    [4, 40],
  ]);
  assert(epochs[3].training.accuracy > 0.9, `accuracy ${epochs[3].training.accuracy}`);
  assertEquals(seen.length, 36);
  assert(seen.every((it) => it.imagesPerSecond > 0) && seen[35].secondsLeft === 0);
  assertStringIncludes(
    describeProgress({ ...seen[35], training: { loss: 0.5, accuracy: 0.75 }, secondsLeft: 600 }),
    "epoch 4/4, step 9/9: loss 0.500, accuracy 75.0%",
  );
  network.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("train() stops a diverging run, names step and checkpoint, and keeps the last good one", () =>
  inFolder(async (folder) => {
    const images = colours(64), checkpoint = join(folder, "checkpoint");
    const network = new ResNet18(seeded(1), SMALL);
    const options = { checkpoint, checkpointSteps: 1, settings: settings({ learningRate: 1e30 }) };
    const error = await assertRejects(() => train(network, images, options), DivergedError);
    assertStringIncludes(error.message, checkpoint);
    network.dispose();
  }));

Deno.test("train() refuses settings that are unusable or differ from the checkpoint's", () =>
  inFolder(async (folder) => {
    const images = colours(32), checkpoint = join(folder, "checkpoint");
    const network = new ResNet18(seeded(1), SMALL);
    const wrong: [Partial<TrainingSettings>, string][] = [
      [{ epochs: 0 }, "epochs"],
      [{ learningRate: NaN }, "learningRate"],
      [{ batchSize: 33 }, "fewer than one batch"],
      [{ optimizer: "lamb" as "sgd" }, "sgd or adam"],
    ];
    for (const [changes, message] of wrong) {
      await assertRejects(
        () => train(network, images, { settings: settings(changes) }),
        RangeError,
        message,
      );
    }
    await train(network, images, { settings: settings({ epochs: 1 }), checkpoint });
    await assertRejects(
      () => train(network, images, { settings: settings(), resume: checkpoint }),
      RangeError,
      "epochs",
    );
    await assertRejects(
      () =>
        train(network, colours(48), {
          settings: settings({ epochs: 1 }),
          resume: checkpoint,
        }),
      RangeError,
      "48 images",
    );
    network.dispose();
  }));

Deno.test({
  name: "trainingStep() parts from PyTorch no faster than PyTorch does from itself, on CIFAR-100",
  ignore: !imageDataIsHere,
  async fn() {
    const network = new ResNet18(seeded(1), { width: pytorch.width });
    const step = trainingStep(network, optimizerOf(network, PRESETS.default), PRESETS.default);
    const images = firstImages(await readCifar("CIFAR-100 training"), 4000);
    const batch = new Float32Array(50 * IMAGE_BYTES);
    // A rectifier that changes sides by a rounding error changes its gradient: runs of PyTorch whose weights differ by
    // 2⁻²⁰ part, too.
    let ours = 0, theirs = 1e-6;
    pytorch.losses.forEach((expected, k) => {
      const indices = Int32Array.from({ length: 50 }, (_, i) => 50 * k + i);
      fillBatch(batch, { images, indices });
      const { loss } = step(batch, Int32Array.from(indices, (i) => images.labels[i]), 0.01);
      ours = Math.max(ours, Math.abs(loss - expected));
      theirs = Math.max(theirs, ...pytorch.perturbedLosses.map((it) => Math.abs(it[k] - expected)));
      assert(ours <= 3 * theirs, `step ${k + 1}: ${ours}, PyTorch itself ${theirs}`);
    });
    network.dispose();
  },
});
