import { Writable } from "node:stream";
import { main } from "../../src/cli/main.ts";

/** callMain runs one command line in this process and returns what it wrote. */
export async function callMain(
  argv: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const out = collector();
  const err = collector();
  const code = await main(argv, {
    streams: { out: out.stream, err: err.stream },
    cwd,
    environment,
    signal: new AbortController().signal,
  });
  return { code, out: out.text(), err: err.text() };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: unknown, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join("") };
}
