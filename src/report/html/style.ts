/**
 * COLOURS are the colours of the page and its charts. The arms are the blue and vermilion of Okabe and Ito (2008), which people with
 * any kind of colour blindness can distinguish. The dark scheme uses lighter shades with a contrast of at least 3:1.
 */
const COLOURS = `
:root{color-scheme:light dark;--paper:#f7f8f9;--card:#fff;--ink:#1a2028;--muted:#57616d;--line:#dde1e6;--soft:#eef0f3;
--band:#dfe4ea;
--baseline:#0072b2;--candidate:#d55e00;--regressed:#b00d4b;--improved:#0b7350;--equivalent:#4b5866;--inconclusive:#806000;
--pass:#0b7350;--fail:#b00d4b;--pass-soft:#e6f3ee;--fail-soft:#fbe9ef;--doubt-soft:#f8f1de;--link:#0b5c99;--hatch:#b9c0c9}
@media (prefers-color-scheme:dark){:root{--paper:#12161b;--card:#191e25;--ink:#e6e9ed;--muted:#9aa5b1;--line:#2d343d;
--soft:#222831;
--band:#333d49;--baseline:#4ba6e0;--candidate:#f58a3c;--regressed:#ff7fa5;--improved:#4cc79a;--equivalent:#a3afbc;
--inconclusive:#e0b84a;
--pass:#4cc79a;--fail:#ff7fa5;--pass-soft:#14291f;--fail-soft:#331722;--doubt-soft:#2d2612;--link:#7cc0f0;--hatch:#4a5461}}`;

/** LAYOUT is the frame of the page and its basic text styles. */
const LAYOUT = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:56px}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,footer,.top{max-width:1160px;margin:0 auto;padding:0 24px}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.patterns{position:absolute}
.top{display:flex;flex-wrap:wrap;gap:4px 28px;align-items:baseline;padding-top:18px;padding-bottom:14px}
.top .name{font-weight:700;letter-spacing:.01em;color:var(--ink);text-decoration:none}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px}
nav a{text-decoration:none;color:var(--muted)}
nav a:hover{color:var(--ink);text-decoration:underline}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 26px 26px;margin:0 0 18px}
h1,h2,h3{line-height:1.25;margin:0}
h2{font-size:20px;letter-spacing:-.005em}
h3{font-size:15.5px;margin:30px 0 8px}
p{margin:8px 0}
small{display:block;font-size:12.5px;color:var(--muted);font-weight:400}
.muted,.lead{color:var(--muted)}
.lead{max-width:76ch;margin:4px 0 14px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.no-data{color:var(--muted);font-style:italic;margin:10px 0}
.tag{display:inline-block;font-size:12px;line-height:1.5;padding:0 7px;border-radius:4px;background:var(--soft);
color:var(--muted);white-space:nowrap}
.code,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px}
pre{margin:8px 0;padding:12px 14px;background:var(--soft);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;
font-size:12.5px}
figure{margin:0}
footer{color:var(--muted);font-size:13px;padding-bottom:28px}`;

/** VERDICT is the first screen, and the lists of causes and validity facts. */
const VERDICT = `
.verdict{border-left-width:6px;--tone:var(--inconclusive);border-left-color:var(--tone)}
.verdict-pass{--tone:var(--pass)}.verdict-fail{--tone:var(--fail)}.verdict-inconclusive{--tone:var(--inconclusive)}
.banner{display:flex;gap:20px;align-items:flex-start}
.verdict-shape{flex:none;margin-top:2px}
.verdict-shape circle{fill:var(--tone)}
.verdict-shape path{fill:none;stroke:var(--card);stroke-width:3.6;stroke-linecap:round;stroke-linejoin:round}
h1{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 14px;font-size:34px;letter-spacing:-.01em}
h1 .word{color:var(--tone)}
h1 .against{font-size:20px;font-weight:500;color:var(--muted);letter-spacing:0}
.summary{font-size:18px;line-height:1.45;max-width:64ch;margin:8px 0 0}
dl{margin:0}dd{margin:0}dt{color:var(--muted);font-size:13px}
.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:14px 28px;margin-top:20px;padding-top:16px;
border-top:1px solid var(--line)}
.facts .whole{grid-column:1/-1}
.facts dd{font-size:14px}.facts dd strong{font-size:20px;line-height:1.2;margin-right:6px}
.meter .track{fill:var(--band)}.meter .fill{fill:var(--tone)}
.answers{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin-top:14px}
.answer{border:1px solid var(--line);border-radius:8px;padding:12px 16px;--tone:var(--ink)}
.answer p{margin:2px 0}.question{color:var(--muted);font-size:14px}
.reply{font-size:19px;font-weight:650;color:var(--tone)}
.certainty{font-size:13.5px;color:var(--muted)}
.answer.verdict-pass{--tone:var(--pass);background:var(--pass-soft)}
.answer.verdict-fail{--tone:var(--fail);background:var(--fail-soft)}
.answer.verdict-inconclusive{--tone:var(--inconclusive);background:var(--doubt-soft)}
.answer.unmeasured{border-style:dashed;--tone:var(--muted)}
.answer.unmeasured .reply{font-weight:500}
.reasons,.validity{margin:8px 0 0;padding:0;list-style:none}
.reasons li,.validity li{padding:3px 0}
.action{display:grid;grid-template-columns:1fr 1fr;gap:16px 40px}
.next ol{margin:8px 0 0;padding-left:22px}.next li{padding:2px 0}
.causes{margin:14px 0 0;padding-left:22px}.causes li{padding:2px 0 8px}.causes p{margin:2px 0}
.severity-invalid{background:var(--fail-soft);color:var(--fail)}.severity-disturbed,
.severity-unsteady,.severity-bars-pass{background:var(--doubt-soft);
color:var(--inconclusive)}
.validity small{display:inline;margin-left:6px}.validity p{margin:0 0 6px}`;

/** TABLES also styles the lists of definitions. */
const TABLES = `
.scroll{overflow-x:auto;scrollbar-width:thin}
table{overflow-wrap:break-word;border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
thead th{font-size:12.5px;font-weight:500;color:var(--muted);vertical-align:bottom;white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
.num{text-align:right;white-space:nowrap}
.num small{white-space:nowrap}
.nowrap,.where{white-space:nowrap}
.wide{min-width:220px}
th[scope=row]{min-width:104px}.worst{min-width:170px}
.indicators th[scope=row]{min-width:270px}
.statement{min-width:220px;max-width:420px}.statement code{font-weight:400}
.statement summary{cursor:pointer;color:var(--link);font-weight:400;font-size:13px}
.indicators th:first-child{position:sticky;left:0;background:var(--card)}
.harm,.status-broken{color:var(--regressed);font-weight:650}
.status-not-checked{color:var(--inconclusive)}
.definitions{display:grid;gap:0}
.definitions div{display:grid;grid-template-columns:300px 1fr;gap:16px;padding:5px 0;border-bottom:1px solid var(--line)}
.definitions div:last-child{border-bottom:0}.definitions dd{font-size:14px;min-width:0;overflow-wrap:anywhere}
.warning{color:var(--inconclusive);font-size:13.5px}`;

/** FOREST has three columns: name, chart, numbers. On a phone the chart moves to a line of its own. */
const FOREST = `
svg text{font-size:12px;fill:var(--muted);font-family:inherit}
.axis,.effect-plot,.strip-plot{display:block}
.axis,.strip-plot{overflow:visible}
.catch{fill:transparent}
.tick{stroke:var(--muted);stroke-opacity:.55;stroke-width:1}
.key{vertical-align:-2px;flex:none}
.arm-baseline{--tone:var(--baseline)}.arm-candidate{--tone:var(--candidate)}.arm-none{--tone:var(--ink)}
.arm-baseline .mark{fill:var(--card);stroke:var(--tone);stroke-width:1.8}.arm-candidate .mark,.mark.arm-none{fill:var(--tone)}
.key .stroke{stroke:var(--tone);stroke-width:1.8}.key.arm-baseline .stroke{stroke-dasharray:5 3}
.is-regressed{--tone:var(--regressed)}.is-improved{--tone:var(--improved)}
.is-equivalent,.is-not-worse{--tone:var(--equivalent)}.is-inconclusive{--tone:var(--inconclusive)}
.is-regressed .mark,.is-improved .mark,.is-equivalent .mark{fill:var(--tone)}
.mark.hollow{fill:var(--card);stroke:var(--tone);stroke-width:2}
.interval{stroke:var(--tone);stroke-width:2}
.neutral{stroke:var(--muted);stroke-width:1;stroke-dasharray:2 3}
.band{fill:var(--band)}
.band-key,.excluded-key,.event-key{display:inline-block;width:20px;height:12px;vertical-align:-1px;background:var(--band)}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;font-size:13.5px;color:var(--muted);margin:10px 0 14px}
.legend>span{display:inline-flex;gap:6px;align-items:center}
.forest{margin-top:18px}
.effect-row{display:grid;grid-template-columns:minmax(0,300px) minmax(0,1fr) 170px;gap:0 18px;align-items:center}
.effect-head,.effect-head .figures{font-size:12.5px}
.effect-head{color:var(--muted);padding-bottom:6px;border-bottom:1px solid var(--line)}
.axis-title{display:flex;justify-content:space-between;gap:12px;text-align:center}.axis-title strong{font-weight:600;
color:var(--ink)}
.effect{border-bottom:1px solid var(--soft)}
.effect summary{list-style:none;cursor:pointer;padding:2px 0}
.effect summary::-webkit-details-marker{display:none}
.effect summary:hover,.effect[open]{background:var(--soft)}
.effect-name{display:flex;gap:8px;align-items:baseline;font-size:14px;line-height:1.3;padding:4px 0 4px 4px}
.effect-name small{display:inline;margin-left:6px}
.figures{text-align:right;font-size:13.5px;line-height:1.3;padding-right:6px;white-space:nowrap}
.figures strong{display:block}.figures>span{color:var(--muted)}
.effect-detail{padding:4px 14px 12px 26px;font-size:14px}
.effect-detail dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:8px 20px}
.effect-axis{padding-top:2px}`;

/** STRIPS has three columns (name, value axis, plot) in all charts, so that the time axes are aligned. */
const STRIPS = `
.timeline{margin-top:22px}
.timeline figcaption,.waterfall figcaption{font-size:14px;padding-bottom:4px}
.timeline figcaption .muted,.waterfall figcaption .muted{font-size:13px;margin-left:8px}
.strip{display:grid;grid-template-columns:190px 50px minmax(0,1fr);border-top:1px solid var(--soft);padding:4px 0}
.strip-axis{padding:0;border-top:0}
.layer{font-size:12.5px;font-weight:600;color:var(--muted);margin:14px 0 2px}
.strip-name{font-size:14px;line-height:1.35;padding:6px 8px 0 0;min-width:0}
.strip-name strong{font-weight:600}.strip-name .unit{display:inline}
.medians{display:grid;grid-template-columns:repeat(3,auto);justify-content:start;gap:0 12px;margin-top:2px}
.part{display:grid;grid-template-columns:subgrid;grid-column:1/-1;align-items:center}
.median{display:inline-flex;align-items:center;gap:3px;white-space:nowrap}
.part-word{white-space:nowrap;display:inline-flex;align-items:center;gap:5px}
.part-key{display:inline-block;width:16px;height:0;border-top:2px solid var(--muted)}
.part-key.part-planned{border-top-style:dashed;border-top-width:1.5px}.part-key.part-p50{border-top-width:1px}
.grid{stroke:var(--line);stroke-width:1}
.line{fill:none;stroke:var(--tone);stroke-width:1.7;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
.line.arm-baseline{stroke-dasharray:5 3}
.line.part-p50{stroke-width:1.1}
.line.part-planned{stroke:var(--muted);stroke-dasharray:6 4;stroke-width:1.5}
.line.part-failed,.line.part-dropped{stroke:var(--regressed)}
.spread{fill:var(--tone);fill-opacity:.1;stroke:none}
.excluded{fill:url(#hatch)}.hatch-ground{fill:var(--soft)}.hatch-line{stroke:var(--hatch);stroke-width:2}
.excluded-key{background:repeating-linear-gradient(45deg,var(--hatch) 0 1.5px,var(--soft) 1.5px 5px)}
.event{stroke:var(--muted);stroke-width:1;stroke-dasharray:1 3}
.event-tick{stroke:var(--muted);stroke-width:1.5}
.event-fold{margin:8px 0 0 240px;font-size:13.5px}
.event-fold summary{cursor:pointer;color:var(--link)}.event-fold .event-lists{margin-left:0}
.event-key{width:0;border-left:2px dotted var(--muted);background:none}
.event-number{font-size:12px;font-weight:600;fill:var(--ink)}
.axis-name{font-size:12px;color:var(--muted);text-align:center;margin:0}
.event-lists{display:flex;flex-wrap:wrap;gap:4px 48px;font-size:13.5px;margin:8px 0 0 240px}
.event-lists>*{min-width:0}
.event-lists ol,.event-lists ul{margin:0;padding-left:20px}.event-lists ul{list-style:none;padding-left:0}
.clock{display:inline-block;min-width:38px}`;

/** WATERFALL draws the rows of added time. */
const WATERFALL = `
.waterfall{margin-top:14px;max-width:820px}
.waterfall p{font-size:13.5px}.fall .num{white-space:normal}
.fall{display:grid;grid-template-columns:200px minmax(0,1fr) 60px;gap:0 14px;align-items:center;font-size:14px}
.bar-more{fill:var(--regressed)}.bar-less{fill:var(--improved)}.bar-total{fill:var(--equivalent)}
.bar-unknown{fill:url(#hatch);stroke:var(--muted)}`;

/** NARROW adapts text and tables to phones. */
const NARROW = `
@media (max-width:720px){main,footer,.top{padding-left:12px;padding-right:12px}
section{padding:18px 16px 20px;border-radius:8px}
.banner{gap:14px}.verdict-shape{width:36px;height:36px}
h1{font-size:27px}h1 .against{font-size:17px}.summary{font-size:16.5px}
.facts,.answers,.action{grid-template-columns:1fr}.answers{gap:10px}
.indicators th[scope=row]{min-width:150px;max-width:150px}
.definitions div{grid-template-columns:1fr;gap:0}}`;

/** NARROW_CHARTS adapts the charts to phones. */
const NARROW_CHARTS = `
@media (max-width:720px){.effect-row{grid-template-columns:minmax(0,1fr) auto;gap:0 10px}
.effect-row>.effect-plot,.effect-row>.axis-title,.effect-axis>.axis{grid-column:1/-1;grid-row:2}
.effect-axis>span{display:none}
.axis-title{flex-wrap:wrap;padding-top:6px}.axis-title strong{order:-1;flex-basis:100%}
.effect-name small{display:none}.figures span{display:block}
.effect summary{padding:4px 0 6px}.effect-detail{padding-left:6px}
.strip{grid-template-columns:50px minmax(0,1fr)}.strip-name{grid-column:1/-1;padding:4px 0}.strip>.no-data{grid-column:1/-1}
.strip-axis>span:first-child,.strip>span.strip-name{display:none}
.event-lists,.event-fold{margin-left:0}
.fall{grid-template-columns:98px minmax(0,1fr) 54px;gap:0 8px}}`;

/** PRINT adapts the page to A4 paper. */
const PRINT = `
@page{size:A4 landscape;margin:12mm}
@media print{:root{color-scheme:light}
body{background:#fff;font-size:10.5pt}main,footer,.top{max-width:none;padding-left:0;padding-right:0}nav{display:none}
section{border:0;border-top:1px solid var(--line);border-radius:0;padding:12px 0}.verdict{border-left:0}
.scroll{overflow:visible}table{font-size:8pt}.indicators th,.indicators td{padding-right:6px}
thead th,.where{white-space:normal}.wide,.worst{min-width:0}
.indicators{font-size:6pt}.indicators small{font-size:5.5pt}.indicators thead th{font-size:5.5pt}
.indicators .key{display:none}.indicators th[scope=row]{min-width:90px;max-width:none}.indicators th:first-child{position:static}
.effect,.strip,.fall,.answer,tr,pre{break-inside:avoid}h2,h3,figcaption{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;

/** PAGE_STYLE is the complete style sheet of the page. */
export const PAGE_STYLE = [COLOURS, LAYOUT, VERDICT, TABLES, FOREST, STRIPS, WATERFALL, NARROW_CHARTS, NARROW, PRINT].join("\n");
