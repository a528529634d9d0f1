import { z } from "zod";
import { OdooFault } from "../odoo-fault.ts";

const window = z.object({ res_model: z.string() });

/** refuseWindow takes for a refusal what Odoo answers where it would ask a person: a window to open; nothing was done then. */
export function refuseWindow(answer: unknown, doing: string): void {
  if (answer === true) return;
  const asked = window.safeParse(answer);
  throw new OdooFault("window", `${doing} opens a window (${asked.data?.res_model ?? "of an unknown kind"})`);
}
