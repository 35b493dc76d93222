// Data. `picture` is what pyvis serialised, `told` what can be said of each thing. Nothing below makes markup of a text.
const $ = (id) => document.getElementById(id);

/** The object that a block holds as base64 of its deflated JSON. */
const unpacked = async (id) => {
  const bytes = Uint8Array.from(atob($(id).textContent.trim()), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
};
const picture = JSON.parse($("picture").textContent);
const told = await unpacked("told");

// What is null, empty or false is left out of the data; here it comes back.
const NONE = Object.freeze([]);
const filled = (list, absent) => (list ?? []).map((one) => ({ ...absent, ...one }));
const articles = filled(told.articles, { name: "", publisher: null, date: null, url: null, text: "" });
const actors = filled(told.actors, {
  aliases: NONE, roles: NONE, actsFor: null, side: null, where: null, links: NONE, measures: {}, community: null, mentions: 0,
});
const statements = filled(told.statements, {
  interpreted: false, speaker: null, behalf: null, addressee: null, target: null, place: null, about: NONE, outer: null, role: null,
  date: null, dateStatus: "notStated", certainty: 0, content: NONE, cue: NONE, source: NONE, offsets: null, answers: NONE,
  elsewhere: NONE,
});
for (const s of statements) s.offsets ??= s.content;
const quantities = filled(told.quantities, { unit: "", finding: "", claims: NONE }).map((quantity) => ({
  ...quantity,
  claims: filled(quantity.claims, {
    value: null, low: null, high: null, modifier: null, unit: quantity.unit, asOf: null, asOfStatus: null, speaker: null, statement: null,
    article: null, span: null, offsets: null, words: "",
  }),
}));

const KINDS = {
  person: ["people", "person"], organization: ["organisations", "organisation"], government: ["governments", "government"],
  group: ["groups", "group"], place: ["places", "place"], unnamed: ["unnamed sources", "unnamed source"], statement: ["statements", "statement"],
};
const TYPES = { direct: "direct quotation", mixed: "partly quoted", indirect: "paraphrase" };
const LINES = { accuses: "accuses", denies: "denies", says: "says about", relays: "relays", present: "present at", acts: "acts for" };
const DAYS = { derived: "by the article’s date", unresolved: "the day is told, its year is not", notStated: "date not stated" };
const MEASURES = {
  part: ["Part in statements", "How many statements are by the name, for it, to it or about it."],
  statements: ["Statements made", "How many statements the name makes."],
  spoken_of: ["Spoken of", "How many statements of others are aimed at the name or about it."],
  degree: ["Links", "How many other names it is linked with."],
  pagerank: ["PageRank", "How much it is spoken of by those who are much spoken of themselves."],
  betweenness: ["Betweenness", "How often it lies on the shortest way between two other names."],
};
const SHAPES = {
  person: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z", organization: "M3 3h10v10h-10z", government: "M8 1l7 7l-7 7l-7-7z",
  group: "M4.5 2h7l3.5 6l-3.5 6h-7l-3.5-6z", place: "M1.5 3h13l-6.5 11z", unnamed: "M8 2l6.5 11h-13z", statement: "M8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6z",
};
SHAPES.hollow = SHAPES.statement;

const narrow = matchMedia("(max-width: 999px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const themes = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(prefers-contrast: more)")];

/** What is chosen: "a3", "s12", "e7" or null. */
let chosen = null;
/** The tabs; every view registers itself. */
const views = [];

// ------------------------------------------------------------ indexes

/** The name or statement that an id means. */
const thing = (id) => (id[0] === "a" ? actors : statements)[Number(id.slice(1))];
const numberOf = (id) => Number(id.slice(1));
const endsOf = (s) => [...new Set([s.speaker, s.target, ...s.about, s.addressee, s.place, s.behalf])].filter((index) => index !== null);
const ends = statements.map(endsOf);
/** For each name the statements that it has part in: who speaks, for whom, to whom, where, of whom. */
const touching = actors.map(() => []);
const inside = statements.map(() => []);
statements.forEach((s, index) => {
  for (const actor of ends[index]) touching[actor].push(index);
  if (s.outer !== null) inside[s.outer].push(index);
});
actors.forEach((actor, index) => (actor.measures = { ...actor.measures, part: touching[index].length }));
/** The end of an IRI, by which addresses call a thing: `actor/…`, `place/…`, `statement/…`, `doc/…`. */
const pathOf = ({ iri }) => iri.split("/").slice(-2).join("/");
const byPath = new Map();
statements.forEach((s, index) => byPath.set(pathOf(s), `s${index}`));
actors.forEach((actor, index) => byPath.set(pathOf(actor), `a${index}`));

const sliced = (text, spans) => spans.map(([start, end]) => text.slice(start, end)).join(" … ");
const kept = (of) => {
  const known = new Map();
  return (s) => known.get(s) ?? (known.set(s, of(s)), known.get(s));
};
const quoteOf = kept((s) => sliced(articles[s.article].text, s.content));
const cueOf = kept((s) => sliced(articles[s.article].text, s.cue));
const speakerName = (s) => (s.speaker === null ? "speaker not decided" : actors[s.speaker].name);
const actName = (key) => told.acts?.[key]?.name ?? key.replaceAll("-", " ");
const actOf = (s) => `${actName(s.act)}${s.interpreted ? " (as the reporter reads it)" : ""}`;
const dateOf = (s) => [s.date, DAYS[s.dateStatus]].filter(Boolean).join(", ");

const DAY = 86400000;
/** The first and last day, counted from 1970, of "2023-09-24", "2023-09" or "2023"; null for anything else. */
const daysOf = (date) => {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/u.exec(date ?? "") ?? [];
  if (!year) return null;
  const first = Date.UTC(year, (month ?? 1) - 1, day ?? 1) / DAY;
  if (day) return [first, first];
  return [first, (month ? Date.UTC(year, month, 1) : Date.UTC(Number(year) + 1, 0, 1)) / DAY - 1];
};
const isoDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);
/** When a statement was said; where nobody tells, when its article was published. */
const whenOf = (s) => daysOf(s.date) ?? daysOf(articles[s.article].date);
/** The side that a statement speaks for: the government or body that its speaker acts for in the end. */
const sideOf = (s) => {
  for (const index of [s.speaker, s.behalf]) if (index !== null && actors[index].side !== null) return actors[index].side;
  return null;
};

// ------------------------------------------------------------ building blocks

/** An element with attributes, listeners (functions) and children; strings become text and nothing else. */
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};
const vector = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};
const glyph = (kind) => vector("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, vector("path", { d: SHAPES[kind], class: `glyph ${kind}` }));
/** A piece of line as the picture draws it: colour, dash and end tell the kind. */
const lineGlyph = (style) =>
  vector("svg", { viewBox: "0 0 30 10", "aria-hidden": "true", class: `line ${style}` },
    vector("path", { d: "M1 5H24", class: "shaft" }), vector("path", { d: TIPS[style], class: "end" }));
const TIPS = {
  accuses: "M29 5l-9-4v8z", denies: "M26 0v10", says: "M22 1l6 4l-6 4", relays: "M22 1l6 4l-6 4", present: "M26 2a3 3 0 1 1 0 6a3 3 0 1 1 0-6z", acts: "M20 5l4.5-4l4.5 4l-4.5 4z",
};
const bdi = (text, attributes = {}) => make("bdi", attributes, text);
const several = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
/** A text as search compares it: without case and accents. */
const folded = (text) => (/^[\0-\x7f]*$/u.test(text) ? text : text.normalize("NFKD").replace(/\p{M}/gu, "")).toLowerCase();
const count = (flags) => flags.reduce((sum, flag) => sum + (flag ? 1 : 0), 0);

/** The colours of the present theme, by the names of the style's custom properties. */
let colour = {};
const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "sheet", "ink", "soft", "rule", "rim", "accent", "mark", "wash", ...Object.keys(KINDS), ...Object.keys(LINES)];
  colour = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};
