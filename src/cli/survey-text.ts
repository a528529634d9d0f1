import type { ScenarioSurvey, ServerSurvey } from "../execution/survey-server.ts";

/** describeSurvey prints what a server said of itself: its capabilities as a table, then what it can be loaded with. */
export function describeSurvey(survey: ServerSurvey): string {
  const { version, database, scenarios, locks } = survey;
  const sections = [
    [`Odoo ${version}, database ${database}`],
    columns(["capability", "way"], waysOf(scenarios)),
    columns(
      ["scenario", "can run"],
      scenarios.map((each) => [each.scenario, scenarioWords(each)]),
    ),
    columns(["shop", "has"], shopRows(survey)),
    locks.length === 0 ? ["It may be loaded."] : locks.map(({ text, remedy }) => `Before a load: ${text}\n  ${remedy}`),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** waysOf joins the ways of all scenarios that can run. */
function waysOf(scenarios: readonly ScenarioSurvey[]): readonly (readonly [string, string])[] {
  const ways = new Map<string, string>();
  for (const survey of scenarios) {
    if (survey.lack !== null) continue;
    for (const [name, way] of Object.entries(survey.ways)) ways.set(name, way);
  }
  return [...ways];
}

function scenarioWords(survey: ScenarioSurvey): string {
  if (survey.lack !== null) return `no: ${survey.lack.text}`;
  const counts = {
    products: survey.products,
    customers: survey.customers,
    "ready pickings": survey.pickings,
    tills: survey.tills,
  };
  const held = Object.entries(counts).filter(([, count]) => count > 0);
  return `yes: ${held.map(([what, count]) => `${count} ${what}`).join(", ")}`;
}

const SHOP_WORDS = {
  open: "open to everybody",
  login: "for those with an account",
  "no-database": "unknown: the server has several databases, and none for this host name",
  absent: "none",
} as const;

function shopRows({ visitor, payments }: ServerSurvey): readonly (readonly [string, string])[] {
  return [
    ["page", SHOP_WORDS[visitor.shop]],
    ["guests", visitor.account === "mandatory" ? "may not check out" : "may check out"],
    ["payment", payments === null ? "not for this user to see" : paymentWords(payments)],
  ];
}

function paymentWords(payments: NonNullable<ServerSurvey["payments"]>): string {
  return payments.length === 0 ? "none" : payments.map(({ name, state }) => `${name} (${state})`).join(", ");
}

function columns(head: readonly [string, string], rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...[head, ...rows].map(([name]) => name.length)) + 2;
  const line = ([name, value]: readonly [string, string]) => `${name.padEnd(width)}${value}`;
  return [line(head), line(["-".repeat(width - 2), "-".repeat(head[1].length)]), ...rows.map((row) => line(row))];
}
