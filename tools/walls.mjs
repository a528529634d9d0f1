// npm run lint calls this after oxlint. Which room may import which is a table here; the folders of a room may not import each other
// in a circle. `node tools/walls.mjs --graph` prints the import graph between rooms and folders, and `--rooms` the table as JSON.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * ROOMS are the rooms of `src/`, from the ground floor up. `imports` lists the rooms that a room may import. A pure room imports no
 * module of Node, so that its functions have no clock, file or network.
 */
const ROOMS = {
  domain: { floor: 0, pure: true, imports: [] },
  statistics: { floor: 0, pure: true, imports: [] },
  files: { floor: 1, pure: false, imports: ["domain"] },
  "odoo-log": { floor: 1, pure: true, imports: ["domain"] },
  evaluator: { floor: 2, pure: true, imports: ["domain", "statistics"] },
  report: { floor: 2, pure: true, imports: ["domain"] },
  load: { floor: 2, pure: false, imports: ["domain", "files"] },
  probe: { floor: 2, pure: false, imports: ["domain", "files", "odoo-log"] },
  lab: { floor: 2, pure: false, imports: ["domain", "files"] },
  odoo: { floor: 2, pure: false, imports: ["domain", "files"] },
  bundle: { floor: 2, pure: false, imports: ["domain", "files", "odoo-log"] },
  evidence: { floor: 3, pure: false, imports: ["domain", "files", "odoo-log", "bundle"] },
  execution: {
    floor: 4,
    pure: false,
    imports: ["domain", "statistics", "files", "odoo-log", "evaluator", "load", "probe", "lab", "odoo", "bundle", "evidence"],
  },
  cli: {
    floor: 5,
    pure: false,
    imports: ["domain", "files", "evaluator", "report", "probe", "lab", "odoo", "bundle", "evidence", "execution"],
  },
};

/** Scenarios run inside k6, which strips types: they may import types of these rooms, and no values. */
const SCENARIO_TYPES = ["domain"];

const found = readImports(fileURLToPath(new URL("..", import.meta.url)));
if (process.argv.includes("--graph")) printGraph(found);
if (process.argv.includes("--rooms")) console.log(JSON.stringify(ROOMS));
const breaches = wallBreaches(found);
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length === 0 ? 0 : 1;

/** readImports lists the imports of all TypeScript files below `root`/src and `root`/scenarios. */
function readImports(root) {
  return ["src", "scenarios"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => importsOf(root, join(top, file))),
  );
}

function importsOf(root, file) {
  const text = readFileSync(join(root, file), "utf8");
  const matches = text.matchAll(/^(?:import|export)\s+(?:(type)\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm);
  return [...matches].map(([, type, from, dynamic]) => {
    const module = from ?? dynamic ?? "";
    const path = module.startsWith(".")
      ? relative(root, resolve(root, dirname(file), module))
          .split(sep)
          .join("/")
      : null;
    return { file: file.split(sep).join("/"), module, path, isType: type === "type" };
  });
}

/** wallBreaches lists every import that the walls forbid, one sentence each. */
function wallBreaches(imports) {
  return [...imports.flatMap((each) => roomBreach(each)), ...folderCycles(imports), ...unknownRooms(imports)];
}

function roomBreach({ file, module, path, isType }) {
  const from = roomOf(file);
  if (file.startsWith("scenarios/")) return scenarioBreach({ file, module, path, isType });
  const room = ROOMS[from];
  if (room === undefined) return [];
  if (path === null) {
    return room.pure && module.startsWith("node:") ? [`${file}: ${from} is pure and imports ${module}`] : [];
  }
  if (!path.startsWith("src/")) return [`${file}: imports ${path}, which is outside of src`];
  const to = roomOf(path);
  if (to === from || room.imports.includes(to)) return [];
  return [`${file}: ${from} may not import ${to ?? path}`];
}

function scenarioBreach({ file, module, path, isType }) {
  if (module.startsWith("node:")) return [`${file}: scenarios run inside k6 and import ${module}`];
  if (path === null || path.startsWith("scenarios/")) return [];
  if (isType && SCENARIO_TYPES.includes(roomOf(path))) return [];
  return [`${file}: scenarios may import types of ${SCENARIO_TYPES.join(", ")} only, and import ${path}`];
}

function unknownRooms(imports) {
  const rooms = [...new Set(imports.map(({ file }) => roomOf(file)))].filter((room) => room !== null && room !== "scenarios");
  return rooms
    .filter((room) => ROOMS[room] === undefined)
    .map((room) => `src/${room} is not in the table of rooms of tools/walls.mjs`);
}

/** folderCycles names the folders of one room that reach each other. Files directly in a room count as the folder of that name. */
function folderCycles(imports) {
  const edges = folderEdges(imports);
  const reaches = (start, goal) => {
    const seen = new Set();
    const open = [start];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const next of edges.get(folder)?.keys() ?? []) {
        if (next === goal) return true;
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
    return false;
  };
  return [...edges].flatMap(([from, to]) =>
    [...to].filter(([next]) => reaches(next, from)).map(([next, file]) => `${file}: ${from} and ${next} import each other`),
  );
}

/** folderEdges maps each folder to the folders that it imports, and to the first file that does so. */
function folderEdges(imports) {
  const edges = new Map();
  for (const { file, path } of imports) {
    if (path === null || roomOf(file) !== roomOf(path) || roomOf(file) === null) continue;
    const [from, to] = [dirname(file), dirname(path)];
    if (from === to) continue;
    const own = edges.get(from) ?? new Map();
    if (!own.has(to)) own.set(to, file);
    edges.set(from, own);
  }
  return edges;
}

/** roomOf is the room of a file below src, or `scenarios`; null for src/index.ts and files elsewhere. */
function roomOf(path) {
  const [top, room, ...rest] = path.split("/");
  if (top === "scenarios") return top;
  return top === "src" && rest.length > 0 ? room : null;
}

/** printGraph writes the arrows between rooms, floor by floor, and below each room those between its folders. */
function printGraph(imports) {
  const lines = [];
  for (const [room, { floor }] of Object.entries(ROOMS).toReversed()) {
    const own = imports.filter(({ file, path }) => roomOf(file) === room && path !== null);
    const to = [...new Set(own.map(({ path }) => roomOf(path)))].filter((other) => other !== room).sort(byName);
    lines.push(`${floor}  ${room} -> ${to.join(", ") || "nothing"}`);
    for (const [from, folders] of folderEdges(own)) {
      const short = (folder) => folder.slice(`src/${room}`.length + 1) || "(room)";
      lines.push(`     ${short(from)} -> ${[...folders.keys()].map(short).sort(byName).join(", ")}`);
    }
  }
  console.log(lines.join("\n"));
}

function byName(left, right) {
  return left < right ? -1 : Number(left > right);
}
