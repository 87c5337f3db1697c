/**
 * Training on several machines, or as several processes of this one: which, and how they find each other.
 *
 * @module
 */
import {
  type Cluster,
  isPrivateAddress,
  joinCluster,
  readCluster,
} from "../../lib/tensorflow/mod.ts";
import type { Workers } from "../../lib/training/exchange.ts";
import { freeAddresses } from "./free_addresses.ts";
import type { Option, Values } from "./options.ts";
import { Problem } from "./task.ts";

/** The options of a task that workers share. */
export const workerOptions = {
  workers: {
    type: "text",
    meaning: "HOST:PORT of every worker, separated by commas; else TF_CONFIG tells it",
  },
  index: { type: "number", meaning: "which of them this process is, from 0" },
  "local-workers": { type: "number", meaning: "start so many workers on this machine" },
  exchange: {
    type: ["float32", "bfloat16"],
    default: "float32",
    meaning: "how gradients travel between workers",
  },
  synchronised: { type: "flag", meaning: "normalise batches over all workers together" },
  timeout: {
    type: "number",
    default: 120,
    meaning: "seconds after which a worker that takes no part has failed",
  },
  "public-network": {
    type: "flag",
    meaning: "allow public addresses, though anybody who reaches a worker's port can use it",
  },
} as const satisfies Record<string, Option>;

type Given = Values<typeof workerOptions>;

/**
 * Joins the workers that the options or TF_CONFIG name; undefined where this process trains alone.
 *
 * @throws {Problem} where an option lacks another, or an address is public.
 * @throws {ClusterError} where the cluster is described wrongly, or cannot be joined.
 */
export async function joinWorkers(given: Given): Promise<Workers | undefined> {
  const cluster = clusterOf(given);
  if (cluster === undefined) return undefined;
  const open = cluster.workers.find((address) => !isPrivateAddress(address));
  if (open !== undefined && !given["public-network"]) {
    throw new Problem(
      `${open} is a public address, and workers are neither encrypted nor authenticated: use a private network or a ` +
        "tunnel, or say --public-network",
    );
  }
  const collective = await joinCluster(cluster, { timeout: given.timeout });
  return { collective, exchange: given.exchange, synchronised: given.synchronised ?? false };
}

function clusterOf({ workers, index }: Given): Cluster | undefined {
  const config = Deno.env.get("TF_CONFIG");
  if (workers === undefined && index === undefined) return config ? readCluster(config) : undefined;
  if (workers === undefined || index === undefined) {
    throw new Problem("--workers and --index belong together: give both to every worker");
  }
  return { workers: workers.split(","), index };
}

/**
 * Runs the task's program `url` as `count` workers on this machine, and ends as the first that fails. Their output is that
 * of the first worker, and what the others complain of.
 */
export async function runLocalWorkers(url: string, count: number): Promise<never> {
  const addresses = freeAddresses(count);
  const args = withoutOption(Deno.args, "--local-workers");
  const children = addresses.map((_, index) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", url, ...args, "--workers", addresses.join(","), "--index", `${index}`],
      stdin: "null",
      stdout: index === 0 ? "inherit" : "null",
    }).spawn()
  );
  const end = () => {
    for (const child of children) {
      try {
        child.kill("SIGTERM");
      } catch { /* it has ended */ }
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  const codes = await Promise.all(children.map(async ({ status }) => (await status).code));
  Deno.exit(codes.find((code) => code !== 0) ?? 0);
}

function withoutOption(args: readonly string[], option: string): string[] {
  const at = args.indexOf(option);
  return at < 0 ? args.filter((it) => !it.startsWith(`${option}=`)) : args.toSpliced(at, 2);
}
