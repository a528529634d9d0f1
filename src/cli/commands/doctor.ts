import { ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import { scenariosOf } from "../../domain/load/plan.ts";
import type { Finding } from "../../domain/target/finding.ts";
import { examineTarget } from "../../execution/shop-target.ts";
import { examineLab } from "../../lab/lab-up.ts";
import { rolesScript } from "../../probe/postgres/roles-script.ts";
import { resolveWorkload } from "../config/load.ts";
import { readConfig } from "../config/read-config.ts";
import { resolveTarget } from "../config/target.ts";
import { type Command, type CommandContext, EXIT_CODE, type ParsedArguments, text, texts } from "../terminal/command.ts";
import { locateProject } from "../terminal/project.ts";
import { unknownWord } from "../terminal/words.ts";

export const doctor: Command = {
  help: `peakproof doctor [--format text|json]
peakproof doctor --print-sql [--database NAME]...

Checks that every connection works with the least privileges, says how to fix what is missing, and measures what each probe costs.
The command changes nothing. Exit codes: 0 everything that is needed is there, 4 something is missing.

  --print-sql       print a psql script that creates the roles of the probe and invariants connections, without passwords
  --database NAME   for --print-sql, may be repeated [default: the databases of the config's arms]
  --config FILE     [default: peakproof.yaml]
`,
  options: {
    config: { type: "string" },
    format: { type: "string" },
    "print-sql": { type: "boolean" },
    database: { type: "string", multiple: true },
  },
  async run(parsed, context) {
    if (parsed.values["print-sql"] === true) {
      const named = texts(parsed, "database");
      context.streams.out.write(rolesScript(named.length > 0 ? named : databasesOf(parsed, context)));
      return EXIT_CODE.pass;
    }
    const format = text(parsed, "format") ?? "text";
    if (format !== "text" && format !== "json") throw unknownWord("format", format, ["text", "json"]);
    const project = locateProject(parsed, context);
    const config = readConfig(project.configPath);
    const findings =
      "lab" in config.target
        ? await examineLab({ projectDir: project.folder })
        : await examineTarget(
            resolveTarget(config.target, context.environment),
            scenariosOf(resolveWorkload(config.workload, undefined)),
          );
    context.streams.out.write(format === "json" ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join(""));
    return findings.every(({ ok, needed }) => ok || !needed) ? EXIT_CODE.pass : EXIT_CODE["cannot-measure"];
  },
};

/** databasesOf reads the databases from the config. It needs no secret, because the script creates the roles of the connections. */
function databasesOf(parsed: ParsedArguments, context: CommandContext): readonly string[] {
  const { target } = readConfig(locateProject(parsed, context).configPath);
  if ("lab" in target) {
    throw new HarnessError("usage", "the lab creates its own roles", {
      hint: "Name a database of your own: peakproof doctor --print-sql --database shop",
    });
  }
  return [...new Set(ARMS.flatMap((arm) => target.arms[arm]?.database ?? []))];
}

function describe({ name, ok, needed, text: said, remedy }: Finding): string {
  return `${ok ? "ok     " : needed ? "MISSING" : "absent "}  ${name.padEnd(22)} ${said}\n${ok || remedy === "" ? "" : `         ${remedy}\n`}`;
}
