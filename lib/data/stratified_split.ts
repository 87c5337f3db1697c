/**
 * A seeded split that keeps the share of every class.
 *
 * @module
 */
import { permutation, type Random } from "../random.ts";

/**
 * Splits the indices of `labels` at random into `held`, with `count` in all and the same number of each class, and
 * `rest`; both ascending.
 *
 * @throws {RangeError} where `count` is no multiple of the number of classes, or a class has too few images.
 * @example
 * ```ts
 * import { stratifiedSplit } from "./stratified_split.ts";
 * import { seeded } from "../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { held, rest } = stratifiedSplit([0, 0, 0, 1, 1], { count: 2, random: seeded(1) });
 * assertEquals([held.length, rest.length], [2, 3]);
 * ```
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  { count, random }: { count: number; random: Random },
): { held: Int32Array; rest: Int32Array } {
  const byClass = new Map<number, number[]>();
  for (const i of permutation(random, labels.length)) {
    byClass.set(labels[i], [...byClass.get(labels[i]) ?? [], i]);
  }
  const each = count / byClass.size;
  if (!Number.isInteger(each) || each < 1) {
    throw new RangeError(`${count} images cannot be ${byClass.size} classes in equal numbers`);
  }
  const held: number[] = [], rest: number[] = [];
  for (const [label, images] of byClass) {
    if (images.length < each) {
      throw new RangeError(
        `${each} images of each class are needed, class ${label} has ${images.length}`,
      );
    }
    held.push(...images.slice(0, each));
    rest.push(...images.slice(each));
  }
  return { held: Int32Array.from(held).sort(), rest: Int32Array.from(rest).sort() };
}
