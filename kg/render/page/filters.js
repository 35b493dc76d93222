// What is shown. A statement is shown when no filter hides it; a name when its kind is on and a shown statement touches it.

/** The filters whose options can be switched off; `code` says which option a statement falls under, -1 for none. */
const facets = [];
/** Group → the keys of the options that are off; `line` hides lines of the picture only. */
const off = { kind: new Set(), act: new Set(), type: new Set(), side: new Set(), publisher: new Set(), article: new Set(), line: new Set() };
/** First and last day of the chosen range; null where it is open. */
const range = { from: null, to: null };
let shown = { statements: statements.map(() => true), actors: actors.map((_, index) => touching[index].length > 0) };

/** A filter with an option for each key that occurs, those with most statements first. */
const facet = (group, name, keyOf, label, order = null) => {
  const at = new Map();
  const code = Int32Array.from(statements, (s) => {
    const key = keyOf(s);
    if (key === null) return -1;
    if (!at.has(key)) at.set(key, at.size);
    return at.get(key);
  });
  const total = new Int32Array(at.size);
  for (const option of code) if (option >= 0) total[option] += 1;
  const options = [...at].map(([key, position]) => ({ key, position, total: total[position], label: label(key) }));
  options.sort((a, b) => (order ? order.indexOf(a.key) - order.indexOf(b.key) : b.total - a.total) || (a.label.text < b.label.text ? -1 : 1));
  facets.push({ group, name, code, options, bit: 1 << facets.length, counts: total });
};
const articleKey = (article) => pathOf(article).split("/").pop();
const articleAt = new Map(articles.map((article) => [articleKey(article), article]));
facet("type", "How it is quoted", (s) => s.type, (key) => ({ text: TYPES[key] ?? key, glyph: key === "indirect" ? "hollow" : "statement" }), Object.keys(TYPES));
facet("act", "What the speaker does", (s) => s.act, (key) => ({ text: actName(key) }));
facet("side", "Speaker’s side", (s) => (sideOf(s) === null ? "none" : pathOf(actors[sideOf(s)])),
  (key) => ({ text: key === "none" ? "no side told" : thing(byPath.get(key)).name }));
facet("publisher", "Publisher", (s) => articles[s.article].publisher ?? "none", (key) => ({ text: key === "none" ? "not stated" : key }));
facet("article", "Articles", (s) => articleKey(articles[s.article]), (key) => {
  const article = articleAt.get(key);
  return { text: article.name, below: [article.publisher, article.date].filter(Boolean).join(" · ") || article.id };
});
const kindOf = Int32Array.from(statements, (s) => (s.speaker === null ? -1 : Object.keys(KINDS).indexOf(actors[s.speaker].kind)));
const KIND_BIT = 1 << facets.length;
const DATE_BIT = KIND_BIT << 1;
/** First and last day of each statement. */
const days = statements.map(whenOf);
/** For each statement the bits of the filters that hide it. */
const hiding = new Int32Array(statements.length);
/** Kind → how many names all other filters leave. */
let kindCounts = {};

const sift = () => {
  hiding.fill(0);
  for (const { group, code, options, bit } of facets) {
    if (!off[group].size) continue;
    const hidden = [];
    for (const { key, position } of options) hidden[position] = off[group].has(key);
    for (let index = 0; index < hiding.length; index += 1) if (hidden[code[index]]) hiding[index] |= bit;
  }
  if (off.kind.size) {
    const hidden = Object.keys(KINDS).map((kind) => off.kind.has(kind));
    kindOf.forEach((kind, index) => hidden[kind] && (hiding[index] |= KIND_BIT));
  }
  if (range.from !== null || range.to !== null) days.forEach((span, index) => inRange(span) || (hiding[index] |= DATE_BIT));
  const touched = touchedBy((bits) => bits === 0);
  shown = {
    statements: Array.from(hiding, (bits) => bits === 0),
    actors: actors.map(({ kind }, index) => touched[index] === 1 && !off.kind.has(kind)),
  };
  recount();
};
const inRange = (span) => span !== null && (range.from === null || span[1] >= range.from) && (range.to === null || span[0] <= range.to);
const touchedBy = (passes) => {
  const touched = new Uint8Array(actors.length);
  for (let index = 0; index < hiding.length; index += 1) if (passes(hiding[index])) for (const actor of ends[index]) touched[actor] = 1;
  return touched;
};
/** Count for every option what it would show, given all the other filters. */
const recount = () => {
  for (const one of facets) {
    const others = ~one.bit;
    one.counts = new Int32Array(one.options.length);
    for (let index = 0; index < hiding.length; index += 1) if (one.code[index] >= 0 && (hiding[index] & others) === 0) one.counts[one.code[index]] += 1;
  }
  kindCounts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0]));
  touchedBy((bits) => (bits & ~KIND_BIT) === 0).forEach((yes, index) => yes && (kindCounts[actors[index].kind] += 1));
};
/** A figure is shown when its statement is; one that no statement holds, when its article is. */
const claimShown = ({ statement, article }) =>
  statement !== null ? shown.statements[statement] : article === null || !(off.article.has(articleKey(articles[article])) || off.publisher.has(articles[article].publisher ?? "none"));
/** All keys of a group, in their order. */
const keysOf = (group) => {
  if (group === "kind") return Object.keys(KINDS).filter((kind) => actors.some((actor, index) => actor.kind === kind && touching[index].length));
  if (group === "line") return Object.keys(LINES).filter((style) => allLines.some((line) => line.style === style));
  return facets.find((one) => one.group === group).options.map(({ key }) => key);
};
const filtersOn = () => Object.values(off).filter((keys) => keys.size).length + (range.from !== null || range.to !== null ? 1 : 0);

// ------------------------------------------------------------ the boxes

const AT_ONCE = 60;
/** Box and number of every option on the page: `group key` → { box, row, number }. */
const boxes = new Map();

const option = (group, key, ...label) => {
  const box = make("input", { type: "checkbox", "data-group": group, value: key });
  const number = make("span", { class: "number" });
  const row = make("label", { class: label.length > 1 ? "choice" : "choice plain" }, box, ...label, number);
  box.checked = !off[group].has(key);
  box.addEventListener("change", () => {
    off[group][box.checked ? "delete" : "add"](key);
    changed();
  });
  boxes.set(`${group} ${key}`, { box, row, number });
  return row;
};
const optionOf = (group, { key, label }) => {
  const words = make("span", {}, bdi(label.text, { class: "name" }), label.below ? make("small", {}, bdi(label.below)) : null);
  return option(group, key, ...(label.glyph ? [glyph(label.glyph)] : []), words);
};
/** The first options, and a button for the rest. */
const optionList = (list, group, options) => {
  list.append(...options.slice(0, AT_ONCE).map((one) => optionOf(group, one)));
  const rest = options.slice(AT_ONCE);
  if (!rest.length) return;
  const more = make("button", { type: "button", class: "link", click: () => (more.remove(), optionList(list, group, rest), showNumbers()) }, `Show ${rest.length.toLocaleString("en")} more`);
  list.append(more);
};
const switchAll = (group, keys, on) => {
  off[group] = new Set(on ? [] : keys);
  changed();
};
const groupOf = (group, name, keys, list) =>
  make("div", { class: `group ${group}`, role: "group", "aria-labelledby": `${group}-name` },
    make("div", { class: "both" }, make("h2", { id: `${group}-name` }, name),
      ...(keys.length > 2 ? [["all", true], ["none", false]].map(([words, on]) =>
        make("button", { type: "button", "aria-label": `${name}: ${words}`, click: () => switchAll(group, keys, on) }, words)) : [])),
    list);
const showFilters = () => {
  const kinds = keysOf("kind");
  const kindList = make("div", { id: "kinds" }, ...kinds.map((kind) => option("kind", kind, glyph(kind), make("span", { class: "name" }, KINDS[kind][0]))));
  const styles = keysOf("line");
  const lineList = make("div", { id: "lines" }, ...styles.map((style) => option("line", style, lineGlyph(style), make("span", { class: "name" }, LINES[style]))));
  $("facets").append(groupOf("kind", "Who and what", kinds, kindList));
  if (styles.length) $("facets").append(groupOf("line", "Lines", styles, lineList));
  $("facets").append(...dateGroup());
  for (const { group, name, options } of facets) {
    // A single option, chosen for all, filters nothing.
    if (options.length < 2 && group !== "type" && group !== "article") continue;
    const list = make("div", { id: `${group}-list`, class: "list" });
    optionList(list, group, options);
    $("facets").append(groupOf(group, name, options.map(({ key }) => key), list));
  }
  $("clear").addEventListener("click", () => (clearFilters(), changed(), $("search").focus()));
  $("filters").hidden = !statements.length;
  $("filters").open = !narrow.matches;
  narrow.addEventListener("change", () => ($("filters").open = !narrow.matches));
};
const clearFilters = () => {
  for (const group of Object.keys(off)) off[group] = new Set();
  range.from = range.to = null;
};
/** Put state and live count into every box. */
const showNumbers = () => {
  const put = (group, key, number) => {
    const shownBox = boxes.get(`${group} ${key}`);
    if (!shownBox) return;
    const { box, row, number: place } = shownBox;
    box.checked = !off[group].has(key);
    row.classList.toggle("off", !box.checked);
    row.classList.toggle("zero", number === 0);
    place.textContent = number.toLocaleString("en");
  };
  for (const [kind, number] of Object.entries(kindCounts)) put("kind", kind, number);
  for (const { group, options, counts } of facets) for (const { key, position } of options) put(group, key, counts[position]);
  for (const [style, number] of Object.entries(lineCounts())) put("line", style, number);
  showDates();
  const on = filtersOn();
  $("filtered").textContent = on ? `${several(on, "filter")} on` : "";
  $("clear").hidden = !on;
};
const linkedNames = touching.filter((some) => some.length).length;
const showCounts = () => {
  // Each half stays on one line.
  $("counts").replaceChildren(
    make("span", {}, `${count(shown.actors).toLocaleString("en")} of ${several(linkedNames, "name")} ·`), " ",
    make("span", {}, `${count(shown.statements).toLocaleString("en")} of ${several(statements.length, "statement")}`));
};

// ------------------------------------------------------------ the histogram of dates

const LAST = days.reduce((most, span) => Math.max(most, span?.[1] ?? -Infinity), -Infinity);
const FIRST = days.reduce((least, span) => Math.min(least, span?.[0] ?? Infinity), Infinity);
const HIGH = 44;
/** Bars of one day, month or year each, so that there are at most some sixty. */
const bars = (() => {
  if (FIRST > LAST) return [];
  const letters = LAST - FIRST < 62 ? 10 : LAST - FIRST < 62 * 30.5 ? 7 : 4;
  const found = [];
  for (let day = FIRST; day <= LAST; day = found.at(-1).last + 1) {
    const name = isoDay(day).slice(0, letters);
    const [first, last] = daysOf(name);
    found.push({ name, first, last, number: 0 });
  }
  return found;
})();
/** Statement → its bar; -1 where its date is less exact than a bar. */
const barOf = (() => {
  const at = new Map();
  bars.forEach(({ first, last }, index) => {
    for (let day = first; day <= last; day += 1) at.set(day, index);
  });
  return Int32Array.from(days, (span) => (span && at.get(span[0]) === at.get(span[1]) ? at.get(span[0]) ?? -1 : -1));
})();
/** The bar that the keys are at, and the one where a drag began. */
let barAt = 0;
let dragFrom = null;

const dateGroup = () => {
  if (bars.length < 2) return [];
  const svg = vector("svg", {
    id: "histogram", viewBox: `0 0 240 ${HIGH}`, preserveAspectRatio: "none", tabindex: "0", role: "slider", "aria-label": "Statements by date", "aria-describedby": "histogram-keys",
    "aria-valuemin": 0, "aria-valuemax": bars.length - 1, pointerdown: dragStart, pointermove: dragOn, pointerup: dragEnd, keydown: barKeys,
  });
  const field = (id, words) => make("label", {}, words, make("input", { type: "date", id, min: isoDay(FIRST), max: isoDay(LAST), change: (event) => setRange({ [id]: event.target.value ? daysOf(event.target.value)[0] : null }) }));
  return [make("div", { class: "group dates", role: "group", "aria-labelledby": "dates-name" },
    make("div", { class: "both" }, make("h2", { id: "dates-name" }, "Said, else published")),
    svg,
    make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, bars[0].name), make("span", {}, bars.at(-1).name)),
    make("p", { id: "histogram-keys", class: "unseen" }, "Left and right walk from bar to bar, with Shift they widen the range, Enter takes one bar, Delete takes the range away."),
    make("div", { class: "fields" }, field("from", "From"), field("to", "To")))];
};
const setRange = (more) => {
  Object.assign(range, more);
  changed();
};
/** The range from one bar to another, whichever comes first. */
const rangeOf = (one, other) => ({ from: bars[Math.min(one, other)].first, to: bars[Math.max(one, other)].last });
const barUnder = (event) => {
  const box = $("histogram").getBoundingClientRect();
  return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
};
const dragStart = (event) => {
  dragFrom = barAt = barUnder(event);
  $("histogram").setPointerCapture(event.pointerId);
};
const dragOn = (event) => {
  if (dragFrom === null) return;
  barAt = barUnder(event);
  showBars(rangeOf(dragFrom, barAt));
};
const dragEnd = (event) => {
  if (dragFrom === null) return;
  const [one, other] = [dragFrom, barUnder(event)];
  dragFrom = null;
  const wanted = rangeOf(one, other);
  // A second click on the same bar takes it back.
  setRange(wanted.from === range.from && wanted.to === range.to ? { from: null, to: null } : wanted);
};
const barKeys = (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
  if (step) {
    const last = barAt;
    barAt = Math.max(0, Math.min(bars.length - 1, barAt + step));
    if (event.shiftKey) {
      const { from, to } = rangeOf(last, barAt);
      setRange({ from: Math.min(range.from ?? from, from), to: Math.max(range.to ?? to, to) });
    } else showBars(range);
  } else if (event.key === "Home" || event.key === "End") {
    barAt = event.key === "Home" ? 0 : bars.length - 1;
    showBars(range);
  } else if (event.key === "Enter" || event.key === " ") setRange(rangeOf(barAt, barAt));
  else if (event.key === "Delete" || event.key === "Backspace") setRange({ from: null, to: null });
  else return;
  event.preventDefault();
};
const showDates = () => {
  if (bars.length < 2) return;
  for (const bar of bars) bar.number = 0;
  barOf.forEach((bar, index) => bar >= 0 && (hiding[index] & ~DATE_BIT) === 0 && (bars[bar].number += 1));
  $("from").value = range.from === null ? "" : isoDay(range.from);
  $("to").value = range.to === null ? "" : isoDay(range.to);
  showBars(range);
};
const showBars = ({ from, to }) => {
  const most = Math.max(1, ...bars.map(({ number }) => number));
  const wide = 240 / bars.length;
  $("histogram").replaceChildren(
    ...bars.flatMap(({ name, first, last, number }, index) => {
      const high = number ? Math.max(2, (number / most) * (HIGH - 4)) : 0;
      const on = (from === null || last >= from) && (to === null || first <= to);
      const bar = vector("rect", { x: index * wide, y: HIGH - high, width: Math.max(0.5, wide - Math.min(1, wide * 0.2)), height: high, class: on ? "bar on" : "bar" }, vector("title", {}, `${name}: ${several(number, "statement")}`));
      return index === barAt ? [vector("rect", { x: index * wide, y: 0, width: wide, height: HIGH, class: "at" }), bar] : [bar];
    }),
    vector("path", { d: `M0 ${HIGH - 0.5}H240`, class: "ground" }),
  );
  $("histogram").setAttribute("aria-valuenow", barAt);
  $("histogram").setAttribute("aria-valuetext", `${bars[barAt].name}, ${several(bars[barAt].number, "statement")}${from === null && to === null ? "" : `; shown from ${from === null ? "the beginning" : isoDay(from)} to ${to === null ? "the end" : isoDay(to)}`}`);
};
