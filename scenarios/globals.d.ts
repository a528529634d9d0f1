/** The part of k6's console that the scenarios use; @types/k6 leaves it to the DOM library, which k6 does not have. */
declare const console: { log(text: string): void; warn(text: string): void };
