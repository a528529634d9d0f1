/** A helper process of the bench: does the tasks that it is sent, one after another. */
import { doTask, type Task } from "./task.ts";

process.on("message", (task: Task) => {
  process.send?.(doTask(task));
});
