/** LimitedCall is a call that is given up after a time; what it still does after that is over when `settled` is. */
export interface LimitedCall<Value> {
  readonly answer: Promise<Value>;
  /** Never rejects. */
  readonly settled: Promise<void>;
}

/** callWithin asks for a value and gives up after `limitMs`, telling the asked part by its signal. */
export function callWithin<Value>(limitMs: number, ask: (signal: AbortSignal) => Promise<Value>): LimitedCall<Value> {
  const giveUp = new AbortController();
  const asked = ask(giveUp.signal);
  const answer = new Promise<Value>((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp.abort();
      reject(new Error(`no answer within ${limitMs} ms`));
    }, limitMs);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
  return { answer, settled: asked.then(nothing, nothing) };
}

function nothing(): void {}
