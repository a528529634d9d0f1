/** WorkDone is how much of a long stage is done: `share` from 0 to 1, null where nothing is known yet, and a short text for people. */
interface WorkDone {
  readonly share: number | null;
  readonly detail: string;
}

/** CountLines reads the output of a program line by line and says after each line how much of its work is done. */
export type CountLines = (line: string) => WorkDone;

/**
 * countGoPackages counts what `go build -v` prints: the import path of each package when Go compiles it. `listed` are all packages of
 * the program (`go list -deps`). Packages that Go has in its own cache are not printed, so the share is a lower limit.
 */
export function countGoPackages(listed: ReadonlySet<string>): CountLines {
  const built = new Set<string>();
  return (line) => {
    if (listed.has(line)) built.add(line);
    const share = listed.size === 0 ? null : built.size / listed.size;
    return { share, detail: `${built.size} of at most ${listed.size} packages compiled` };
  };
}

/** Each package is downloaded, unpacked and set up; apt prints one line for each. */
const STEPS = 3;

/**
 * countDebianPackages counts the steps of apt for each package. apt says how many packages are new before it begins, first for the
 * essential packages and then for the others, so `expected` stands in until apt has named more.
 */
export function countDebianPackages(expected: number): CountLines {
  let named = 0;
  let steps = 0;
  let ready = 0;
  return (line) => {
    const fresh = /(\d+) newly installed/.exec(line)?.[1];
    if (fresh !== undefined) named += Number(fresh);
    if (/^Get:\d+(?: \S+){6} \[/.test(line) || /^(?:Unpacking|Setting up) \S+/.test(line)) steps += 1;
    if (line.startsWith("Setting up ")) ready += 1;
    const total = Math.max(expected, named);
    return { share: Math.min(1, steps / (STEPS * total)), detail: `${ready} of about ${total} packages installed` };
  };
}

/**
 * countOdooModules reads Odoo's `Loading module sale (12/58)`. Odoo loads `base` by itself first, as `(1/1)`, which says nothing about
 * the rest.
 */
export function countOdooModules(): CountLines {
  let last: WorkDone = { share: null, detail: "" };
  return (line) => {
    const [, name, number, total] = /Loading module (\S+) \((\d+)\/(\d+)\)/.exec(line) ?? [];
    if (name === undefined || Number(total) < 2) return last;
    // A module is announced when Odoo begins with it.
    last = { share: (Number(number) - 1) / Number(total), detail: `module ${number} of ${total}: ${name}` };
    return last;
  };
}
