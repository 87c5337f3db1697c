/**
 * What the committed ResNet-18 makes of the image sets: features, logits and training statistics, so that week 3 needs
 * neither images nor the network.
 *
 * @module
 */
import { join } from "node:path";
import { projectData } from "../data/directory.ts";
import { type Matrix, selectRows } from "../linear_algebra/mod.ts";
import type { NeuralCollapse } from "../metrics/neural_collapse.ts";
import { DataFileError, readFile } from "../data/files.ts";
import { seeded } from "../random.ts";
import type { Outputs, Training } from "./outputs.ts";
import {
  readSafetensors,
  type Safetensors,
  storedNumbers,
  storedTensor,
} from "../data/safetensors.ts";
import { stratifiedSplit } from "../data/stratified_split.ts";

/** Features (N × D) and logits (N × C) of N images with their labels. */
export type LabelledOutputs = Required<Outputs<Matrix>> & { readonly labels: Uint8Array };

/** The outputs of one network; features are N × D, logits N × C. */
export interface NetworkOutputs {
  /** 50 images a class, with the statistics of all training images and the last layer. */
  readonly training: Required<Training<Matrix>> & { readonly labels: Uint8Array };
  /** ViM's α and ReAct's threshold, from all training images. */
  readonly settings: { readonly vimAlpha: number; readonly reactThreshold: number };
  /** The CIFAR-100 test set. */
  readonly test: LabelledOutputs;
  /** The CIFAR-10 test set: near out-of-distribution. */
  readonly cifar10: Required<Outputs<Matrix>>;
  /** 1,083 SVHN crops, in file order, where neighbours come from one house number: far out-of-distribution. */
  readonly svhn: Required<Outputs<Matrix>>;
}

/** What only the images can tell. */
export interface FromImages {
  /** The network before its training. */
  readonly untrained: { readonly neuralCollapse: NeuralCollapse };
  /** Nearest neighbours among all training images, on all test images. */
  readonly nearestNeighbours: {
    readonly k: number;
    readonly trainingImages: number;
    readonly auroc: { readonly cifar10: number; readonly svhn: number };
  };
}

/** AUROCs of other implementations, fitted on the training sample; see tests/reference/other_implementations.py. */
export interface OtherImplementations {
  /** The first images of each set that were scored. */
  readonly count: number;
  /** The options of the detectors that have some. */
  readonly options: { readonly necoDimension: number; readonly k: number };
  /** The versions of the packages that computed them. */
  readonly versions: Readonly<Record<string, string>>;
  /** By detector, computed in float64 with NumPy. */
  readonly numpy: Readonly<Record<string, { cifar10: number; svhn: number }>>;
  /** By detector, computed by pytorch-ood. */
  readonly "pytorch-ood": OtherImplementations["numpy"];
}

const FOLDER: string = projectData("resnet18-cifar100");

/** Reads what only the images can tell. */
export async function readFromImages(): Promise<FromImages> {
  return JSON.parse(new TextDecoder().decode(await readFile(join(FOLDER, "from-images.json"))));
}

/** Reads the AUROCs of other implementations. */
export async function readOtherImplementations(): Promise<OtherImplementations> {
  const bytes = await readFile(join(FOLDER, "other-implementations.json"));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Reads the outputs at `path`, half precision widened to float64.
 *
 * @throws {DataFileError} where the file cannot be read, a tensor is missing or a label is none.
 */
export async function readNetworkOutputs(
  path: string = join(FOLDER, "outputs.safetensors"),
): Promise<NetworkOutputs> {
  const file = await readSafetensors(path);
  const outputs = (set: string) => ({
    features: stored(file, `${set}_features`),
    logits: stored(file, `${set}_logits`),
  });
  const labels = (set: string) => {
    const values = storedNumbers(file, `${set}_labels`);
    const odd = values.findIndex((it) => !(Number.isInteger(it) && it >= 0 && it < 256));
    if (odd < 0) return Uint8Array.from(values);
    throw new DataFileError(
      `${path}: ${set}_labels are whole numbers from 0 to 255, and entry ${odd} is ${values[odd]}`,
    );
  };
  return {
    training: {
      ...outputs("train"),
      labels: labels("train"),
      lastLayer: {
        weights: stored(file, "classifier_weight"),
        bias: storedNumbers(file, "classifier_bias"),
      },
      statistics: {
        counts: storedNumbers(file, "class_counts"),
        mean: storedNumbers(file, "mean"),
        classMeans: stored(file, "class_means"),
        withinClassCovariance: stored(file, "within_class_covariance"),
        totalCovariance: stored(file, "total_covariance"),
        withinClassVariances: storedNumbers(file, "within_class_variances"),
      },
    },
    settings: {
      vimAlpha: storedNumbers(file, "vim_alpha")[0],
      reactThreshold: storedNumbers(file, "react_threshold")[0],
    },
    test: { ...outputs("test"), labels: labels("test") },
    cifar10: outputs("cifar10"),
    svhn: outputs("svhn"),
  };
}

/**
 * The test images in two: 1,000, ten of each class, to choose temperatures and thresholds on, and the rest, which every
 * reported number is of. The split is always the same one.
 */
export function splitTest(
  test: LabelledOutputs,
): { validation: LabelledOutputs; reported: LabelledOutputs } {
  const { held, rest } = stratifiedSplit(test.labels, { count: 1000, random: seeded(3) });
  return { validation: selectOutputs(test, held), reported: selectOutputs(test, rest) };
}

/** The outputs of the images at `indices`, in that order, with labels in an array of the kind that they are in. */
export function selectOutputs(
  { features, logits, labels }: LabelledOutputs,
  indices: ArrayLike<number>,
): LabelledOutputs {
  const selected = new (labels.constructor as Uint8ArrayConstructor)(indices.length);
  for (let k = 0; k < indices.length; k++) selected[k] = labels[indices[k]];
  return {
    features: selectRows(features, indices),
    logits: selectRows(logits, indices),
    labels: selected,
  };
}

function stored(file: Safetensors, name: string): Matrix {
  const { shape: [rows, columns] } = storedTensor(file, name, { shape: [-1, -1] });
  return { rows, columns, data: storedNumbers(file, name) };
}
