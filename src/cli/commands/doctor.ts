import type { Finding } from "../../domain/finding.ts";
import { scenariosOf } from "../../domain/workload.ts";
import { examineTarget } from "../../execution/examine-target.ts";
import { examineLab } from "../../lab/examine-lab.ts";
import { type Command, text } from "../command.ts";
import { readConfig } from "../config/read-config.ts";
import { resolveWorkload } from "../config/resolve-workload.ts";
import { resolveTarget } from "../config/resolve-target.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { locateProject } from "../project.ts";
import { unknownWord } from "../unknown-word.ts";

export const doctor: Command = {
  help: `peakproof doctor [--format text|json]

Says whether everything can be reached, with the least privileges, and how to fix what cannot. It changes nothing.
Exit codes: 0 all that is needed is there, 4 something is missing.

  --config FILE   [default: peakproof.yaml]
`,
  options: { config: { type: "string" }, format: { type: "string" } },
  async run(parsed, context) {
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

function describe({ name, ok, needed, text: said, remedy }: Finding): string {
  return `${ok ? "ok     " : needed ? "MISSING" : "absent "}  ${name.padEnd(22)} ${said}\n${ok || remedy === "" ? "" : `         ${remedy}\n`}`;
}
