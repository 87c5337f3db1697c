/**
 * Which processes train together, and which of them this one is.
 *
 * @module
 */
import { checkWhole, shown } from "../checks.ts";

/** Workers at HOST:PORT, the same list in the same order for each of them, and the place of this one in it. */
export interface Cluster {
  /** The addresses of all workers, as host:port. */
  readonly workers: readonly string[];
  /** Which of them this process is, from 0. */
  readonly index: number;
}

/** Thrown where a cluster is described in a way that cannot be used, or one of its workers fails. */
export class ClusterError extends Error {
  /** The kind of the error. */
  override name = "ClusterError";
}

/**
 * The cluster that `TF_CONFIG` describes, as TensorFlow's MultiWorkerMirroredStrategy reads it: a `chief` counts as the
 * first worker.
 *
 * @throws {ClusterError} where it is no JSON of that form, or names other kinds of task.
 * @example
 * ```ts
 * import { readCluster } from "./cluster.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = { cluster: { worker: ["a:1", "b:1"] }, task: { type: "worker", index: 1 } };
 * assertEquals(readCluster(JSON.stringify(config)), { workers: ["a:1", "b:1"], index: 1 });
 * ```
 */
export function readCluster(config: string): Cluster {
  const form =
    'as {"cluster": {"worker": ["HOST:PORT", …]}, "task": {"type": "worker", "index": 0}}';
  let parsed;
  try {
    parsed = JSON.parse(config);
  } catch {
    throw new ClusterError(`TF_CONFIG is JSON, ${form}, got ${shown(config)}`);
  }
  const { cluster, task } = parsed ?? {};
  const kinds = Object.keys(cluster ?? {});
  const other = kinds.find((kind) => kind !== "worker" && kind !== "chief");
  if (other !== undefined) {
    throw new ClusterError(
      `TF_CONFIG names tasks of kind ${shown(other)}: this project trains on workers alone`,
    );
  }
  if (kinds.length === 0 || typeof task !== "object" || !kinds.includes(task?.type)) {
    throw new ClusterError(`TF_CONFIG names a cluster and the task of this process, ${form}`);
  }
  const chiefs = cluster.chief ?? [], workers = cluster.worker ?? [];
  return checkCluster({
    workers: [...chiefs, ...workers],
    index: task.type === "chief" ? task.index : chiefs.length + task.index,
  });
}

/**
 * `cluster`, once every worker has an address of its own and this process is one of them.
 *
 * @throws {ClusterError} where an address is no HOST:PORT or stands there twice.
 * @throws {RangeError} where the index is none of theirs.
 */
export function checkCluster(cluster: Cluster): Cluster {
  const { workers, index } = cluster;
  workers.forEach((address, i) => {
    const port = Number(/^[^\s:/"'\\]+:(\d{1,5})$/.exec(address)?.[1] ?? 0);
    if (port < 1 || port > 65535) {
      throw new ClusterError(
        `A worker's address is HOST:PORT, and worker ${i} is ${shown(address)}`,
      );
    }
    if (workers.indexOf(address) !== i) {
      throw new ClusterError(
        `Every worker has an address of its own, and workers ${
          workers.indexOf(address)
        } and ${i} share ${address}`,
      );
    }
  });
  checkWhole("The index of this worker", index, { most: workers.length - 1 });
  return cluster;
}

/**
 * Whether an address can be reached from this machine or a private network alone. Names other than localhost are taken as
 * private when they have no dot, as in most clusters.
 */
export function isPrivateAddress(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(":"));
  if (/^\d+(\.\d+){3}$/.test(host)) {
    const [a, b] = host.split(".").map(Number);
    return a === 10 || a === 127 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) ||
      (a === 100 && b >= 64 && b < 128);
  }
  return !host.includes(".") || host.endsWith(".local") || host.endsWith(".internal");
}
