import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { path, root } from "../../tasks/shared/environment.ts";
import { findNotebooks, joined, readNotebook } from "../../tasks/report/notebooks.ts";

/** The messages of Deno's language server, which editors ask. */
class LanguageServer {
  readonly #process = new Deno.Command(Deno.execPath(), {
    args: ["lsp"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  readonly #input = this.#process.stdin.getWriter();
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #reading = this.#read();
  #requests = 0;

  async notify(method: string, params: unknown): Promise<void> {
    await this.#send({ method, params });
  }

  // deno-lint-ignore no-explicit-any
  async request(method: string, params: unknown): Promise<any> {
    const id = ++this.#requests, answer = new Promise((resolve) => this.#answers.set(id, resolve));
    await this.#send({ id, method, params });
    return await answer;
  }

  async end(): Promise<void> {
    this.#process.kill();
    await this.#reading;
    await this.#input.close().catch(() => {});
    await this.#process.status;
  }

  async #send(message: object): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    await this.#input.write(new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`));
    await this.#input.write(body);
  }

  async #read(): Promise<void> {
    let bytes = new Uint8Array();
    for await (const chunk of this.#process.stdout) {
      bytes = Uint8Array.of(...bytes, ...chunk);
      for (let message; (message = nextMessage(bytes)); bytes = bytes.slice(message.end)) {
        const { id, method, params, result } = message.body;
        if (method === undefined) this.#answers.get(id)?.(result);
        else if (id !== undefined) {
          await this.#send({ id, result: params?.items?.map(() => ({ enable: true })) ?? null });
        }
      }
    }
  }
}

/** The first message of the protocol in `bytes`, once it is whole. */
function nextMessage(bytes: Uint8Array) {
  const head = /^Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(
    new TextDecoder().decode(bytes.subarray(0, 200)),
  );
  const end = head ? head[0].length + Number(head[1]) : Infinity;
  if (bytes.length < end) return undefined;
  return { end, body: JSON.parse(new TextDecoder().decode(bytes.subarray(head![0].length, end))) };
}

Deno.test("an editor finds no error in the cells of a notebook", async () => {
  const server = new LanguageServer(), rootUri = pathToFileURL(root).href;
  await server.request("initialize", {
    processId: Deno.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "project" }],
    capabilities: {
      notebookDocument: { synchronization: {} },
      workspace: { configuration: true, workspaceFolders: true },
    },
    initializationOptions: { enable: true },
  });
  await server.notify("initialized", {});
  const errors: string[] = [];
  for (const file of await findNotebooks()) {
    const uri = pathToFileURL(path(file));
    const cells = (await readNotebook(file)).cells.filter((cell) => cell.cell_type === "code")
      .map(({ source }, i) => ({
        uri: `vscode-notebook-cell:${uri.pathname}#cell${i}`,
        languageId: "typescript",
        version: 1,
        text: joined(source),
      }));
    await server.notify("notebookDocument/didOpen", {
      notebookDocument: {
        uri: uri.href,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: cells.map(({ uri }) => ({ kind: 2, document: uri })),
      },
      cellTextDocuments: cells,
    });
    for (const [i, { uri }] of cells.entries()) {
      const { items } = await server.request("textDocument/diagnostic", { textDocument: { uri } });
      for (const { severity, message, range } of items) {
        if (severity !== 1) continue;
        errors.push(`${file}, cell ${i + 1}, line ${range.start.line + 1}: ${message}`);
      }
    }
  }
  await server.end();
  assertEquals(errors, []);
});
