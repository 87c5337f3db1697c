/**
 * The way of an output into the notebook, and the log by which the report sees that none was lost and none failed unseen.
 *
 * @module
 */
import { printable } from "../figures/text.ts";

/** A line of the log: an output, which later ones with the same `id` replace; or a fault; or a remark for the terminal. */
export type Logged =
  | { readonly id?: string; readonly data: Record<string, string> }
  | { readonly fault: string }
  | { readonly remark: string };

/** Deno's Jupyter interface; asking for it outside a notebook throws. */
const jupyter = (() => {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
})();

/** Where the report executes a notebook, the folder for its figures and for the log `displays`. */
const workspace = jupyter && Deno.env.get("NOTEBOOK_WORKSPACE");

if (jupyter) {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const said = event.reason instanceof Error
      ? `${event.reason.name}: ${event.reason.message}`
      : String(event.reason);
    log({ fault: said });
    console.error(`${said}\nNo cell was waiting for this: put "await" before what failed.`);
  });
}

/** Shows one output; outside a notebook, nothing. */
export async function display(
  data: Record<string, string>,
  metadata: Record<string, unknown> = {},
  { id, update = false }: { id?: string; update?: boolean } = {},
): Promise<void> {
  if (!jupyter) return;
  log({ id, data });
  await jupyter.broadcast(update ? "update_display_data" : "display_data", {
    data,
    metadata,
    transient: id ? { display_id: id } : {},
  });
}

/** Tells the reader's terminal what does not belong into the notebook; where there is none, the console. */
export function remark(text: string): void {
  if (workspace) log({ remark: text });
  else console.log(text);
}

/** Writes a figure's file where the report is built; reading and trying a notebook changes none. */
export async function keepFigure(file: string, svg: string): Promise<void> {
  if (!workspace) return;
  const target = new URL(file, workspace);
  await Deno.mkdir(new URL(".", target), { recursive: true });
  await Deno.writeTextFile(target, svg);
}

function log(line: Logged): void {
  if (!workspace) return;
  Deno.writeTextFileSync(new URL("displays", workspace), `${JSON.stringify(line)}\n`, {
    append: true,
  });
}

/**
 * Reports progress in a cell, in one line that is rewritten at most twice a second: `await step(i, "loss 0.31")`.
 *
 * @example
 * ```ts
 * import { progress } from "./display.ts";
 *
 * const step = progress("Epochs", 2);
 * for (let epoch = 1; epoch <= 2; epoch++) await step(epoch);
 * ```
 */
export function progress(
  label: string,
  total: number,
): (done: number, note?: string) => Promise<void> {
  const id = `progress-${label}`;
  let shown = -Infinity;
  return async (done, note = "") => {
    const now = performance.now();
    if (done < total && now - shown < 500) return;
    const first = shown === -Infinity;
    shown = now;
    const line = printable(`${label}: ${done} of ${total}${note && ` (${note})`}`);
    await display({ "text/plain": line }, { progress: label }, { id, update: !first });
  };
}
