import { assertEquals, assertRejects } from "@std/assert";
import { DataFileError } from "../../lib/data/files.ts";
import { readNetworkOutputs, selectOutputs } from "../../lib/outputs/network_outputs.ts";
import { type StoredTensor, writeSafetensors } from "../../lib/data/safetensors.ts";

const N = 3, D = 2, C = 2;
const tensor = (shape: number[], values = new Float64Array(shape.reduce((a, b) => a * b))) =>
  ({ shape, values }) as StoredTensor;
const half = (rows: number, columns: number): StoredTensor => ({
  shape: [rows, columns],
  values: Float16Array.from({ length: rows * columns }, (_, k) => k / 4),
});
const tensors: [string, StoredTensor][] = [
  ...["train", "test", "cifar10", "svhn"].flatMap((set): [string, StoredTensor][] => [
    [`${set}_features`, half(N, D)],
    [`${set}_logits`, half(N, C)],
  ]),
  ...["train", "test"].map((set): [string, StoredTensor] => [
    `${set}_labels`,
    { shape: [N], values: Uint8Array.of(0, 1, 1) },
  ]),
  ["classifier_weight", tensor([C, D])],
  ["classifier_bias", tensor([C])],
  ["class_counts", tensor([C])],
  ["mean", tensor([D])],
  ["class_means", tensor([C, D])],
  ["within_class_covariance", tensor([D, D])],
  ["total_covariance", tensor([D, D])],
  ["within_class_variances", tensor([C])],
  ["vim_alpha", tensor([1], Float64Array.of(2.5))],
  ["react_threshold", tensor([1], Float64Array.of(0.75))],
];

Deno.test("readNetworkOutputs() widens half precision exactly and keeps the order of images", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await writeSafetensors(path, tensors);
    const { training, test, settings } = await readNetworkOutputs(path);
    assertEquals(test.features, {
      rows: N,
      columns: D,
      data: Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25),
    });
    assertEquals([...training.labels], [0, 1, 1]);
    assertEquals(settings, { vimAlpha: 2.5, reactThreshold: 0.75 });
    await writeSafetensors(path, tensors.filter(([name]) => name !== "svhn_logits"));
    await assertRejects(() => readNetworkOutputs(path), DataFileError, "svhn_logits");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readNetworkOutputs() reads labels of 64 bits and refuses those that would be cut off", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  const labelled = (values: BigInt64Array<ArrayBuffer>) =>
    tensors.map(([name, tensor]): [string, StoredTensor] =>
      name === "test_labels" ? [name, { shape: [N], values }] : [name, tensor]
    );
  try {
    await writeSafetensors(path, labelled(BigInt64Array.of(0n, 1n, 1n)));
    assertEquals((await readNetworkOutputs(path)).test.labels, Uint8Array.of(0, 1, 1));
    await writeSafetensors(path, labelled(BigInt64Array.of(0n, 999n, 1n)));
    await assertRejects(() => readNetworkOutputs(path), DataFileError, "entry 1 is 999");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("selectOutputs() keeps labels of every size", () => {
  const features = { rows: 2, columns: 1, data: Float64Array.of(1, 2) };
  const labels = Int32Array.of(7, 999) as unknown as Uint8Array;
  const selected = selectOutputs({ features, logits: features, labels }, [1, 0]);
  assertEquals([...selected.labels], [999, 7]);
});
