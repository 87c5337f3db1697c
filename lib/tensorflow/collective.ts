/**
 * Averages over processes, by TensorFlow's own collective runtime: gRPC servers and a ring, or NCCL between GPUs.
 *
 * TensorFlow's gRPC is neither encrypted nor authenticated, and its server listens on every interface of the machine: a
 * cluster belongs in a private network.
 *
 * @module
 */
import { DataType, zeroTerminated } from "./c_api.ts";
import { checkCluster, type Cluster, ClusterError } from "./cluster.ts";
import { binding, idOf, tensorOf, tf } from "./device.ts";
import { attribute } from "./register.ts";

/** A process among its workers. */
export interface Collective extends Cluster {
  /**
   * The mean of `x` over all workers, each of which calls this with a tensor of the same shape and the same `key`, in the
   * same order. In a captured step it becomes part of it.
   */
  mean<T extends tf.Tensor>(x: T, key: number): T;
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
 * Starts this process's server and returns its averages; a process joins one cluster.
 *
 * @throws {ClusterError} where TensorFlow is not there, or the server cannot start (another process has the port).
 */
export function joinCluster(
  cluster: Cluster,
  { timeout = 60 }: CollectiveOptions = {},
): Collective {
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
    attribute.string("final_op", workers.length > 1 ? "Div" : "Id"),
    attribute.string("communication_hint", eager.isGpu ? "nccl" : "ring"),
    attribute.float("timeout_seconds", timeout),
    attribute.boolean("is_stateless", false),
  ];
  const health = (worker: number) => {
    const task = zeroTerminated(taskName(worker));
    c.TFE_CollectiveOpsCheckPeerHealth(context, task, 5000n, status);
    try {
      check("");
      return true;
    } catch {
      return false;
    }
  };
  return {
    workers,
    index,
    mean<T extends tf.Tensor>(x: T, key: number): T {
      return tf.tidy(() => {
        const type = binding!.isBfloat16(idOf(x)) ? DataType.BFLOAT16 : DataType.FLOAT;
        const inputs = [x, ...[workers.length, GROUP, key].map((n) => tf.scalar(n, "int32"))];
        const [result] = binding!.executeOp(
          "CollectiveReduceV2",
          [attribute.type("T", type), ...attributes],
          inputs.map(idOf),
          1,
        );
        return tensorOf(result) as T;
      });
    },
    explain(cause) {
      const silent = workers.flatMap((address, i) =>
        i === index || health(i) ? [] : [`worker ${i} at ${address}`]
      );
      const who = silent.length === 0
        ? `a worker did not take part within ${timeout} seconds`
        : `${silent.join(" and ")} ${silent.length === 1 ? "does" : "do"} not answer`;
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
