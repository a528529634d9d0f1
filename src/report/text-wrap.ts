/** TEXT_COLUMNS is the width of a terminal report and of a CI log that nobody has widened. */
const TEXT_COLUMNS = 80;

/**
 * wrapText breaks text at spaces into lines of at most 80 columns. The first line starts with `first`, the others with as many
 * spaces; a word longer than a line stays whole, since a cut reference or statement cannot be searched for.
 */
export function wrapText(text: string, first: string): readonly string[] {
  const indent = " ".repeat(columnsOf(first));
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/[ \t\r\n]+/).filter((part) => part !== "")) {
    if (!isEmpty && columnsOf(line) + 1 + columnsOf(word) > TEXT_COLUMNS) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return isEmpty ? lines : [...lines, line];
}

/** columnsOf counts code points, which is the width of everything that reports are written with. */
export function columnsOf(text: string): number {
  return text.match(/./gsu)?.length ?? 0;
}
