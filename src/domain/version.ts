/** VERSION is the release of peakproof itself, as package.json has it: part of a verdict, since another one may judge otherwise. */
export const VERSION = "0.1.0";
