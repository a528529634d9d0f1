/** newRunId makes an id from UTC time and chance: short, since it stands in every record that a run creates. */
export function newRunId(now: Date, random: () => number): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  const chance = Math.floor(random() * 36 ** 3)
    .toString(36)
    .padStart(3, "0");
  return `${date.slice(2).replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}-${chance}`;
}
