/** parsePressure reads the total of the `some` line of /proc/pressure/<resource>: microseconds in which some task waited. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}
