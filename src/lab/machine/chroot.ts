import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Chroot is a root filesystem and the host folder that programs inside see as /lab. */
export interface Chroot {
  readonly root: string;
  readonly lab: string;
}

/**
 * ENTER mounts in a private mount namespace that ends with the program, so nothing is left on the host, even after SIGKILL. /tmp
 * is the lab's own, because all labs of the machine share the root filesystem.
 */
const ENTER = `set -e
root=$1; lab=$2; user=$3; shift 3
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$lab" "$root/lab"
mount --bind "$lab/tmp" "$root/tmp"
exec chroot --userspec="$user" "$root" "$@"`;

/** ENTER_LAB does the same for a program of the host: /mnt is the lab and /mnt/program the program, wherever both are stored. */
const ENTER_LAB = `set -e
lab=$1; program=$2; uid=$3; gid=$4; shift 4
mount --bind "$lab" /mnt
mount --bind "$program" /mnt/program
exec setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs /mnt/program "$@"`;

/** inChroot returns the command line that runs `argv` in the root filesystem as an unprivileged user. The pid stays the same. */
export function inChroot(chroot: Chroot, user: string, argv: readonly string[]): readonly string[] {
  return ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", ENTER, "sh", chroot.root, chroot.lab, user, ...argv];
}

/** onHost returns the command line that runs a program of the host, with its own libraries, as an unprivileged user. */
export function onHost(
  lab: string,
  program: string,
  user: { readonly uid: number; readonly gid: number },
  argv: readonly string[],
): readonly string[] {
  const enter = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", ENTER_LAB, "sh"];
  return [...enter, lab, program, String(user.uid), String(user.gid), ...argv];
}

/** chrootUser returns the ids of a user of the root filesystem, for files that the host creates for that user. */
export function chrootUser(root: string, name: string): { readonly uid: number; readonly gid: number } {
  for (const line of readFileSync(join(root, "etc/passwd"), "utf8").split("\n")) {
    const fields = line.split(":");
    if (fields[0] === name) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(`the root filesystem has no user ${name}`);
}
