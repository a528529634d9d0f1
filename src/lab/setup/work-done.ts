/**
 * WorkDone is the progress of a long stage: `share` from 0 to 1, null where it is not known yet, and a short text for the user.
 */
interface WorkDone {
  readonly share: number | null;
  readonly detail: string;
}

/** CountLines reads the output of a program line by line and returns the progress after each line. */
export type CountLines = (line: string) => WorkDone;

/**
 * countGoPackages counts the lines of `go build -v`, which prints the import path of each package that it compiles. `listed` are
 * all packages of the program (`go list -deps`). Packages in Go's own cache are not printed, so the share is a lower limit.
 */
export function countGoPackages(listed: ReadonlySet<string>): CountLines {
  const built = new Set<string>();
  return (line) => {
    if (listed.has(line)) built.add(line);
    const share = listed.size === 0 ? null : built.size / listed.size;
    return { share, detail: `${built.size} of at most ${listed.size} packages compiled` };
  };
}

/** Steps per package: download, unpack, set up. apt prints one line for each. */
const STEPS = 3;

/**
 * countDebianPackages counts the steps of apt for each package. apt prints the number of new packages first for the essential
 * packages and later for the others. `expected` is used until apt has announced more than that.
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
 * countOdooModules reads Odoo's `Loading module sale (12/58)`. Odoo first loads `base` alone, as `(1/1)`; that line is ignored.
 */
export function countOdooModules(): CountLines {
  let last: WorkDone = { share: null, detail: "" };
  return (line) => {
    const [, name, number, total] = /Loading module (\S+) \((\d+)\/(\d+)\)/.exec(line) ?? [];
    if (name === undefined || Number(total) < 2) return last;
    // Odoo prints the line when it begins to load the module.
    last = { share: (Number(number) - 1) / Number(total), detail: `module ${number} of ${total}: ${name}` };
    return last;
  };
}
