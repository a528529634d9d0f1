/** VERSION is the version of peakproof, as in package.json. A verdict contains it, because another version may judge differently. */
export const VERSION = "0.1.0";
