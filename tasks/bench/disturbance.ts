/**
 * How much of the processor other programs use while something is measured (Linux's /proc; 0 elsewhere).
 *
 * @module
 */

/** Starts to watch; the result is called at the end, and gives the share in [0, 1] that processes not in `pids` used. */
export function watchOthers(pids: number[]): () => number {
  const before = ticks(pids);
  return () => {
    const after = ticks(pids);
    const total = after.total - before.total;
    const others = after.busy - before.busy - (after.own - before.own);
    return total === 0 ? 0 : Math.max(0, others / total);
  };
}

/** Ticks of all processors, those of them that were busy, and those of `pids`. */
function ticks(pids: number[]): { total: number; busy: number; own: number } {
  try {
    const [, ...all] = Deno.readTextFileSync("/proc/stat").split("\n", 1)[0].trim().split(/\s+/);
    const [user, nice, system, idle, waiting, ...rest] = all.slice(0, 8).map(Number);
    const busy = user + nice + system + rest.reduce((a, b) => a + b, 0);
    const own = pids.map((pid) => {
      const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1].split(" ");
      return Number(fields[11]) + Number(fields[12]); // utime, stime
    }).reduce((a, b) => a + b, 0);
    return { total: busy + idle + waiting, busy, own };
  } catch {
    return { total: 0, busy: 0, own: 0 };
  }
}
