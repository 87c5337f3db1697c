import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { exists, outcome } from "../../tasks/shared/task.ts";

const tasks = fileURLToPath(new URL("../../tasks/", import.meta.url));

/** What stands for Python: answers the version question, and makes an environment whose pip fails as `pip` says. */
const python = (version: string, { venv = "", pip = "" } = {}) =>
  `#!/bin/sh
case "$*" in
  *version_info*) echo ${version} ;;
  *"-m venv"*)
    ${
    venv ||
    `/bin/mkdir -p "$3/bin" && printf '#!/bin/sh\\necho "${pip}" >&2; exit 1' > "$3/bin/python" && /bin/chmod +x "$3/bin/python"`
  } ;;
esac
`;

/** Runs the set-up of an empty project on a machine whose only Python is `script`. */
async function setUp(script?: string) {
  const project = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${project}/tasks/shared`, { recursive: true });
    for (
      const name of ["setup.ts", "shared/environment.ts", "shared/options.ts", "shared/task.ts"]
    ) {
      await Deno.copyFile(tasks + name, `${project}/tasks/${name}`);
    }
    for (const name of ["requirements.txt", "requirements-tensorflow.txt"]) {
      await Deno.writeTextFile(`${project}/${name}`, "");
    }
    await Deno.writeTextFile(`${project}/deno.json`, '{ "tasks": {} }');
    await Deno.writeTextFile(`${project}/deno.lock`, '{ "version": "5" }');
    await Deno.mkdir(`${project}/programs`);
    if (script) await Deno.writeTextFile(`${project}/programs/python3`, script, { mode: 0o755 });
    const { success, errors } = await outcome(Deno.execPath(), ["run", "-A", "tasks/setup.ts"], {
      cwd: project,
      env: { PATH: `${project}/programs`, NO_COLOR: "1" },
    });
    return { success, said: errors, complete: await exists(`${project}/.venv/set-up.json`) };
  } finally {
    await Deno.remove(project, { recursive: true });
  }
}

/** The set-up ends with one sentence that holds `expected`, an exit code that is not 0, and no record of completeness. */
async function endsWith(expected: string, script?: string) {
  const { success, said, complete } = await setUp(script);
  assertEquals([success, complete], [false, false], said);
  const last = said.trim().split("\n").at(-1)!;
  assertStringIncludes(last, expected);
  assert(last.endsWith("then run this command again."), last);
}

Deno.test("setUp() says what to do where there is no Python", () =>
  endsWith("was not found on the PATH"));

Deno.test("setUp() says what to do where Python is too old", () =>
  endsWith("python3 is 3.8.10", python("3.8.10")));

Deno.test("setUp() says what to do where Python has no venv", () =>
  endsWith(
    "sudo apt install python3-venv",
    python("3.11.2", { venv: "echo 'ensurepip is not available'; exit 1" }),
  ));

Deno.test("setUp() says what to do where the registry cannot be reached", () =>
  endsWith("PyPI could not be reached", python("3.11.2", { pip: "ERROR: Connection refused" })));

Deno.test("setUp() says what to do where the disk is full", () =>
  endsWith(
    "The disk is full",
    python("3.11.2", { pip: "OSError: [Errno 28] No space left on device" }),
  ));
