/** OdooFault is an error that Odoo itself answered, inside an HTTP 200. */
export class OdooFault extends Error {
  /** Python class, such as `odoo.exceptions.AccessError` or `psycopg2.OperationalError`. */
  readonly fault: string;

  constructor(fault: string, message: string) {
    super(message);
    this.name = "OdooFault";
    this.fault = fault;
  }
}
