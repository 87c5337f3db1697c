/**
 * Trains a narrow network by the course report's recipe and by others that differ in the optimizer, and keeps the logs.
 *
 * @module
 */
import { join } from "node:path";
import { DataFileError } from "../lib/data/files.ts";
import { path } from "./shared/environment.ts";
import { checkWritable } from "./shared/run_folder.ts";
import { exists, Problem, task } from "./shared/task.ts";

/** The arguments of `deno task train` for each recipe. */
const RECIPES = {
  adam: ["--preset", "course"],
  nesterov: ["--preset", "default", "--optimizer", "nesterov"],
  muon: ["--preset", "default", "--optimizer", "muon"],
};

interface Options {
  epochs: number;
  width: number;
  images?: number;
  runs?: string;
  output?: string;
  replace?: true;
}

async function compareOptimizers(
  {
    epochs,
    width,
    images,
    runs = path("data/runs"),
    output = path("data/resnet18-cifar100"),
    replace,
  }: Options,
): Promise<void> {
  const names = Object.keys(RECIPES),
    logOf = (name: string) => join(output, `narrow-${name}-log.json`);
  if (!replace && await exists(logOf(names[0]))) {
    throw new Problem(
      `${output} holds the logs of a comparison already: put new ones in their place by --replace, or elsewhere by --output`,
    );
  }
  await checkWritable(output);
  const size = ["--epochs", String(epochs), "--width", String(width)]
    .concat(images === undefined ? [] : ["--images", String(images)]);
  for (const [name, recipe] of Object.entries(RECIPES)) {
    const folder = join(runs, `narrow-${name}`);
    const resume = await exists(join(folder, "checkpoint.safetensors")) ? ["--resume"] : [];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        path("tasks/train.ts"),
        ...recipe,
        ...size,
        "--output",
        folder,
        ...resume,
      ],
    }).spawn().status;
    if (!success) {
      throw new Problem(
        `The run by ${name} stopped, for the reason above. Start this task again to go on, or with --runs to begin ` +
          "in another folder",
      );
    }
  }
  for (const name of names) {
    await Deno.copyFile(join(runs, `narrow-${name}`, "log.json"), logOf(name));
  }
}

await task(
  "compare-optimizers",
  {
    options: {
      epochs: { type: "number", default: 50, meaning: "passes over the images, by each optimizer" },
      width: { type: "number", default: 16, meaning: "channels of the network's first layer" },
      images: { type: "number", meaning: "train on the first so many images only" },
      runs: { type: "text", meaning: "the folder for the runs (default: data/runs)" },
      output: {
        type: "text",
        meaning: "the folder for the logs (default: data/resnet18-cifar100)",
      },
      replace: { type: "flag", meaning: "take the place of the logs that the folder holds" },
    },
    details:
      `Adam has the course's recipe, at a constant rate; the others have the recipe of the committed network. Each run is in a
folder of its own; one that was interrupted goes on where it was, and one of other settings is refused.`,
    examples: {
      "compare-optimizers": "the narrow network on all images",
      "compare-optimizers --epochs 2 --images 5000 --runs /tmp/runs --output /tmp": "a trial",
    },
  },
  compareOptimizers,
  DataFileError,
);
