import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const roomsSchema = z.record(z.string(), z.object({ floor: z.number(), pure: z.boolean(), imports: z.array(z.string()) }));
const rooms = roomsSchema.parse(JSON.parse(walls(root, "--rooms").stdout));
const scratch = mkdtempSync(join(tmpdir(), "peakproof-walls-"));

beforeAll(() => {
  for (const folder of ["src", "scenarios", "tools"]) cpSync(join(root, folder), join(scratch, folder), { recursive: true });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function walls(folder: string, ...words: string[]) {
  return spawnSync(process.execPath, [join(folder, "tools", "walls.mjs"), ...words], { encoding: "utf8" });
}

/** plant writes one file into the scratch copy, asks the walls, and takes the file out again. */
function plant(file: string, source: string) {
  const path = join(scratch, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, source);
  try {
    return walls(scratch);
  } finally {
    rmSync(path);
  }
}

/** someFile is one TypeScript file of a room, as an import path from a file directly in another room. */
function someFile(room: string): string {
  const file = readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".ts"));
  return `../${room}/${file ?? "missing.ts"}`;
}

describe("walls", () => {
  test("the sources keep to them", () => {
    expect(walls(root).stderr).toBe("");
  });

  const names = Object.keys(rooms);
  test.each(names)("%s may not import the rooms beside and above", (from) => {
    const forbidden = names.filter((to) => to !== from && rooms[from]?.imports.includes(to) === false);
    const { status, stderr } = plant(`src/${from}/planted.ts`, forbidden.map((to) => `import "${someFile(to)}";\n`).join(""));
    expect(status).toBe(1);
    const refused = stderr.split("\n").filter((line) => line.startsWith(`src/${from}/planted.ts: ${from} may not import `));
    expect(refused.map((line) => line.split(" ").at(-1))).toEqual(forbidden);
  });

  test("a deep folder does not hide an import", () => {
    const source = `import type { A } from "../../../cli/main.ts";\n`;
    expect(plant("src/domain/a/b/planted.ts", source).stderr).toContain("domain may not import cli");
  });

  test.each(names.filter((name) => rooms[name]?.pure))("%s imports no module of Node", (room) => {
    expect(plant(`src/${room}/planted.ts`, `import { readFileSync } from "node:fs";\n`).status).toBe(1);
  });

  test("an import goes down, and never to the same floor", () => {
    for (const { floor, imports } of Object.values(rooms)) {
      for (const to of imports) expect(rooms[to]?.floor).toBeLessThan(floor);
    }
  });

  test("two folders of a room may not import each other", () => {
    const first = plant("src/report/planted-a/one.ts", `import "../planted-b/two.ts";\n`);
    expect(first.status).toBe(0);
    mkdirSync(join(scratch, "src/report/planted-b"), { recursive: true });
    writeFileSync(join(scratch, "src/report/planted-b/two.ts"), `import "../planted-a/one.ts";\n`);
    const both = plant("src/report/planted-a/one.ts", `import "../planted-b/two.ts";\n`);
    rmSync(join(scratch, "src/report/planted-b"), { recursive: true });
    expect(both.status).toBe(1);
    expect(both.stderr).toContain("import each other");
  });

  test("a room that is not in the table is refused", () => {
    expect(plant("src/attic/planted.ts", `import "../domain/arm.ts";\n`).stderr).toContain("src/attic is not in the table");
  });

  test.each([
    `import { ARMS } from "../src/domain/arm.ts";\n`,
    `import type { Plan } from "../src/load/compile-plan.ts";\n`,
    `import { readFileSync } from "node:fs";\n`,
  ])("scenarios take types of the domain and nothing else: %s", (source) => {
    expect(plant("scenarios/planted.ts", source).status).toBe(1);
  });

  test("scenarios may import types of the domain", () => {
    const { stderr } = plant("scenarios/planted.ts", `import type { Arm } from "../src/domain/arm.ts";\n`);
    expect(stderr).not.toContain("scenarios/planted.ts");
  });
});
