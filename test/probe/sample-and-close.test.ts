import { expect, test } from "vitest";

import type { Reading } from "../../src/domain/reading.ts";
import { observe, sampleAndClose } from "../../src/probe/sampling/readings.ts";

const last = observe({ timeMs: 1, arm: null, probe: "test" }, { figure: 1 });

/** Runs the end of a probe and returns the order of its reading and its closing. */
async function endOf(sample: () => Promise<readonly Reading[]>): Promise<{ steps: readonly string[]; answer: unknown }> {
  const steps: string[] = [];
  const read = async () => {
    steps.push("read");
    return sample();
  };
  const session = (name: string) => ({ close: async () => void steps.push(`close ${name}`) });
  const answer = await sampleAndClose(read, session("a"), session("b")).catch((error: unknown) => error);
  return { steps, answer };
}

test("a probe that ends takes a last reading and then closes its sessions", async () => {
  expect(await endOf(() => Promise.resolve(last))).toEqual({ steps: ["read", "close a", "close b"], answer: last });
});

test("a last reading that fails is reported, and the sessions are closed", async () => {
  const lost = new Error("the server went away");
  expect(await endOf(() => Promise.reject(lost))).toEqual({ steps: ["read", "close a", "close b"], answer: lost });
});
