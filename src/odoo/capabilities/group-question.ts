import type { ServerFacts } from "./server-facts.ts";

/**
 * groupQuestion tells whom `has_group` is asked of: from 18 on a user, and before the model, for whoever asks. No field tells, and
 * the wrong question would leave an error in the server's log, so this goes by the version.
 */
export const groupQuestion = {
  asks: {},
  pick: ({ server }: ServerFacts): "user" | "model" => (server.major >= 18 ? "user" : "model"),
};
