// The address: what is shown stands readable in the URL's fragment, so that a view can be sent and "back" leads back.
//
//     #tab=timeline&hide=kind:place,act:deny&from=2023-09-20&chosen=actor/ana-reyes&size=pagerank
//
// Reports lead here with shorter ones: the end of an IRI alone, or doc/KEY with /char=start,end for a passage.

const SHORT = /^(?:statement|actor|place|doc)\//u;
/** Half of a surrogate pair, which a broken text may hold, stands in no address. */
const escaped = (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("%2F", "/").replaceAll("%3A", ":");
const unescaped = (text) => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
};
const listed = (keys) => keys.map(escaped).join(",");
const unlisted = (text) => (text ? text.split(",").map(unescaped) : []);
/** How an address calls what is chosen. */
const nameInAddress = (id) => {
  if (id[0] !== "e") return pathOf(thing(id));
  const { style, from, to } = lineOf(id);
  return `edge/${style}/${pathOf(actors[from])}/${pathOf(actors[to])}`;
};
const idFrom = (name) => {
  const [, style, from, to] = /^edge\/(\w+)\/([^/]+\/[^/]+)\/([^/]+\/[^/]+)$/u.exec(name) ?? [];
  return (style ? lineBetween(style, byPath.get(from), byPath.get(to)) : byPath.get(name)) ?? null;
};
/** "hide" names what is off; where less is on than off, "only" names what is on. */
const filtersInAddress = () => {
  const words = { hide: [], only: [] };
  for (const [group, keys] of Object.entries(off)) {
    if (!keys.size) continue;
    const all = keysOf(group);
    const on = all.filter((key) => !keys.has(key));
    const how = on.length && on.length < all.length - on.length ? "only" : "hide";
    words[how].push(...(how === "only" ? on : all.filter((key) => keys.has(key))).map((key) => `${group}:${key}`));
  }
  return words;
};
const address = () => {
  const { hide, only } = filtersInAddress();
  const parts = {
    tab: openView === views[0].id ? "" : openView,
    hide: listed(hide),
    only: listed(only),
    from: range.from === null ? "" : isoDay(range.from),
    to: range.to === null ? "" : isoDay(range.to),
    size: look.size === "part" ? "" : look.size,
    names: look.wide ? "all" : "",
    with: listed(look.opened.map((index) => pathOf(actors[index]))),
    sort: sorting === "text" ? "" : sorting,
    chosen: chosen ? escaped(nameInAddress(chosen)) : "",
  };
  return Object.entries(parts).filter(([, value]) => value).map(([name, value]) => `${name}=${value}`).join("&");
};

// A browser lets a page write some two hundred addresses in half a minute: what comes faster is written once, a moment later.
let writtenAt = -Infinity;
let waiting = null;
let written = location.hash.slice(1);
const putAddress = (pushed) => {
  waiting = null;
  const now = address();
  if (now === written) return;
  written = now;
  writtenAt = performance.now();
  history[pushed ? "pushState" : "replaceState"](null, "", `#${now}`);
};
/** Bring the address up to date; `pushed` makes a step that "back" undoes. */
const writeAddress = (pushed = false) => {
  const step = pushed || waiting?.pushed;
  if (waiting) clearTimeout(waiting.timer);
  const left = 200 - (performance.now() - writtenAt);
  if (left <= 0) putAddress(step);
  else waiting = { pushed: step, timer: setTimeout(() => putAddress(step), left) };
};

/** What a short address asks for: a statement, a name, or the statement of an article that stands nearest to a passage. */
const shortId = (wanted) => {
  const [, key, start] = /^doc\/([^/]+)(?:\/char=(\d+),\d+)?$/u.exec(wanted) ?? [];
  if (!key) return byPath.get(wanted) ?? null;
  const article = articles.findIndex((one) => pathOf(one) === `doc/${key}`);
  let [nearest, least] = [null, Infinity];
  statements.forEach((s, index) => {
    const far = s.article === article ? Math.abs((s.offsets[0]?.[0] ?? 0) - Number(start ?? 0)) : Infinity;
    if (far < least) [nearest, least] = [`s${index}`, far];
  });
  return nearest;
};
/** The options that a part of the address names, as [group, key], as far as there are such groups. */
const optionsIn = (text) =>
  unlisted(text).map((entry) => [entry.slice(0, entry.indexOf(":")), entry.slice(entry.indexOf(":") + 1)]).filter(([group]) => Object.hasOwn(off, group));
const readFilters = (values) => {
  clearFilters();
  for (const [group, key] of optionsIn(values.hide)) if (keysOf(group).includes(key)) off[group].add(key);
  const only = new Map();
  for (const [group, key] of optionsIn(values.only)) only.set(group, (only.get(group) ?? new Set()).add(key));
  for (const [group, on] of only) off[group] = new Set(keysOf(group).filter((key) => !on.has(key)));
  range.from = daysOf(values.from)?.[0] ?? null;
  range.to = daysOf(values.to)?.[1] ?? null;
};
/** Take over what the address says; one that says nothing means the page as it opens. */
const readAddress = () => {
  const fragment = location.hash.slice(1);
  const short = SHORT.test(fragment);
  if (short) chosen = shortId(unescaped(fragment)) ?? chosen;
  else readParts(Object.fromEntries(fragment.split("&").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)])));
  written = fragment;
  restored(short && chosen !== null);
};
const readParts = (values) => {
  readFilters(values);
  look.size = Object.hasOwn(MEASURES, values.size ?? "") ? values.size : "part";
  look.wide = values.names === "all" && hasWide;
  look.opened = unlisted(values.with).map((path) => byPath.get(path)).filter((id) => id?.[0] === "a").map(numberOf);
  sorting = Object.hasOwn(COLUMNS, values.sort?.replace(/^-/u, "") ?? "") ? values.sort : "text";
  openView = views.some(({ id }) => id === values.tab) ? values.tab : views[0].id;
  chosen = values.chosen ? idFrom(unescaped(values.chosen)) : null;
};
