import type { ArmEndpoint } from "../../src/domain/target/target.ts";

/** armEndpoint is an arm with only the endpoints that `own` names. */
export function armEndpoint(own: Partial<ArmEndpoint> = {}): ArmEndpoint {
  return {
    baseUrl: "http://127.0.0.1:1",
    database: "b",
    login: "admin",
    password: "admin",
    probeDsn: null,
    invariantsDsn: null,
    odooLog: null,
    odooPids: [],
    traefikService: null,
    ...own,
  };
}
