import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { readCifar } from "../../lib/data/cifar.ts";
import { firstImages, IMAGE_BYTES } from "../../lib/data/images.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { seeded } from "../../lib/random.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import { fillBatch } from "../../lib/data/batches.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { DivergedError, readCheckpoint, saveCheckpoint } from "../../lib/training/checkpoint.ts";
import { readRunLog, runOf } from "../../lib/training/run.ts";
import { PRESETS, type TrainingSettings } from "../../lib/training/settings.ts";
import { optimizerOf, trainingStep } from "../../lib/training/step.ts";
import { describeProgress, train, type TrainingProgress } from "../../lib/training/trainer.ts";
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

const RUNS: [string, Partial<TrainingSettings>][] = [
  ["nesterov", {}],
  ["adam", { optimizer: "adam" }],
  ["muon and small images", {
    optimizer: "muon",
    filterRate: 0.05,
    earlySide: 16,
    earlyShare: 1 / 3,
  }],
];
for (const [name, changes] of RUNS) {
  Deno.test(`train() resumed after any step equals an uninterrupted run, with ${name}`, () =>
    inFolder(async (folder) => {
      const images = colours(70), checkpoint = join(folder, "checkpoint");
      const options = { settings: settings(changes), checkpoint, checkpointSeconds: 0 };
      const whole = new ResNet18(seeded(1), SMALL);
      const log = await train(whole, images, { settings: options.settings });
      for (const stopAt of [0, 1, 4, 7]) {
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
        const resumed = await train(second, images, { ...options, resume: checkpoint });
        assertEquals(weightsOf(second), weightsOf(whole));
        assertEquals(resumed.epochs.map((it) => it.training), log.epochs.map((it) => it.training));
        for (const network of [first, second]) network.dispose();
      }
      whole.dispose();
    }));
}

Deno.test("train() goes on in another precision, and the log says which each epoch had", () =>
  inFolder(async (folder) => {
    const images = colours(70), checkpoint = join(folder, "checkpoint");
    const network = new ResNet18(seeded(1), SMALL);
    const options = { checkpoint, checkpointSeconds: 0 };
    const onProgress = ({ epoch, step }: TrainingProgress) => {
      if (epoch === 2 && step === 2) throw new Error("stopped");
    };
    await assertRejects(() =>
      train(network, images, { ...options, settings: settings(), onProgress })
    );
    const { epochs, settings: last } = await train(network, images, {
      ...options,
      settings: settings({ precision: "bfloat16" }),
      resume: checkpoint,
    });
    assertEquals(epochs.map((it) => it.precisions), [
      ["float32"],
      ["float32", "bfloat16"],
      ["bfloat16"],
    ]);
    assertEquals(last.precision, "bfloat16");
    network.dispose();
  }));

Deno.test("train() goes on from a checkpoint of an earlier version", async () => {
  const resume = new URL("../reference/checkpoint.safetensors", import.meta.url).pathname;
  const { settings } = await readRunLog(resume);
  const networks = [1, 2].map((seed) => new ResNet18(seeded(seed), { width: 1, classes: 3 }));
  const [whole, resumed] = networks;
  const expected = await train(whole, colours(70), { settings });
  const log = await train(resumed, colours(70), { settings, resume });
  // Not bit by bit, as the checkpoint may be of another processor.
  log.epochs.forEach(({ training }, k) =>
    assertAlmostEquals(training.loss, expected.epochs[k].training.loss, 1e-3)
  );
  for (const network of networks) network.dispose();
});

Deno.test("train() refuses a damaged checkpoint by name, and one whose record is not usable", () =>
  inFolder(async (folder) => {
    const images = colours(70), checkpoint = join(folder, "checkpoint");
    const network = new ResNet18(seeded(1), SMALL);
    const options = { settings: settings({ epochs: 1 }), resume: checkpoint };
    await train(network, images, { settings: options.settings, checkpoint });
    const bytes = await Deno.readFile(checkpoint);
    const refuses = async (changed: Uint8Array, message: string) => {
      await Deno.writeFile(checkpoint, changed);
      const error = await assertRejects(
        () => train(network, images, options),
        DataFileError,
        message,
      );
      assertStringIncludes(error.message, checkpoint);
    };
    // One bit of a weight, in the middle of the file; the digit of a loss in its record.
    await refuses(bytes.map((byte, i) => i === bytes.length >> 1 ? byte ^ 1 : byte), "checksum");
    const text = new TextDecoder("latin1").decode(bytes), digit = text.indexOf("loss") + 8;
    await refuses(bytes.map((byte, i) => i === digit ? byte ^ 1 : byte), "checksum");
    await refuses(bytes.subarray(0, bytes.length - 4), "not a whole safetensors file");
    const { order, progress } = await readCheckpoint(
      (await Deno.writeFile(checkpoint, bytes), checkpoint),
    );
    const saved = progress as Record<string, unknown>;
    for (
      const [changes, message] of [
        [{ step: 1.5 }, "step is a whole number"],
        [{ step: 3 }, "the count of epochs"],
        [{ random: [1, 2] }, "random has 4 entries"],
        [{ current: {} }, "the sums holds numbers"],
        [{ log: { ...saved.log as object, settings: { epochs: 1 } } }, "width"],
      ] as const
    ) {
      await saveCheckpoint(checkpoint, { arrays: {}, order, progress: { ...saved, ...changes } });
      await refuses(await Deno.readFile(checkpoint), message);
    }
    network.dispose();
  }));

Deno.test("a checkpoint in which any byte is changed, or which is cut, is refused by name", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint"), random = seeded(8);
    const bytes = await Deno.readFile(
      new URL("../reference/checkpoint.safetensors", import.meta.url),
    );
    const header = 8 + new DataView(bytes.buffer).getUint32(0, true);
    for (let k = 0; k < 300; k++) {
      // A third in the header, a third anywhere, a third cut.
      const at = random.integer(k % 3 === 0 ? header : bytes.length);
      const mutant = k % 3 === 2 ? bytes.slice(0, at) : bytes.slice();
      if (k % 3 !== 2) mutant[at] ^= 1 << random.integer(8);
      await Deno.writeFile(path, mutant);
      const error = await assertRejects(
        async () => runOf(await readCheckpoint(path)),
        DataFileError,
      );
      assertStringIncludes(error.message, path);
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
    "epoch 4 of 4, step 9 of 9: loss 0.50, accuracy 75.0%",
  );
  network.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("train() stops a diverging run, names step and checkpoint, and keeps the last good one", () =>
  inFolder(async (folder) => {
    const images = colours(64), checkpoint = join(folder, "checkpoint");
    const network = new ResNet18(seeded(1), SMALL);
    const options = {
      checkpoint,
      checkpointSeconds: 0,
      settings: settings({ learningRate: 1e30 }),
    };
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
      [{ optimizer: "sgd" as "adam" }, '"nesterov" or "muon" or "adam", got "sgd"'],
      [{ width: 8 }, "The network has the width 4, the settings say 8"],
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
    const settings = { ...PRESETS.default, optimizer: "nesterov" as const, labelSmoothing: 0.1 };
    const step = trainingStep(network, optimizerOf(network, settings), settings);
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
