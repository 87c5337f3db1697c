/**
 * Downloads the image sets.
 *
 * @module
 */
import { dataDirectory } from "../lib/data/directory.ts";
import { DownloadError } from "../lib/data/download.ts";
import { DataFileError } from "../lib/data/files.ts";
import { installSet, PUBLISHED_SETS, type PublishedSet } from "../lib/data/image_sets.ts";
import { progressLines } from "./shared/progress.ts";
import { task } from "./shared/task.ts";

async function installAll(): Promise<void> {
  const directory = dataDirectory(), print = progressLines();
  for (const set of PUBLISHED_SETS) {
    print(`${set.name}: looking for it in ${directory}`, { always: true });
    const installed = await install(set, directory, print);
    print(`${set.name} ${installed ? "installed in" : "is already in"} ${directory}`, {
      always: true,
    });
  }
}

/** Installs a set, and says every few seconds how far it is, also where no byte comes. */
async function install(
  set: PublishedSet,
  directory: string,
  print: ReturnType<typeof progressLines>,
): Promise<boolean> {
  const begun = performance.now();
  let state = "at work", before: number | undefined;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    print(`${set.name}: ${state} (${seconds} s)`);
  }, 1000);
  try {
    return await installSet(set, directory, {
      onProgress(done, total) {
        before ??= done;
        const left = total === undefined || done === before
          ? ""
          : `, ${minutes((total - done) * (performance.now() - begun) / (done - before))} left`;
        state = done === total
          ? "checking and unpacking"
          : `${megabytes(done)}${total === undefined ? "" : ` of ${megabytes(total)}`} MB${left}`;
      },
      onNotice: (sentence) => print(`${set.name}: ${sentence}`, { always: true }),
    });
  } finally {
    clearInterval(timer);
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

function minutes(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

await task(
  "data",
  {
    details:
      `About 350 MB, into DATA_DIR where that is set. What is there already and whole is left alone, what is damaged is
replaced, and an interrupted download continues. The data sets are for research; see their pages for terms.`,
    examples: { data: "all three" },
  },
  installAll,
  DownloadError,
  DataFileError,
);
