// What the drawn views share: text that fits, one tab stop in a drawing, and words beside a mark.

const ruler = document.createElement("canvas").getContext("2d");
const SANS = getComputedStyle(document.body).fontFamily;
/** How wide a text is, in pixels; long texts are measured by their beginning, which is wider than any room. */
const textWidth = (text, size = 12, weight = 400) => {
  ruler.font = `${weight} ${size}px ${SANS}`;
  return ruler.measureText(text.slice(0, 400)).width;
};
/** A text as far as there is room for it. */
const cutText = (text, room, size = 12, weight = 400) => {
  if (textWidth(text, size, weight) <= room && text.length <= 400) return text;
  let letters = [...text.slice(0, 400)];
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, size, weight) > room) letters = letters.slice(0, -1);
  return `${letters.join("").trimEnd()}…`;
};
/** A text in lines of a width, `most` at most; words that are too long for one are cut. */
const textLines = (text, room, { size = 12, weight = 400, most = 2 } = {}) => {
  const lines = [];
  for (const word of text.slice(0, 1000).split(/\s+/u).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, size, weight) <= room) lines[lines.length - 1] = longer;
    else if (lines.length < most) lines.push(word);
    else {
      lines[most - 1] += ` ${word}`;
      break;
    }
  }
  return lines.map((line) => cutText(line, room, size, weight));
};
/** The lines of a text as an SVG text, the first at `y`. */
const textBlock = (lines, x, y, attributes = {}, high = 14) =>
  vector("text", { x, y, ...attributes }, ...lines.map((line, index) => vector("tspan", { x, y: y + index * high }, line)));

const MONTHS = "January February March April May June July August September October November December".split(" ");
/** A date as people read it: 24 September 2023, September 2023, 2023; letters say how long a month may be. */
const dateWords = (date, letters = 9) => {
  const [year, month, day] = date.split("-");
  const name = month && MONTHS[Number(month) - 1];
  return [day && String(Number(day)), name && (letters > 3 ? name : name.slice(0, 3)), year].filter(Boolean).join(" ");
};
const familyOf = (s) => told.acts?.[s.act]?.family ?? "says";
/** Whom a statement speaks of: whom it is aimed at and whom it is about, without its speaker. */
const spokenOf = (s) => [...new Set([s.target, ...s.about])].filter((index) => index !== null && index !== s.speaker);
/** When a statement was said, in words. */
const saidWhen = (s) => {
  if (s.date && daysOf(s.date)) return `said ${dateWords(s.date)}${s.dateStatus === "derived" ? ", by the article’s date" : ""}`;
  const published = articles[s.article].date;
  return `${s.dateStatus === "unresolved" ? "day told without its year" : "day not told"}, ${published ? `article of ${dateWords(published)}` : "article without a date"}`;
};
/** Who, what, when, and the words: what a mark of a statement tells. */
const statementWords = (index) => {
  const s = statements[index];
  return { head: speakerName(s), lines: [`${actOf(s)} · ${TYPES[s.type] ?? s.type}`, saidWhen(s)], quote: quoteOf(s).slice(0, 240) };
};
const spoken = ({ head, lines = [], quote = "" }) => [head, ...lines, quote].filter(Boolean).join(", ").slice(0, 500);

/** A card beside a mark: `show(element, words)` and `hide()`. It says what the mark's own name says, so readers of screens skip it. */
const teller = (root) => {
  const card = root.appendChild(make("div", { class: "tip", hidden: true, "aria-hidden": "true" }));
  const show = (element, { head, lines = [], quote = "" }) => {
    card.replaceChildren(make("b", {}, bdi(head)), ...lines.map((line) => make("p", {}, bdi(line))), quote ? make("q", {}, bdi(quote)) : "");
    card.hidden = false;
    const [mark, frame] = [element.getBoundingClientRect(), root.getBoundingClientRect()];
    const [wide, high] = [card.offsetWidth, card.offsetHeight];
    const left = Math.max(8, Math.min(mark.left + mark.width / 2 - wide / 2 - frame.left, root.clientWidth - wide - 8));
    const below = Math.min(innerHeight, frame.bottom) - mark.bottom > high + 8 || mark.top - Math.max(frame.top, 0) < high + 8;
    card.style.left = `${left + root.scrollLeft}px`;
    card.style.top = `${(below ? mark.bottom + 6 : mark.top - 6 - high) - frame.top + root.scrollTop}px`;
  };
  return { show, hide: () => (card.hidden = true) };
};

/** Drawing → the key of the mark that Tab comes to. */
const tabStops = new Map();
/**
 * Make marks of a drawing reachable: one tab stop, arrows to walk, Enter and click to choose; pointing and focus tell.
 * `rows` holds lists of { element, key, x, words(), enter(led) } in the order of reading.
 */
const walkable = (svg, rows, { show, hide }) => {
  const lines = rows.filter((row) => row.length);
  const of = new Map(lines.flatMap((row, line) => row.map((item, at) => [item.element, { ...item, line, at }])));
  if (!of.size) return;
  const items = [...of.values()];
  const stop = (item) => {
    svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    item.element.setAttribute("tabindex", "0");
    tabStops.set(svg.id, item.key);
  };
  const under = (target) => {
    for (let one = target; one && one !== svg; one = one.parentNode) if (of.has(one)) return of.get(one);
    return null;
  };
  const nearest = (line, x) => line.reduce((best, item) => (Math.abs(item.x - x) < Math.abs(best.x - x) ? item : best));
  const next = ({ line, at, x }, { key, ctrlKey }) => {
    const row = lines[line];
    if (key === "ArrowRight") return row[at + 1];
    if (key === "ArrowLeft") return row[at - 1];
    if (key === "ArrowDown") return lines[line + 1] && nearest(lines[line + 1], x);
    if (key === "ArrowUp") return lines[line - 1] && nearest(lines[line - 1], x);
    if (key === "Home") return ctrlKey ? lines[0][0] : row[0];
    if (key === "End") return ctrlKey ? lines.at(-1).at(-1) : row.at(-1);
    return null;
  };
  const enter = (item, led) => {
    item.enter(led);
    // What was entered may have been drawn anew.
    if (!item.element.isConnected) $(svg.id)?.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  };
  const WALKING = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];
  const keys = (event) => {
    const here = under(event.target);
    if (!here || event.metaKey || event.altKey) return;
    if (WALKING.includes(event.key)) (next(here, event) ?? here).element.focus();
    else if (event.key === "Enter") enter(here, true);
    else if (event.key === " ") enter(here, false);
    else {
      if (event.key === "Escape") hide();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  svg.addEventListener("keydown", keys);
  svg.addEventListener("click", (event) => {
    const item = under(event.target);
    if (item) stop(item);
    if (item) enter(item, false);
  });
  svg.addEventListener("pointerover", (event) => {
    const item = under(event.target);
    if (item) show(item.element, item.words());
    else hide();
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("focusin", (event) => {
    const item = under(event.target);
    if (!item) return;
    stop(item);
    show(item.element, item.words());
  });
  svg.addEventListener("focusout", hide);
  for (const item of items) item.element.setAttribute("tabindex", "-1");
  stop(items.find(({ key }) => key === tabStops.get(svg.id)) ?? items[0]);
};
/** Views whose drawing is as wide as the page leaves room: they are drawn anew when that changes. */
const wideViews = new Set();
let pageWide = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === pageWide) return;
  pageWide = innerWidth;
  if (wideViews.has(openView)) draw();
});
/** A button inside a drawing. */
const markButton = (words, attributes, ...children) => vector("g", { role: "button", "aria-label": words, ...attributes }, ...children);
