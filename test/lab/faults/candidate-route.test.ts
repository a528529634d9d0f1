import { expect, test } from "vitest";
import { parse } from "yaml";

import { renderDetour } from "../../../src/lab/faults/ingress-faults.ts";
import { renderTraefikRoutes } from "../../../src/lab/services/traefik.ts";

const own = Object.keys(parse(renderTraefikRoutes({ baseline: 1, candidate: 2 })).http.services);

test("only requests to the candidate's own service pass the slow middleware", () => {
  const middleware = { forwardAuth: { address: "http://127.0.0.1:3" } };
  const { http } = parse(renderDetour({ middleware }));
  expect(http.routers.drill).toMatchObject({ entryPoints: ["candidate"], middlewares: ["drill"] });
  expect(own).toContain(http.routers.drill.service);
  expect(http.middlewares.drill).toEqual(middleware);
  expect(http.services).toBeUndefined();
});

test("a share of the requests goes to the other server, and the rest to the candidate's own service", () => {
  const { http } = parse(renderDetour({ elsewhere: { url: "http://127.0.0.1:3", share: 0.05 } }));
  const services: { name: string; weight: number }[] = http.services.drill.weighted.services;
  const total = services.reduce((sum, { weight }) => sum + weight, 0);
  const [first, second] = services;
  expect(own).toContain(first?.name);
  expect(http.services[second?.name ?? ""].loadBalancer.servers).toEqual([{ url: "http://127.0.0.1:3" }]);
  expect((second?.weight ?? 0) / total).toBeCloseTo(0.05);
  expect(http.routers.drill.service).toBe("drill");
});

test("the detour's router comes before the candidate's own", () => {
  const [router] = Object.values<{ rule: string }>(parse(renderTraefikRoutes({ baseline: 1, candidate: 2 })).http.routers);
  // Traefik's default priority is the length of the rule.
  expect(parse(renderDetour({})).http.routers.drill.priority).toBeGreaterThan(router?.rule.length ?? Infinity);
});
