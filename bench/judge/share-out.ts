import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Done, Task } from "./task.ts";

/** At most four helpers: the bench is made for two slow cores, and a shared machine should not be filled. */
const mostHelpers = 4;

/** shareOut does all tasks in helper processes, one a core; results come in the order of the tasks, whoever did them. */
export async function shareOut(tasks: readonly Task[], progress: (done: number) => void): Promise<Done[]> {
  const results: Done[] = [];
  let next = 0;
  let done = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      // The loader that runs this file from its source comes with execArgv.
      const helper = fork(fileURLToPath(new URL("./helper.ts", import.meta.url)));
      let mine = -1;
      const give = () => {
        mine = next;
        next += 1;
        const task = tasks[mine];
        if (task === undefined) helper.disconnect();
        else helper.send(task);
      };
      helper.on("message", (found: Done) => {
        results[mine] = found;
        done += 1;
        progress(done);
        give();
      });
      helper.on("error", reject);
      helper.on("exit", (code) => {
        if (code === 0 && tasks[mine] === undefined) resolve();
        else reject(new Error(`a helper of the bench ended with code ${code} in task ${JSON.stringify(tasks[mine])}`));
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(mostHelpers, availableParallelism()) }, work));
  return results;
}
