import type { ScenarioName } from "../domain/load/plan.ts";
import type { ScenarioDeclaration } from "../domain/load/scenario-declaration.ts";
import { SCENARIOS } from "../domain/load/scenarios.ts";

/** RouteStep maps the requests of one route to the scenario step that makes them, so that work counted by route is counted by step. */
export interface RouteStep {
  readonly method: string;
  /** As `normaliseRoute` writes it. */
  readonly route: string;
  readonly step: string;
  /** Null for a request of the set-up, which belongs to no scenario. */
  readonly scenario: ScenarioName | null;
}

/**
 * ROUTE_STEPS are the routes of all declared scenarios. Each route with its method belongs to one step of one scenario. A step has
 * more than one route where servers do the same thing in different ways; each server knows one of them.
 */
export const ROUTE_STEPS: readonly RouteStep[] = [
  { method: "POST", route: "/web/session/authenticate", step: "session/login", scenario: null },
  ...SCENARIOS.flatMap(({ name, steps }) => routesOf(name, steps)),
];

function routesOf(scenario: ScenarioName, steps: ScenarioDeclaration["steps"]): readonly RouteStep[] {
  return Object.entries(steps).flatMap(([step, requests]) =>
    requests.map((request) => {
      const [method = "", route = ""] = request.split(" ", 2);
      return { method, route, step, scenario };
    }),
  );
}

/** findRouteStep finds the step of a request by its method and normalised route; null for requests that no scenario makes. */
export function findRouteStep(method: string, route: string): RouteStep | null {
  return ROUTE_STEPS.find((entry) => entry.method === method && entry.route === route) ?? null;
}
