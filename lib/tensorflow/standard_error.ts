/**
 * Closes the standard error to a C library for a moment: TensorFlow's start prints lines that no setting turns off.
 * What fails there is reported by its status.
 *
 * @module
 */

const STANDARD_ERROR = 2;

/** The result of `run`, while nothing that is printed to the standard error arrives; on Windows, just its result. */
export function withoutStandardError<T>(run: () => T): T {
  if (Deno.build.os === "windows") return run();
  const libc = Deno.dlopen(
    Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6",
    {
      dup: { parameters: ["i32"], result: "i32" },
      dup2: { parameters: ["i32", "i32"], result: "i32" },
      open: { parameters: ["buffer", "i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    },
  );
  const c = libc.symbols, writeOnly = 1;
  const kept = c.dup(STANDARD_ERROR);
  const nowhere = c.open(new TextEncoder().encode("/dev/null\0"), writeOnly);
  c.dup2(nowhere, STANDARD_ERROR);
  try {
    return run();
  } finally {
    c.dup2(kept, STANDARD_ERROR);
    c.close(kept);
    c.close(nowhere);
    libc.close();
  }
}
