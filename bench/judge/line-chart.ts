/** Line is one curve of a chart. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Axis {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly across: Axis;
  readonly up: Axis;
  /** A level to hold the curves against. */
  readonly level?: { readonly at: number; readonly text: string };
}

const plot = { width: 360, height: 200, left: 56, top: 34, gapAcross: 40, gapDown: 84 } as const;

/** Each line has its own dash as well as its colour (Okabe and Ito 2008), so that print and any eye tell them apart. */
const dashes = ["", "7 3", "2 3", "", "9 3 2 3", "4 4"] as const;
const colours = ["#0072b2", "#009e73", "#56b4e9", "#d55e00", "#cc79a7", "#999999"] as const;

/** drawPanels draws charts side by side, two in a row, with one key for all; it is readable on light and dark grounds. */
export function drawPanels(title: string, panels: readonly Panel[]): string {
  const [first] = panels;
  const columns = Math.min(2, panels.length);
  const rows = Math.ceil(panels.length / columns);
  const width = columns * (plot.width + plot.left + plot.gapAcross);
  const names = first?.lines.map(({ name }) => name) ?? [];
  const keyTop = 44 + rows * (plot.height + plot.gapDown);
  const height = keyTop + 20 * Math.ceil(names.length / columns) + 8;
  const bodies = panels.map((panel, index) => {
    const x = plot.left + (index % columns) * (plot.width + plot.left + plot.gapAcross);
    const y = plot.top + 24 + Math.floor(index / columns) * (plot.height + plot.gapDown);
    return `<g transform="translate(${x} ${y})">${drawPanel(panel)}</g>`;
  });
  const keys = names.map((name, index) => {
    const x = plot.left + (index % columns) * (plot.width + plot.left + plot.gapAcross);
    const y = keyTop + 20 * Math.floor(index / columns);
    const sample = `<line class="line l${index}" x2="30" y1="-4" y2="-4"/>`;
    return `<g transform="translate(${x} ${y})">${sample}<text x="38">${escape(name)}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escape(title)}</title>
<style>${style()}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="title" x="16" y="24">${escape(title)}</text>
${bodies.join("\n")}
${keys.join("\n")}
</svg>
`;
}

function drawPanel({ title, lines, across, up, level }: Panel): string {
  const { width, height } = plot;
  const x = (value: number) => fixed(width * share(across, value));
  const y = (value: number) => fixed(height * (1 - share(up, value)));
  const words = (text: string, kind: string, place: string) => `<text class="${kind}" ${place}>${escape(text)}</text>`;
  const rule = (kind: string, at: string) => `<line class="${kind}" x2="${width}" y1="${at}" y2="${at}"/>`;
  const rows = up.ticks.map((tick) => {
    return rule("grid", y(tick)) + words(up.text(tick), "tick", `x="-6" y="${y(tick)}" dy="4" text-anchor="end"`);
  });
  const columns = across.ticks.map((tick) => {
    const line = `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y2="${height}"/>`;
    return line + words(across.text(tick), "tick", `x="${x(tick)}" y="${height + 16}" text-anchor="middle"`);
  });
  const curves = lines.map(({ points }, index) => {
    const path = points.map(([at, value]) => `${x(at)} ${y(value)}`).join("L");
    return `<path class="line l${index}" d="M${path}"/>`;
  });
  const held =
    level === undefined
      ? []
      : [rule("level", y(level.at)), words(level.text, "tick", `x="${width - 4}" y="${y(level.at)}" dy="-4" text-anchor="end"`)];
  return [
    words(title, "head", `y="-10"`),
    ...rows,
    ...columns,
    ...held,
    ...curves,
    words(across.label, "axis", `x="${width / 2}" y="${height + 36}" text-anchor="middle"`),
    words(up.label, "axis", `transform="translate(-44 ${height / 2}) rotate(-90)" text-anchor="middle"`),
  ].join("\n");
}

function style(): string {
  const lines = colours.map(
    (colour, index) => `.l${index}{stroke:${colour}${dashes[index] === "" ? "" : `;stroke-dasharray:${dashes[index]}`}}`,
  );
  return `text{font:12px system-ui,sans-serif;fill:#1a2028}.title{font-size:15px;font-weight:600}.head{font-weight:600}
.tick{fill:#57616d;font-size:11px}.ground{fill:#fff}.grid{stroke:#dde1e6}.level{stroke:#57616d;stroke-dasharray:3 3}
.line{fill:none;stroke-width:2;stroke-linejoin:round}${lines.join("")}
@media (prefers-color-scheme:dark){text{fill:#e6e9ed}.tick{fill:#9aa5b1}.ground{fill:#191e25}.grid{stroke:#2d343d}
.level{stroke:#9aa5b1}.l0{stroke:#4ba6e0}.l3{stroke:#f58a3c}}`;
}

function share({ minimum, maximum }: Axis, value: number): number {
  return Math.min(1, Math.max(0, (value - minimum) / (maximum - minimum)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
