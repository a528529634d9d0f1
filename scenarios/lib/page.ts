import { refuse } from "./step-failure.ts";
import type { Answer } from "./classify.ts";

/** readPage asserts an ordinary page that holds the pattern, and gives the page's text. */
export function readPage(answer: Answer, pattern: RegExp): string {
  if (answer.status !== 200) refuse(`status ${answer.status} (to ${answer.location}) where a page was expected`);
  if (!pattern.test(answer.body)) refuse(`the page lacks ${pattern.source}`);
  return answer.body;
}

/** readRedirect asserts a redirect to a path; the query may be anything. */
export function readRedirect(answer: Answer, path: string): string {
  if (answer.status < 300 || answer.status >= 400) refuse(`status ${answer.status} where a redirect to ${path} was expected`);
  if (answer.location.split("?")[0] !== path) refuse(`redirected to ${answer.location}, not to ${path}`);
  return answer.location;
}

/** findCsrfToken reads the token from the script that is at the head of every website page. */
export function findCsrfToken(page: string): string {
  return /csrf_token:\s*"([0-9a-f]{40}o\d+)"/.exec(page)?.[1] ?? refuse("the page holds no CSRF token");
}

/** findInput reads the value of the first input with that name. */
export function findInput(page: string, name: string): string {
  const tag = new RegExp(`<input\\b[^>]*\\bname="${name}"[^>]*>`).exec(page)?.[0] ?? "";
  return /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? refuse(`the page holds no input ${name}`);
}

/** findData reads the first `data-` attribute with that name. */
export function findData(page: string, name: string): string {
  return new RegExp(`\\bdata-${name}="([^"]*)"`).exec(page)?.[1] ?? refuse(`the page holds no data-${name}`);
}

/** readJson reads an answer whose body is JSON. */
export function readJson(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return refuse("the body is not JSON");
  }
}

/** pathOf reduces an absolute or relative address to its path and query. */
export function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]+/i, "");
}
