/** A training run that takes a second: noise in three colours, and a narrow network. */
import { IMAGE_BYTES, type ImageSet } from "../../lib/data/images.ts";
import { seeded } from "../../lib/random.ts";
import { PRESETS, type TrainingSettings } from "../../lib/training/settings.ts";

export const SMALL = { width: 4, classes: 3 };

/** Noise around one of three colours. */
export function colours(count: number): ImageSet {
  const random = seeded(7);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const pixels = Uint8Array.from(
    { length: count * IMAGE_BYTES },
    (_, k) => random.integer(150) + (k % 3 === labels[Math.floor(k / IMAGE_BYTES)] ? 100 : 0),
  );
  return { name: "colours", labels, pixels };
}

export function smallSettings(changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return {
    ...PRESETS.default,
    width: SMALL.width,
    optimizer: "nesterov",
    earlyShare: 0,
    batchSize: 16,
    epochs: 3,
    learningRate: 0.05,
    ...changes,
  };
}
