import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { odooLogProbe } from "../../src/probe/odoo-log/odoo-log-probe.ts";
import { armEndpoint } from "./arm-endpoint.ts";

const signal = AbortSignal.timeout(60_000);

test("each retry has the worker and the time of its line, so that its request can be found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "peakproof-retry-"));
  try {
    const odooLog = join(folder, "odoo.log");
    await writeFile(odooLog, "");
    const probe = odooLogProbe(
      {
        name: "t",
        arms: { candidate: armEndpoint({ odooLog }) },
        redisUrl: null,
        traefikMetricsUrl: null,
      },
      { everyMs: 1000 },
    );
    await probe.start(signal);
    const head = (time: string, pid: number) => `2026-11-21 11:52:${time} ${pid} INFO b odoo.service.model:`;
    await appendFile(odooLog, `${head("10,001", 41)} SERIALIZATION_FAILURE, retry 1/5 in 0.8038 sec...\n`);
    await appendFile(odooLog, `${head("10,250", 42)} LOCK_NOT_AVAILABLE, 4 tries left, try again in 0.5120 sec...\n`);
    await appendFile(odooLog, `${head("10,400", 43)} SERIALIZATION_FAILURE, maximum number of tries reached\n`);
    const retries = (await probe.stop(signal)).filter(({ name }) => name === "serialization_retry");
    const common = { arm: "candidate", probe: "odoo", name: "serialization_retry", value: 1 };
    expect(retries).toEqual([
      { ...common, timeMs: Date.parse("2026-11-21T11:52:10.001Z"), labels: { worker: "41" } },
      { ...common, timeMs: Date.parse("2026-11-21T11:52:10.250Z"), labels: { worker: "42" } },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
