import { HarnessError } from "../../domain/error.ts";
import { dockerLab } from "../../lab/docker-lab.ts";
import { labDown, labReset, labStatus, labUp } from "../../lab/lab-up.ts";
import { type Command, EXIT_CODE, text } from "../terminal/command.ts";
import { terminalProgress } from "../terminal/progress.ts";
import { locateProject, packageFolder } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";

const ACTIONS = ["up", "status", "reset", "down"] as const;

type Action = (typeof ACTIONS)[number];

export const lab: Command = {
  help: `peakproof lab up|status|reset|down

Manages the lab, a real stack on this machine: Odoo, PostgreSQL, Redis and Traefik on free loopback ports.

  up      build what is missing in the cache (the first time about 12 minutes) and start the services
  status  show services, processes and ports; exit code 0 when the lab is healthy
  reset   delete databases and logs, and start again
  down    stop all services; databases stay

  --engine native|docker   docker uses docker-compose.yml instead [default: native]
  --config FILE            the lab's state is in .lab beside it [default: peakproof.yaml]
`,
  options: { engine: { type: "string" }, config: { type: "string" } },
  async run(parsed, context) {
    const action = readAction(parsed.positionals);
    const engine = text(parsed, "engine") ?? "native";
    const progress = terminalProgress(context.streams.err);
    if (engine === "docker") {
      await dockerLab(action, { composeFile: `${packageFolder}docker-compose.yml`, signal: context.signal });
      return EXIT_CODE.pass;
    }
    if (engine !== "native") throw unknownWord("engine", engine, ["native", "docker"]);
    const options = { projectDir: locateProject(parsed, context).folder, signal: context.signal, progress };
    try {
      if (action === "down") await labDown(options);
      else if (action === "reset") await labReset(options);
      else if (action === "up") await labUp(options);
    } finally {
      progress.end();
    }
    const { health, services } = await labStatus(options);
    const { out } = context.streams;
    out.write(`lab ${health}\n`);
    for (const { name, pid, address } of services) {
      out.write(
        `  ${name.padEnd(16)} ${pid === null ? "not running" : `pid ${pid}`.padEnd(12)} ${pid === null ? "" : (address ?? "")}\n`,
      );
    }
    return health === "broken" || (action === "status" && health === "down") ? EXIT_CODE["cannot-measure"] : EXIT_CODE.pass;
  },
};

function readAction(positionals: readonly string[]): Action {
  const [word] = positionals;
  const action = ACTIONS.find((known) => known === word);
  if (action !== undefined) return action;
  if (word === undefined) throw new HarnessError("usage", "lab needs an action", { hint: `One of: ${ACTIONS.join(", ")}.` });
  throw unknownWord("lab action", word, ACTIONS);
}
