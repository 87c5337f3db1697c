/**
 * Downloads the image sets.
 *
 * @module
 */
import { dataDirectory } from "../lib/data/directory.ts";
import { DownloadError } from "../lib/data/download.ts";
import { DataFileError } from "../lib/data/files.ts";
import { installSet, PUBLISHED_SETS } from "../lib/data/image_sets.ts";
import { task } from "./shared/task.ts";

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

async function installAll(): Promise<void> {
  const directory = dataDirectory();
  for (const set of PUBLISHED_SETS) {
    let shown = 0;
    const onProgress = (done: number, total?: number) => {
      if (performance.now() - shown < 1000 && done !== total) return;
      shown = performance.now();
      console.log(
        `${set.name}: ${megabytes(done)}${total === undefined ? "" : ` of ${megabytes(total)}`} MB`,
      );
    };
    const installed = await installSet(set, directory, { onProgress });
    console.log(`${set.name} ${installed ? "installed in" : "is already in"} ${directory}`);
  }
}

await task(
  "data",
  {
    details:
      `About 400 MB, into DATA_DIR where that is set. What is there already is left alone, and an interrupted download
continues. The data sets are for research; see their pages for terms.`,
    examples: { data: "all three" },
  },
  installAll,
  DownloadError,
  DataFileError,
);
