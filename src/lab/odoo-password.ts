import { pbkdf2Sync, randomBytes } from "node:crypto";

/** What Odoo 14 to 18 ask of a hash before they replace it by a new one: passlib's default rounds of pbkdf2_sha512. */
const ROUNDS = 25_000;

/** hashOdooPassword makes what stands in res_users.password, in passlib's form `$pbkdf2-sha512$rounds$salt$checksum`. */
export function hashOdooPassword(password: string, salt: Buffer = randomBytes(16)): string {
  const checksum = pbkdf2Sync(password, salt, ROUNDS, 64, "sha512");
  return `$pbkdf2-sha512$${ROUNDS}$${toPasslibBase64(salt)}$${toPasslibBase64(checksum)}`;
}

/** passlib writes base64 without padding and with "." for "+". */
function toPasslibBase64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", ".").replaceAll("=", "");
}
