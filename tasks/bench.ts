/**
 * Measures this project against the newest PyTorch, side by side.
 *
 * Both sides run in processes of their own and take turns, round by round, so that what else the machine does meets
 * both. Where in memory a process was put matters too, so rows of small work are measured in several pairs of processes.
 * The table shows medians over the pairs, and their range; `data/bench.json` keeps the newest figures of each row.
 *
 * @module
 */
// @ts-types="npm:@types/d3-array@3.2.2"
import { extent, greatest, least, max, median } from "d3-array";
import { watchOthers } from "./bench/disturbance.ts";
import { startUp } from "./bench/start_up.ts";
import { type Row, rows } from "./bench/rows.ts";
import { path, program } from "./shared/environment.ts";
import { linesOf } from "./shared/lines.ts";
import { setUp } from "./setup.ts";
import { exists, outcome, Problem, task } from "./shared/task.ts";

const ROUNDS = 5;
/** Share of the processor that other programs may use in a round, and how many times the rounds it is waited for. */
const QUIET = 0.1, PATIENCE = 1;
/** A row without a peer: it is printed, not kept. */
const START_UP = "Start-up, what an import adds to an empty program";
const environment = path(".venv/bench");
const python = path(
  Deno.build.os === "windows" ? ".venv/bench/Scripts/python.exe" : ".venv/bench/bin/python",
);

/** A row of `data/bench.json`. */
interface Result {
  name: string;
  unit: Row["unit"];
  /** Medians of the pairs of processes. */
  ours: number;
  peer: number;
  /** How many times as fast as the peer beside it: above 1, this project is the faster. */
  ratio: number;
  /** Smallest and largest of the pairs; of 5, they enclose the median of all such pairs with probability 0.94. */
  oursRange: [number, number];
  peerRange: [number, number];
  ratioRange: [number, number];
  /** The largest share of the processor that other programs used in a round. */
  disturbance: number;
  /** The peer's fastest way. */
  peerName: string;
  processor: string;
}

async function bench(patterns: string[]): Promise<void> {
  await setUp();
  const wanted = (name: string) =>
    patterns.length === 0 || patterns.some((pattern) => name.includes(pattern));
  const selected = rows.filter(({ name }) => wanted(name));
  if (wanted(START_UP)) {
    const times = Object.entries(await startUp()).map(([room, ms]) => `${room} ${round(ms)} ms`);
    console.log(`${START_UP}: ${times.join(", ")}`);
    if (selected.length === 0) return;
  }
  if (selected.length === 0) {
    throw new Problem(
      `No row has ${patterns.join(" or ")} in its name. There are: ${
        [START_UP, ...rows.map(({ name }) => name)].join("; ")
      }`,
    );
  }
  await setUpPeers();
  const processor = await processorName(), results: Result[] = [];
  for (const row of selected) {
    try {
      const result = await measure(row, processor);
      results.push(result);
      await keep(result);
      console.log(sentence(result));
    } catch (error) {
      if (!(error instanceof CannotError)) throw error;
      console.log(`${row.name}: left out, ${error.message}`);
    }
  }
  console.table(Object.fromEntries(results.map(
    ({ name, unit, ours, peer, ratio, ratioRange: [low, high], peerName }) => [
      name,
      {
        unit,
        ours: round(ours),
        peer: round(peer),
        ratio: round(ratio),
        from: round(low),
        to: round(high),
        "fastest peer": peerName,
      },
    ],
  )));
}

/** Puts `result` into `data/bench.json`, in the place of an older one of the same row. */
async function keep(result: Result): Promise<void> {
  const file = path("data/bench.json");
  const before: Result[] = await exists(file) ? JSON.parse(await Deno.readTextFile(file)) : [];
  const byName = new Map([...before, result].map((result) => [result.name, result]));
  const ordered = rows.flatMap(({ name }) => byName.get(name) ?? []);
  await Deno.writeTextFile(file, JSON.stringify(ordered, null, 2) + "\n");
}

/** Compares this project and every way of the peer, in as many pairs of processes as the row asks for. */
async function measure(row: Row, processor: string): Promise<Result> {
  const pairs: Figures[] = [];
  for (let i = 0; i < (row.processes ?? 5); i++) pairs.push(await measurePair(row));
  const best = row.unit === "ms" ? least : greatest;
  const way = best(row.peers, (way) => median(pairs, ({ peer }) => peer.get(way)))!;
  const ours = pairs.map(({ ours }) => ours), peer = pairs.map(({ peer }) => peer.get(way)!);
  const ratios = ours.map((it, i) => row.unit === "ms" ? peer[i] / it : it / peer[i]);
  return {
    name: row.name,
    unit: row.unit,
    ours: median(ours)!,
    peer: median(peer)!,
    ratio: median(ratios)!,
    oursRange: extent(ours) as [number, number],
    peerRange: extent(peer) as [number, number],
    ratioRange: extent(ratios) as [number, number],
    disturbance: max(pairs, ({ disturbance }) => disturbance)!,
    peerName: `${await peerVersion(row)}: ${way}`,
    processor,
  };
}

/** Medians over the rounds of a pair of processes. */
interface Figures {
  ours: number;
  /** Of each way. */
  peer: Map<string, number>;
  disturbance: number;
}

/** Takes turns between a process of this project and one of the peer. */
async function measurePair(row: Row): Promise<Figures> {
  await using ours = new Worker(Deno.execPath(), ["run", "-A", path("tasks/bench/ours.ts")]);
  await using peer = new Worker(python, [path(`tasks/bench/${row.program}`)]);
  const own: number[] = [], others = new Map<string, number[]>(row.peers.map((way) => [way, []]));
  const disturbances: number[] = [];
  for (let attempt = 0; own.length < ROUNDS; attempt++) {
    const disturbance = watchOthers([ours.pid, peer.pid]);
    const round = [await ours.time(row.ours)], ways = [...others.keys()];
    for (const way of ways) {
      try {
        round.push(await peer.time(way));
      } catch (error) {
        if (!(error instanceof CannotError)) throw error;
        console.error(`${row.program} cannot ${way}: ${error.message}`);
        others.delete(way);
      }
    }
    // The first round warms up. A round that others disturbed does not count, while there is patience.
    const share = disturbance(), disturbed = share > QUIET && attempt < PATIENCE * ROUNDS;
    if (others.size === 0) throw new CannotError(`as ${row.program} cannot do it`);
    if (attempt === 0 || disturbed || others.size < ways.length) continue;
    disturbances.push(share);
    own.push(figure(row, round[0]));
    ways.forEach((way, i) => others.get(way)!.push(figure(row, round[i + 1])));
  }
  return {
    ours: median(own)!,
    peer: new Map([...others].map(([way, figures]) => [way, median(figures)!])),
    disturbance: max(disturbances)!,
  };
}

/** What a side says where it cannot do a piece of work here. */
class CannotError extends Error {}

/** A process that measures what it is asked for. */
class Worker {
  readonly #process: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncIterator<string>;

  get pid(): number {
    return this.#process.pid;
  }

  constructor(command: string, args: string[]) {
    this.#process = new Deno.Command(command, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#requests = this.#process.stdin.getWriter();
    this.#answers = linesOf(this.#process.stdout)[Symbol.asyncIterator]();
  }

  /** Seconds that one run of the work called `name` takes. */
  async time(name: string): Promise<number> {
    await this.#requests.write(new TextEncoder().encode(name + "\n"));
    const { value } = await this.#answers.next();
    if (value === undefined) throw new Problem(`The process that measures "${name}" ended early`);
    const { seconds, error } = JSON.parse(value);
    if (error !== undefined) throw new CannotError(error);
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
    this.#requests.abort().catch(() => {});
  }
}

/** The peers' environment, apart from the project's own. */
async function setUpPeers(): Promise<void> {
  const requirements = path("tasks/bench/requirements.txt"),
    record = `${environment}/installed.txt`;
  const wanted = await Deno.readTextFile(requirements);
  if (await exists(record) && await Deno.readTextFile(record) === wanted) return;
  console.error("Installing what the benchmark compares with into .venv/bench (minutes)");
  for (
    const [command, args] of [
      [program("python"), ["-m", "venv", environment]],
      [python, ["-m", "pip", "install", "--quiet", "-r", requirements]],
    ] as const
  ) {
    const { success, errors } = await outcome(command, [...args]);
    if (!success) throw new Problem(`The benchmark's environment could not be made: ${errors}`);
  }
  await Deno.writeTextFile(record, wanted);
}

async function peerVersion({ program }: Row): Promise<string> {
  const library = { "pytorch.py": ["PyTorch", "torch"] }[program] ?? ["NumPy", "numpy"];
  const { output } = await outcome(python, [
    "-c",
    `import importlib.metadata as m; print(m.version("${library[1]}"))`,
  ]);
  return `${library[0]} ${output.trim()}`;
}

async function processorName(): Promise<string> {
  const threads = `${navigator.hardwareConcurrency} threads`;
  const cpuinfo = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const name = /model name\s*: (.+)/.exec(cpuinfo)?.[1];
  return `${name ?? `${Deno.build.arch} ${Deno.build.os}`}, ${threads}`;
}

const figure = ({ unit, amount }: Row, seconds: number) =>
  unit === "ms" ? 1000 * seconds : amount! / seconds;
const round = (x: number) => Number(x.toPrecision(3));

function sentence(
  { disturbance, name, unit, ours, peer, ratio, oursRange, peerRange, ratioRange, peerName }:
    Result,
): string {
  const range = (low: number, high: number) => `${round(low)} to ${round(high)}`;
  return `${name}: ${round(ours)} ${unit} (${range(...oursRange)}), ${peerName} ${round(peer)} ` +
    `(${range(...peerRange)}); ${round(ratio)} times as fast (${range(...ratioRange)})` +
    (disturbance > QUIET
      ? `; other programs used ${round(100 * disturbance)}% of the processor`
      : "");
}

await task("bench", {
  words: { name: "ROW", meaning: "measure only the rows with this in their name" },
  details:
    "Both sides take turns; medians and ranges of the newest run of each row are kept in data/bench.json.",
  examples: { bench: "every row, an hour", "bench detector": "the rows of detectors" },
}, (_, patterns) => bench(patterns));
