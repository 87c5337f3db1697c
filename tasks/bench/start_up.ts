/**
 * What imports add to the start of an empty program.
 *
 * @module
 */
import { path, root } from "../shared/environment.ts";

const ROUNDS = 15;

const ROOMS = ["detectors", "models/regression", "models"];

/**
 * Milliseconds that importing each room adds: the least over rounds, in which all programs take turns, as what else the machine
 * does only adds.
 */
export async function startUp(): Promise<Record<string, number>> {
  const folder = await Deno.makeTempDir({ dir: path(".venv") });
  try {
    const program = async (name: string, source: string) => {
      const file = `${folder}/${name}.ts`;
      await Deno.writeTextFile(file, source);
      return file;
    };
    const programs = await Promise.all([
      program("empty", ""),
      ...ROOMS.map((room, i) => program(`room-${i}`, `import "../../lib/${room}/mod.ts";`)),
    ]);
    const least = programs.map(() => Infinity);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, file] of programs.entries()) {
        least[i] = Math.min(least[i], await milliseconds(file));
      }
    }
    const [empty, ...rest] = least;
    return Object.fromEntries(ROOMS.map((room, i) => [room, rest[i] - empty]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function milliseconds(file: string): Promise<number> {
  const start = performance.now();
  await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", file],
    cwd: root,
    stdout: "null",
    stderr: "null",
  }).output();
  return performance.now() - start;
}
