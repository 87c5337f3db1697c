import { assertEquals, assertThrows } from "@std/assert";
import {
  checkCluster,
  ClusterError,
  isPrivateAddress,
  readCluster,
} from "../../lib/tensorflow/cluster.ts";

Deno.test("readCluster() counts a chief as the first worker", () => {
  const cluster = { chief: ["a:1"], worker: ["b:2", "c:3"] }, workers = ["a:1", "b:2", "c:3"];
  const read = (type: string, index: number) =>
    readCluster(JSON.stringify({ cluster, task: { type, index } }));
  assertEquals(read("chief", 0), { workers, index: 0 });
  assertEquals(read("worker", 1), { workers, index: 2 });
});

Deno.test("a cluster that cannot be used is refused, with what was given", () => {
  const task = { type: "worker", index: 0 };
  const cases: [unknown, string][] = [
    [{}, "TF_CONFIG names a cluster and the task of this process"],
    [{ cluster: { worker: ["a:1"] } }, "names a cluster and the task"],
    [{ cluster: { worker: ["a:1"], ps: ["b:1"] }, task }, 'tasks of kind "ps"'],
    [{ cluster: { worker: ["a"] }, task }, 'HOST:PORT, and worker 0 is "a"'],
    [{ cluster: { worker: ["a:70000"] }, task }, 'worker 0 is "a:70000"'],
    [{ cluster: { worker: ["a:1", "b:1", "a:1"] }, task }, "workers 0 and 2 share a:1"],
  ];
  for (const [config, message] of cases) {
    assertThrows(() => readCluster(JSON.stringify(config)), ClusterError, message);
  }
  assertThrows(() => readCluster("{"), ClusterError, 'TF_CONFIG is JSON, as {"cluster"');
  assertThrows(
    () => checkCluster({ workers: ["a:1"], index: 1 }),
    RangeError,
    "The index of this worker is a whole number from 0 to 0, got 1",
  );
});

Deno.test("isPrivateAddress() tells private networks and plain names from the rest", () => {
  const known: Record<string, boolean> = {
    "127.0.0.1:1": true,
    "10.1.2.3:1": true,
    "172.31.0.1:1": true,
    "172.32.0.1:1": false,
    "192.168.0.1:1": true,
    "8.8.8.8:1": false,
    "node-3:1": true,
    "train-0.train.default.svc.cluster.local:1": true,
    "example.org:1": false,
  };
  for (const [address, is] of Object.entries(known)) {
    assertEquals(isPrivateAddress(address), is, address);
  }
});
