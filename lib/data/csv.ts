/**
 * A matrix in a CSV file, with or without a header, read in blocks of rows.
 *
 * @module
 */
import { csvParseRows } from "d3-dsv";
import type { Matrix } from "../linear_algebra/mod.ts";
import { DataFileError, openFile } from "./files.ts";
import { blockRange, type MatrixFile, type RowRange } from "./row_blocks.ts";

/** A line of a file that is not blank; lines are counted from 1. */
interface Line {
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * Opens a matrix in a CSV file; see `openMatrix`. Cells are separated by commas; a first line with something else than
 * numbers in it, or with 0, 1, 2, … as pandas writes, is a header. The file is read once to count its rows.
 *
 * @throws {DataFileError} where there is no such file, or it has no rows.
 */
export async function openCsv(path: string): Promise<MatrixFile> {
  let first: Line | undefined, lines = 0;
  for await (const line of linesOf(path)) {
    if (first === undefined) checkSeparator(path, line.cells);
    first ??= line;
    checkLength(line, { path, columns: first.cells.length });
    lines++;
  }
  if (first === undefined) throw new DataFileError(`${path} has no rows: write numbers into it`);
  const { cells, number } = first, columns = cells.length, headers = isHeader(cells) ? 1 : 0;
  const rows = lines - headers;
  if (headers > 0 && cells[0] === "" && columns > 1) {
    throw new DataFileError(
      `${path} begins with a column without a name, as pandas writes its index: leave it out (index=False)`,
    );
  }
  if (rows === 0) {
    throw new DataFileError(`${path} has a header and no rows: write numbers into it`);
  }
  return {
    path,
    rows,
    columns,
    async *blocks(range: RowRange = {}) {
      const ranges = blockRange({ rows, columns }, range);
      let { done, value } = ranges.next(), row = 0, data: number[] = [];
      for await (const line of linesOf(path)) {
        if (headers > 0 && line.number === number) continue;
        if (done) return;
        const { from, to } = value!;
        if (row++ < from) continue;
        pushNumbers(data, line, { path, columns });
        if (row < to) continue;
        yield { rows: to - from, columns, data: Float64Array.from(data) } satisfies Matrix;
        data = [];
        ({ done, value } = ranges.next());
      }
      if (!done) throw new DataFileError(`${path} was cut off while it was read: start again`);
    },
  };
}

function pushNumbers(
  data: number[],
  { cells, number }: Line,
  { path, columns }: { path: string; columns: number },
): void {
  checkLength({ cells, number }, { path, columns });
  for (const [d, cell] of cells.entries()) {
    const value = numberIn(cell);
    if (value === undefined) {
      throw new DataFileError(
        `${path} has ${JSON.stringify(cell.slice(0, 40))} in line ${number}, column ${d + 1}: ` +
          `write finite numbers such as 0.5 or 1e-3`,
      );
    }
    data.push(value);
  }
}

function checkLength(
  { cells, number }: Line,
  { path, columns }: { path: string; columns: number },
): void {
  if (cells.length === columns) return;
  throw new DataFileError(
    `${path} has ${cells.length} cells in line ${number}, ${columns} in its first: write equal rows`,
  );
}

/** The finite decimal number that a cell is. */
function numberIn(cell: string): number | undefined {
  const value = Number(cell);
  return Number.isFinite(value) && /^\s*[-+]?[\d.]/.test(cell) && !/[xob]/i.test(cell)
    ? value
    : undefined;
}

function isHeader(cells: readonly string[]): boolean {
  return cells.some((cell) => numberIn(cell) === undefined) ||
    cells.length > 1 && cells.every((cell, d) => cell === String(d));
}

function checkSeparator(path: string, [cell, ...others]: readonly string[]): void {
  const separator = others.length > 0 ? undefined : /[;\t]|\S +[-+\d.]/.exec(cell)?.[0];
  if (separator === undefined || numberIn(cell.split(separator)[0]) === undefined) return;
  const name = separator === ";" ? "semicolons" : separator === "\t" ? "tabs" : "spaces";
  throw new DataFileError(
    `${path} separates its cells by ${name}: write commas (numpy.savetxt with delimiter=",")`,
  );
}

async function* linesOf(path: string): AsyncGenerator<Line, void> {
  let number = 0;
  for await (const text of wholeLines(path)) {
    for (const cells of csvParseRows(text) as string[][]) {
      number++;
      if (cells.length > 1 || cells[0].trim() !== "") yield { number, cells };
    }
  }
}

/** The text of a file in pieces that end at the end of a line, outside of quotes. */
async function* wholeLines(path: string): AsyncGenerator<string, void> {
  using file = (await openFile(path)).file;
  let pending: string[] = [], quotes = 0;
  try {
    for await (
      const chunk of file.readable.pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))
    ) {
      // A carriage return at the end may be half of a line break.
      const cut = Math.max(chunk.lastIndexOf("\n"), chunk.lastIndexOf("\r", chunk.length - 2)) + 1;
      const head = chunk.slice(0, cut), tail = chunk.slice(cut);
      quotes += quotesIn(head);
      if (cut > 0 && quotes % 2 === 0) {
        yield pending.join("") + head;
        pending = [tail];
        quotes = 0;
      } else {
        pending.push(chunk);
      }
      quotes += quotesIn(tail);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DataFileError(`${path} is not text in UTF-8: save it as such`, { cause: error });
  }
  if (pending.length > 0) yield pending.join("");
}

function quotesIn(text: string): number {
  return text.split('"').length - 1;
}
