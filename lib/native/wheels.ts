/**
 * Where `deno task setup` put what comes as Python wheels: shared libraries that this project opens itself.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The environment of this checkout; of the working directory, where the library was imported from a registry. */
export const environment: string = import.meta.url.startsWith("file:")
  ? fileURLToPath(new URL("../../.venv", import.meta.url))
  : ".venv";

/** The folders of `wheel` in the project's `.venv`, whatever its Python version; at least one, there or not. */
export function wheelFolders(wheel: string): string[] {
  if (Deno.build.os === "windows") return [join(environment, "Lib/site-packages", wheel)];
  const lib = join(environment, "lib");
  const pythons = entries(lib).filter((name) => name.startsWith("python")).sort();
  return (pythons.length > 0 ? pythons : ["python3"])
    .map((python) => join(lib, python, "site-packages", wheel));
}

/** The names in a folder; none where it is not there. */
export function entries(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
