/** TextStyle is what a terminal can do to a word; the word itself carries the meaning. */
export type TextStyle = "bold" | "dim" | "red" | "green" | "yellow";

export type Styler = (style: TextStyle, text: string) => string;

/** SGR holds the codes of ECMA-48 that begin and end each style. */
const SGR: Readonly<Record<TextStyle, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export const plainStyler: Styler = (_style, text) => text;

/** ansiStyler always colours: whether the stream is a terminal is decided by the caller, who has the stream. */
export const ansiStyler: Styler = (style, text) => {
  const [begin, end] = SGR[style];
  return `\u001b[${begin}m${text}\u001b[${end}m`;
};
