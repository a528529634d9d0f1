import type { Timeline, TimelineEvent } from "../domain/judgement/timeline.ts";
import { formatClock } from "./figures.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { drawStretches, MOST_DRAWN_EVENTS } from "./svg-timeline.ts";
import { placeInTime } from "./time-place.ts";

/** More events than this are counted and not listed; all of them are in the JSON verdict. */
const MOST_EVENTS = 100;
/** A list longer than this is folded, so that it does not push the pictures off the screen. */
const MOST_OPEN = 8;
/** Numbers nearer than this, in per cent of the axis, would touch on a telephone: they go to the next row. */
const NUMBER_DISTANCE = 7;
const ROW_HEIGHT = 18;
const MOST_ROWS = 5;

/** renderEvents numbers the events on the time axis and lists them by number, with the blocks that were left out. */
export function renderEvents(timeline: Timeline): Markup {
  const events = timeline.events.toSorted((a, b) => a.atMs - b.atMs);
  const head = markup`<figcaption><strong>Events</strong>
<span class="muted">marks only: neither side is better</span></figcaption>`;
  if (events.length === 0 && timeline.excluded.length === 0)
    return markup`<figure class="timeline" data-chart="events">${head}
<p class="no-data">No event was seen, and no block was left out.</p></figure>`;
  return markup`<figure class="timeline" data-chart="events">${head}
<div class="strip"><span class="strip-name"></span><span></span>${drawEvents(events, timeline)}</div>
${renderLists(events, timeline)}</figure>`;
}

function renderLists(events: readonly TimelineEvent[], timeline: Timeline): Markup {
  const items = events
    .slice(0, MOST_EVENTS)
    .map(
      ({ atMs, kind, label }) =>
        markup`<li><span class="clock">${formatClock(atMs)}</span> <span class="tag">${kind}</span> ${label}</li>`,
    );
  const stretches = timeline.excluded.slice(0, MOST_EVENTS).map(
    ({ startMs, endMs, reason }) => markup`<li><span class="clock">${formatClock(startMs)} to ${formatClock(endMs)}</span>
<span class="tag">left out</span> ${reason}</li>`,
  );
  const more = events.length + timeline.excluded.length - items.length - stretches.length;
  const rest = more > 0 ? markup`<p class="muted">and ${more} more in the JSON verdict</p>` : NOTHING;
  const left = stretches.length === 0 ? NOTHING : markup`<ul>${stretches}</ul>`;
  const lists = markup`<div class="event-lists"><ol>${items}</ol>${left}${rest}</div>`;
  if (events.length <= MOST_OPEN && timeline.excluded.length <= MOST_OPEN) return lists;
  const count = `${events.length} events, ${timeline.excluded.length} stretches left out`;
  return markup`<details class="event-fold"><summary>${count}</summary>${lists}</details>`;
}

/** drawEvents draws a mark an event, numbered as long as numbers can be told apart. */
function drawEvents(events: readonly TimelineEvent[], timeline: Timeline): Markup {
  const places = events.map(({ atMs }) => placeInTime(atMs, timeline));
  const rows = events.length > MOST_DRAWN_EVENTS ? places.map(() => MOST_ROWS) : assignRows(places);
  const height = (Math.max(0, ...rows.filter((row) => row < MOST_ROWS)) + 1) * ROW_HEIGHT + 6;
  const marks = places.map((place, index) => drawEvent(place, rows[index] ?? MOST_ROWS, index + 1, height));
  return markup`<svg class="strip-plot" width="100%" height="${height}" aria-hidden="true">${drawStretches(timeline)}
<line class="tick mark" x1="0" x2="100%" y1="${height - 0.5}" y2="${height - 0.5}"/>${marks}</svg>`;
}

function drawEvent(place: number, row: number, number: number, height: number): Markup {
  if (row >= MOST_ROWS)
    return markup`<line class="event-tick" x1="${place}%" x2="${place}%" y1="${height - 10}" y2="${height}"/>`;
  const anchor = place < 2 ? "start" : place > 98 ? "end" : "middle";
  const top = row * ROW_HEIGHT + 13;
  return markup`<line class="event" x1="${place}%" x2="${place}%" y1="${top + 3}" y2="${height}"/>
<text class="event-number" x="${place}%" y="${top}" text-anchor="${anchor}">${number}</text>`;
}

/** assignRows puts each number into the first row where it has room beside the last one. */
function assignRows(places: readonly number[]): readonly number[] {
  const lastPlaces: number[] = [];
  return places.map((place) => {
    const free = lastPlaces.findIndex((last) => place - last >= NUMBER_DISTANCE);
    const row = free === -1 ? lastPlaces.length : free;
    lastPlaces[row] = place;
    return row;
  });
}
