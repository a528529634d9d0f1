/** FOREST lays a row out as name, picture, figures; on a telephone the picture gets a line of its own. */
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
.band-key,.left-out-key,.event-key{display:inline-block;width:20px;height:12px;vertical-align:-1px;background:var(--band)}
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

/** STRIPS share three columns (name, value axis, plot), so that every picture has the same time axis. */
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
.left-out{fill:url(#hatch)}.hatch-ground{fill:var(--soft)}.hatch-line{stroke:var(--hatch);stroke-width:2}
.left-out-key{background:repeating-linear-gradient(45deg,var(--hatch) 0 1.5px,var(--soft) 1.5px 5px)}
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

const WATERFALL = `
.waterfall{margin-top:14px;max-width:820px}
.waterfall p{font-size:13.5px}.fall .num{white-space:normal}
.fall{display:grid;grid-template-columns:200px minmax(0,1fr) 60px;gap:0 14px;align-items:center;font-size:14px}
.bar-more{fill:var(--regressed)}.bar-less{fill:var(--improved)}.bar-total{fill:var(--equivalent)}
.bar-unknown{fill:url(#hatch);stroke:var(--muted)}`;

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

/** CHART_STYLE is the part of the page's style that draws. */
export const CHART_STYLE = [FOREST, STRIPS, WATERFALL, NARROW_CHARTS].join("\n");
