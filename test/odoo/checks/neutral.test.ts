import { createServer } from "node:http";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { requireNeutral } from "../../../src/odoo/checks/neutral.ts";
import { openOdooSession } from "../../../src/odoo/connection/session.ts";
import { listen } from "../../probe/listen.ts";

/** The answers of search_read by model; a string is the class of an error. */
const answers = new Map<string, readonly object[] | string>();

const server = createServer((request, response) => {
  const [, model = ""] = /call_kw\/([^/]+)\//.exec(request.url ?? "") ?? [];
  const answer = answers.get(model) ?? { uid: 2, user_companies: {} };
  const result =
    typeof answer === "string" ? { error: { message: "x", data: { name: answer, message: "no" } } } : { result: answer };
  response.setHeader("set-cookie", "session_id=abc; Path=/");
  response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...result }));
});
let baseUrl = "";

beforeAll(async () => {
  baseUrl = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  answers.set("ir.mail_server", []);
  answers.set("ir.model", [{ id: 9, model: "payment.acquirer" }]);
  answers.set("payment.acquirer", []);
  answers.set("payment.provider", "builtins.KeyError");
});

async function check(): Promise<void> {
  await requireNeutral(await openOdooSession({ baseUrl, database: "shop", login: "api", password: "api" }));
}

test.each(["localhost", "127.0.0.1", "127.1.2.3", "::1", " localhost ", "smtp.invalid", "invalid"])(
  "a mail server at %s is accepted: no mail leaves it",
  async (smtp_host) => {
    answers.set("ir.mail_server", [{ id: 3, name: "Sink", smtp_host }]);
    await expect(check()).resolves.toBeUndefined();
  },
);

test.each(["smtp.office365.com", "10.0.0.5", "mail.invalid.example.com", "localhost.example.com", "notinvalid"])(
  "a mail server at %s is refused, and the message names it",
  async (smtp_host) => {
    answers.set("ir.mail_server", [
      { id: 3, name: "Sink", smtp_host: "localhost" },
      { id: 4, name: "Office", smtp_host },
    ]);
    await expect(check()).rejects.toMatchObject({
      code: "cannot-measure",
      message: expect.stringContaining(`outgoing mail server "Office" (id 4) sends to ${smtp_host}`),
      hint: expect.stringContaining("Archive the mail server"),
    });
  },
);

test("a mail server without a host is accepted: it stands for the one of Odoo's configuration file", async () => {
  answers.set("ir.mail_server", [{ id: 3, name: "Command line", smtp_host: false }]);
  await expect(check()).resolves.toBeUndefined();
});

test.each(["payment.acquirer", "payment.provider"])("an enabled %s is refused, and the message names it", async (model) => {
  answers.set("payment.acquirer", "builtins.KeyError");
  answers.set("ir.model", [{ id: 9, model }]);
  answers.set(model, [{ id: 5, name: "Stripe" }]);
  await expect(check()).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringContaining('payment provider "Stripe" (id 5) is enabled'),
    hint: expect.stringContaining("Test Mode"),
  });
});

test("a shop without payment modules is accepted", async () => {
  answers.set("ir.model", []);
  answers.set("payment.acquirer", "builtins.KeyError");
  await expect(check()).resolves.toBeUndefined();
});

test("a user who may not read mail servers is refused", async () => {
  answers.set("ir.mail_server", "odoo.exceptions.AccessError");
  await expect(check()).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringContaining("may not see whether shop sends real mail"),
    hint: expect.stringContaining("invariantsDsnEnv"),
  });
});
