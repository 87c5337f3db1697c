/**
 * Averages over processes, by TensorFlow's own collective runtime: gRPC servers and a ring, or NCCL between GPUs.
 *
 * TensorFlow's gRPC is neither encrypted nor authenticated, and its server listens on every interface of the machine: a
 * cluster belongs in a private network.
 *
 * @module
 */
import { zeroTerminated } from "../native/memory.ts";
import { DataType } from "./c_api.ts";
import { checkCluster, type Cluster, ClusterError } from "./cluster.ts";
import { binding, idOf, tensorOf, tf } from "./device.ts";
import { attribute } from "./register.ts";

/** A process among its workers. */
export interface Collective extends Cluster {
  /**
   * The sum of `x` over all workers, which call this with tensors of one shape, in one order. In a captured step it becomes
   * part of it.
   */
  sum<T extends tf.Tensor>(x: T): T;
  /** The mean, likewise; its gradient is the mean of the workers' gradients. */
  mean<T extends tf.Tensor>(x: T): T;
  /** The error to tell of `cause`: it names the workers that do not answer. */
  explain(cause: Error): ClusterError;
}

/** Options of `joinCluster`. */
export interface CollectiveOptions {
  /** Seconds after which a worker that does not take part has failed. */
  timeout?: number;
}

const GROUP = 1;

/**
 * Starts this process's server, waits for the other workers, and returns what they do together; a process joins one cluster.
 *
 * @throws {ClusterError} where TensorFlow is not there, the server cannot start (another process has the port), or a worker
 * has not come before the timeout.
 */
export async function joinCluster(
  cluster: Cluster,
  { timeout = 60 }: CollectiveOptions = {},
): Promise<Collective> {
  const { workers, index } = checkCluster(cluster);
  if (binding === undefined) {
    throw new ClusterError("Workers need TensorFlow's library: install it by `deno task setup`");
  }
  const { eager, eager: { context, library: { c, status, check } } } = binding;
  const definition = c.TFE_GetServerDef(
    zeroTerminated(serverDefinition({ workers, index })),
    status,
  );
  check("Cannot describe the cluster");
  // TF_Buffer: { const void* data; size_t length; … }
  const buffer = new Deno.UnsafePointerView(Deno.UnsafePointer.create(definition)!);
  c.TFE_EnableCollectiveOps(context, buffer.getPointer(), buffer.getBigUint64(8), status);
  c.TF_DeleteBuffer(definition);
  try {
    check(`Worker ${index} cannot serve at ${workers[index]}`);
  } catch (error) {
    throw new ClusterError(`${(error as Error).message}: is another process there?`, {
      cause: error,
    });
  }

  const attributes = [
    attribute.integer("Nordering_token", 0),
    attribute.string("merge_op", "Add"),
    attribute.string("communication_hint", eager.isGpu ? "nccl" : "ring"),
    attribute.float("timeout_seconds", timeout),
    attribute.boolean("is_stateless", false),
  ];
  // Averages of one step may be under way together and need keys of their own; what runs at once may share one.
  let traced = 0;
  const atOnce = new Map<string, number>();
  const keyOf = (kind: string) => {
    if (binding!.executor !== eager) return 2 ** 20 + traced++;
    if (!atOnce.has(kind)) atOnce.set(kind, atOnce.size);
    return atOnce.get(kind)!;
  };
  const reduce = <T extends tf.Tensor>(x: T, finish: "Id" | "Div"): T =>
    tf.tidy(() => {
      const type = binding!.isBfloat16(idOf(x)) ? DataType.BFLOAT16 : DataType.FLOAT;
      const key = keyOf(`${finish} ${type} ${x.shape}`);
      const numbers = [workers.length, GROUP, key].map((n) => tf.scalar(n, "int32"));
      const [result] = binding!.executeOp(
        "CollectiveReduceV2",
        [attribute.type("T", type), attribute.string("final_op", finish), ...attributes],
        [x, ...numbers].map(idOf),
        1,
      );
      return tensorOf(result) as T;
    });
  const differentiableMean = tf.customGrad((x) => ({
    value: reduce(x as tf.Tensor, "Div"),
    gradFunc: (dy: tf.Tensor) => reduce(dy, "Div"),
  }));
  const answers = (worker: number) => {
    const task = zeroTerminated(taskName(worker));
    c.TFE_CollectiveOpsCheckPeerHealth(context, task, 2000n, status);
    return c.TF_GetCode(status) === 0;
  };
  const silent = () => workers.keys().filter((i) => i !== index && !answers(i)).toArray();
  const named = (list: number[]) => list.map((i) => `worker ${i} at ${workers[i]}`).join(" and ");
  const deadline = performance.now() + 1000 * timeout;
  for (let missing = silent(); missing.length > 0; missing = missing.filter((i) => !answers(i))) {
    if (performance.now() > deadline) {
      throw new ClusterError(
        `Worker ${index} has waited ${timeout} seconds for ${
          named(missing)
        }: start all workers, and let them reach each other`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    workers,
    index,
    sum: (x) => reduce(x, "Id"),
    mean: <T extends tf.Tensor>(x: T) => differentiableMean(x) as T,
    explain(cause) {
      const lost = silent();
      const who = lost.length === 0
        ? `a worker did not take part within ${timeout} seconds`
        : `${named(lost)} ${lost.length === 1 ? "does" : "do"} not answer`;
      return new ClusterError(
        `Worker ${index} stops, as ${who}. Start all workers again with --resume`,
        { cause },
      );
    },
  };
}

/** ServerDef in protocol buffers' text form. */
function serverDefinition({ workers, index }: Cluster): string {
  const tasks = workers.map((address, i) => `tasks { key: ${i} value: "${address}" }`).join(" ");
  return `cluster { job { name: "worker" ${tasks} } } job_name: "worker" task_index: ${index} ` +
    `protocol: "grpc" default_session_config { experimental { collective_group_leader: "${
      taskName(0)
    }" } }`;
}

const taskName = (worker: number) => `/job:worker/replica:0/task:${worker}`;
