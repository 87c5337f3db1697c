/**
 * Executes the notebooks and typesets report/report.html and report/report.pdf.
 *
 * @module
 */
import { buildReport } from "./report/build.ts";
import { setUp } from "./setup.ts";
import { task } from "./shared/task.ts";

await task("report", {
  words: {
    name: "WEEK",
    meaning:
      "execute only the notebooks with this in their name, and take the others as they were saved",
  },
  details: "Nothing is replaced until it is whole.",
  examples: { report: "everything", "report week-1": "executes one week" },
}, async (_, names) => {
  await setUp();
  await buildReport(names);
});
