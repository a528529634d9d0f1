const OLDEST = 14;
const NEWEST = 19;

/** SUPPORTED_VERSIONS names for people what isSupported accepts. */
export const SUPPORTED_VERSIONS = `Odoo ${OLDEST} to ${NEWEST}`;

/** isSupported says whether the harness knows the ways of a version as Odoo or its base module tells it: `17.0`, `saas~17.2.1.0`. */
export function isSupported(version: string): boolean {
  const major = Number(/^(?:saas~)?(\d+)\./.exec(version)?.[1]);
  return major >= OLDEST && major <= NEWEST;
}
