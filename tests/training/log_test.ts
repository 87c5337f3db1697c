import { assertEquals, assertRejects } from "@std/assert";
import { DataFileError } from "../../lib/data/files.ts";
import {
  allEpochs,
  type EpochRecord,
  readTrainingLog,
  runsOf,
  type TrainingLog,
} from "../../lib/training/log.ts";
import { PRESETS } from "../../lib/training/settings.ts";

const record = (epoch: number, measured?: string): EpochRecord<string> => ({
  epoch,
  measured,
  training: { loss: 1, accuracy: 0.5 },
  learningRate: 0.1,
  side: 32,
  precisions: ["float32"],
  imagesPerSecond: 60,
});
const first: TrainingLog<string> = {
  settings: { ...PRESETS.default, epochs: 2 },
  trainingImages: 10,
  epochs: [record(1, "a"), record(2)],
};

Deno.test("allEpochs() numbers all runs through and gives the measured epochs, runsOf() begins with the first", () => {
  const settings = { ...PRESETS.default, epochs: 1 };
  const second = { ...first, settings, epochs: [record(1, "c")], before: first };
  const third = { ...first, settings, epochs: [record(1, "d")], before: second };
  assertEquals<unknown>(runsOf(third), [
    { ...first, epochs: first.epochs.slice(0, 1) },
    second,
    third,
  ]);
  assertEquals(allEpochs(first), first.epochs.slice(0, 1));
  assertEquals(
    allEpochs(third).map(({ epoch, measured }) => `${epoch}${measured}`),
    ["1a", "3c", "4d"],
  );
});

Deno.test("readTrainingLog() reads the log of a folder, and refuses what is none", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/log.json`, JSON.stringify(first));
  await Deno.writeTextFile(`${folder}/empty.json`, JSON.stringify({ ...first, epochs: [] }));
  assertEquals(
    await readTrainingLog<string>("log.json", { folder }),
    JSON.parse(JSON.stringify(first)),
  );
  for (const name of ["empty.json", "missing.json"]) {
    await assertRejects(() => readTrainingLog(name, { folder }), DataFileError, name);
  }
  await Deno.remove(folder, { recursive: true });
});
