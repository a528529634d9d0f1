import { spawn } from "node:child_process";
import { HarnessError } from "../domain/error.ts";

const ARGUMENTS: Readonly<Record<DockerAction, readonly (readonly string[])[]>> = {
  up: [["up", "--detach", "--wait"]],
  status: [["ps"]],
  reset: [
    ["down", "--volumes"],
    ["up", "--detach", "--wait"],
  ],
  down: [["down"]],
};

type DockerAction = "up" | "status" | "reset" | "down";

/**
 * dockerLab runs the lab with `docker compose`. The compose file publishes every port on loopback only. The output of docker goes
 * to stderr.
 */
export async function dockerLab(action: DockerAction, options: { composeFile: string; signal: AbortSignal }): Promise<void> {
  for (const args of ARGUMENTS[action]) await compose(["compose", "--file", options.composeFile, ...args], options.signal);
}

function compose(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) =>
      reject(
        new HarnessError("cannot-measure", message, {
          hint: "Check that Docker Engine with the compose plugin is installed and running: docker info",
          cause,
        }),
      );
    const child = spawn("docker", args, { stdio: ["ignore", 2, 2], signal });
    child.once("error", (cause) => fail("docker could not be started", cause));
    child.once("exit", (code) => (code === 0 ? resolve() : fail(`docker ${args.join(" ")} ended with ${code ?? "a signal"}`)));
  });
}
