/**
 * What is measured: one row for each piece of work, ours against the same work elsewhere.
 *
 * To add a row, describe it here, do the work in `ours.ts` under the name in `ours`, and in the peer's program under
 * the names in `peers`.
 *
 * @module
 */
import { detectorNames, imageCounts } from "./detectors.ts";

/** A piece of work that both sides do. */
export interface Row {
  name: string;
  /** Of the figure: a rate (more is better) or a time (less is better). */
  unit: "images/s" | "GFLOP/s" | "ms";
  /** What one run amounts to, in the rate's numerator. */
  amount?: number;
  /** Pairs of processes that it is measured in, 5 where not given. */
  processes?: number;
  /** The work's name in ours.ts. */
  ours: string;
  /** The peer's program beside this file. */
  program: string;
  /** The work's names there, as many as it has ways; the fastest counts. */
  peers: string[];
}

const BATCH = 128, IMAGES = 500, storages = ["float32", "bfloat16"];
/** Images with channels first were never the faster. */
const pytorchWays = ["channels_last", "channels_last compiled"];
const product = { unit: "GFLOP/s", amount: 2 * 4096 ** 3 / 1e9 } as const;

export const rows: Row[] = [
  ...[32, 24].flatMap((side) =>
    storages.map((storage): Row => ({
      name: `ResNet-18, training step, ${side} × ${side} pixels, batch ${BATCH}, ${storage}`,
      unit: "images/s",
      processes: 1, // PyTorch compiles for a minute
      amount: BATCH,
      ours: `train ${storage} ${side}`,
      program: "pytorch.py",
      peers: pytorchWays.map((way) => `train ${storage} ${side} ${way}`),
    }))
  ),
  ...storages.map((storage): Row => ({
    name: `ResNet-18, inference, batch ${IMAGES}, ${storage}`,
    unit: "images/s",
    processes: 1, // PyTorch compiles for a minute
    amount: IMAGES,
    ours: `infer ${storage}`,
    program: "pytorch.py",
    peers: pytorchWays.map((way) => `infer ${storage} ${way}`),
  })),
  {
    name: "Perceptron 2-50-1, training step, batch 64, captured",
    unit: "ms",
    ours: "perceptron captured",
    program: "pytorch.py",
    peers: ["perceptron"],
  },
  {
    name: "Perceptron 2-50-1, training step, batch 64, operation by operation",
    unit: "ms",
    ours: "perceptron",
    program: "pytorch.py",
    peers: ["perceptron"],
  },
  {
    name: "Matrix product 4096³, float32",
    ...product,
    ours: "product float32",
    program: "pytorch.py",
    peers: ["product float32"],
  },
  {
    name: "Matrix product 4096³, bfloat16",
    ...product,
    ours: "product bfloat16",
    program: "pytorch.py",
    peers: ["product bfloat16"],
  },
  ...imageCounts.flatMap((count) =>
    detectorNames.map((name): Row => ({
      name: `Detection, ${name}, ${count} images`,
      unit: "ms",
      ours: `detect ${name} ${count}`,
      program: "detectors.py",
      peers: [`${name} ${count}`],
    }))
  ),
];
