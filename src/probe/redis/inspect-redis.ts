import type { Finding } from "../../domain/target/finding.ts";
import { blocking, good, poorer, reasonOf } from "../finding.ts";
import { openRedisSession } from "./redis-connection.ts";
import { parseRedisInfo } from "./redis-info.ts";

/** inspectRedis looks whether Redis answers, and whether it could throw sessions away. */
export async function inspectRedis(url: string): Promise<readonly Finding[]> {
  const session = openRedisSession(url);
  const { host } = new URL(url);
  try {
    const info = parseRedisInfo(await session.info());
    const policy = info.get("maxmemory_policy") ?? "unknown";
    const answers = good("redis", `Redis ${info.get("redis_version") ?? ""} answers at ${host}`);
    if (!policy.startsWith("allkeys")) return [answers];
    const text = `Redis may evict any key when memory is full (${policy}): shoppers would be logged out`;
    return [answers, poorer("redis", text, "Set maxmemory-policy to noeviction or to a volatile- policy.")];
  } catch (error) {
    const reason = reasonOf(error);
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason)) {
      return [
        blocking("redis", `Redis at ${host} refuses: ${reason}`, "Put user and password into the Redis URL; it needs +info."),
      ];
    }
    return [blocking("redis", `Redis does not answer at ${host}: ${reason}`, "Start it, correct the URL, or leave it out.")];
  } finally {
    session.close();
  }
}
