// The panel: what is said by, for, to or of what is chosen, each with the passage that it stands in.

const AROUND = 600;
const GAP = "…";
const CARDS = 25;
/** The number of the card that "next quotation" has come to, from 1; 0 before the first. */
let reading = 0;
/** The statements of what is chosen, in the order of their cards. */
let toRead = [];

// ------------------------------------------------------------ the passage

/** The lines of a text, as [start, end], that the sorted spans touch. */
const linesOfText = (text, spans) => {
  const found = [];
  for (const [first, last] of spans) {
    let start = text.lastIndexOf("\n", first - 1) + 1;
    if (first === 0) start = 0;
    while (start < Math.min(last, text.length)) {
      const next = text.indexOf("\n", start);
      const end = next < 0 ? text.length : next;
      if (Math.max(start, first) < end && (!found.length || found.at(-1)[1] < end)) found.push([start, end]);
      start = end + 1;
    }
  }
  return found;
};
/** A position that does not cut a character in two. */
const whole = (text, at) => (/[\uDC00-\uDFFF]/u.test(text[at] ?? "") && /[\uD800-\uDBFF]/u.test(text[at - 1] ?? "") ? at - 1 : at);
/** Where a line is cut that goes on for long before its first or after its last mark. */
const frameOf = (text, [start, end], first, last) => {
  const blankBefore = text.slice(first - AROUND, first).indexOf(" ");
  const blankAfter = text.slice(last, last + AROUND).lastIndexOf(" ");
  return [
    first - start > AROUND ? whole(text, first - AROUND + blankBefore + 1) : start,
    end - last > AROUND ? whole(text, blankAfter < 0 ? last + AROUND : last + blankAfter) : end,
  ];
};
/** One line cut where a mark starts or ends: [words, names of the marks on them]. */
const runsOf = (text, line, marks) => {
  const near = marks.filter(({ span: [a, b] }) => a < line[1] && b > line[0]);
  const first = Math.min(...near.map(({ span }) => span[0]));
  const last = Math.max(...near.map(({ span }) => span[1]));
  const [start, end] = frameOf(text, line, first, last);
  const cuts = [...new Set([start, end, ...near.flatMap(({ span }) => span)])].filter((at) => at >= start && at <= end).sort((a, b) => a - b);
  const runs = cuts.slice(1).map((to, index) => [text.slice(cuts[index], to), near.filter(({ span: [a, b] }) => a <= cuts[index] && to <= b).map(({ name }) => name)]);
  return [...(start > line[0] ? [[GAP, NONE]] : []), ...runs, ...(end < line[1] ? [[GAP, NONE]] : [])];
};
/** The lines that hold content, cue and source of a statement, each as runs; what is left out between two is a gap. */
const passageOf = (text, marks) => {
  const shownLines = [];
  let end = 0;
  for (const line of linesOfText(text, marks.map(({ span }) => span).sort((a, b) => a[0] - b[0] || a[1] - b[1]))) {
    if (shownLines.length && text.slice(end, line[0]).trim()) shownLines.push([[GAP, NONE]]);
    shownLines.push(runsOf(text, line, marks));
    end = line[1];
  }
  return shownLines;
};
const run = ([text, names]) =>
  ["cue", "source", "content"].filter((name) => names.includes(name)).reduce((inner, name) => make(name === "content" ? "mark" : "span", { class: name }, inner), text);
const passage = (s) => {
  const marks = ["content", "cue", "source"].flatMap((name) => s[name].map((span) => ({ name, span })));
  return make("blockquote", { class: "passage" }, ...passageOf(articles[s.article].text, marks).map((line) => make("p", { dir: "auto" }, ...line.map(run))));
};

// ------------------------------------------------------------ the card of a statement

/** A button that leads to a name; the name alone where it is what the panel shows. */
const nameOf = (index, attributes = { class: "link" }) =>
  chosen === `a${index}` ? bdi(actors[index].name) : make("button", { type: "button", ...attributes, click: () => choose(`a${index}`, true) }, bdi(actors[index].name));
const apart = (pieces) => pieces.flatMap((piece, position) => (position ? [", ", piece] : [piece]));
const named = (index) => (index === null ? null : nameOf(index));
const speakerOf = (s, attributes) => (s.speaker === null ? make("span", { class: "undecided" }, "speaker not decided") : nameOf(s.speaker, attributes));
const linked = (link) => (link.href ? make("a", { class: "link", href: link.href, target: "_blank", rel: "noopener noreferrer" }, link.text) : bdi(link.text));
const facts = (...pairs) => {
  const list = make("dl", { class: "facts" });
  for (const [term, ...values] of pairs) {
    const words = values.flat().filter((value) => value !== null && value !== "");
    if (words.length) list.append(make("dt", {}, term), make("dd", {}, ...words));
  }
  return list;
};
const from = (article, s) =>
  make("p", { class: "from" },
    make("b", {}, bdi(article.name)), " ",
    ...(article.url ? ["(", linked(article.url), ") "] : []),
    ...(article.publisher ? [bdi(article.publisher), ", "] : []), article.date ? make("span", { class: "date" }, article.date) : "publication date not stated",
    make("br"), bdi(article.id), ", characters ", s.offsets.map(([start, end]) => `${start}–${end}`).join(", "));
/** Where else its words stand: articles that print the same report. */
const elsewhere = ({ elsewhere: places }) =>
  places.length ? make("details", { class: "linking" }, make("summary", {}, `Also in ${several(places.length, "article")}`),
    ...places.flatMap(({ article, content, offsets }) => [passage({ article, content, cue: NONE, source: NONE }), from(articles[article], { offsets: offsets ?? content })])) : null;
const relay = (outer) => make("button", { type: "button", class: "link", click: () => choose(`s${outer}`, true) }, bdi(speakerName(statements[outer])));
const card = (index, { speaker = true, inner = false, at = null } = {}) => {
  const s = statements[index];
  return make("article", { class: inner ? "said inner" : "said", "data-statement": index, "data-at": at, tabindex: "-1", "aria-label": `${speakerName(s)}, ${actOf(s)}` },
    make("p", {}, speaker ? speakerOf(s, { class: "speaker link" }) : null, speaker ? " " : null, make("span", { class: "chip" }, actOf(s)), " ", make("span", { class: "chip" }, TYPES[s.type] ?? s.type)),
    passage(s),
    facts(
      ["Cue", cueOf(s) ? bdi(`“${cueOf(s)}”`) : "none"],
      ["Role", s.role ? bdi(s.role) : null],
      ["On behalf of", named(s.behalf)],
      ["To", named(s.addressee)],
      ["Aimed at", named(s.target)],
      ["About", apart(s.about.map(named))],
      ["Said at", named(s.place)],
      ["Date", dateOf(s)],
      ["Relayed by", s.outer === null ? null : relay(s.outer)],
      ["Certainty", `${Math.round(s.certainty * 100)} %`],
    ),
    from(articles[s.article], s), elsewhere(s));
};

// ------------------------------------------------------------ lists of cards

/** A heading and the first cards below it. */
const cards = (title, all, options) => {
  if (!all.length) return [];
  const on = all.filter((index) => shown.statements[index]);
  const hidden = all.length - on.length;
  const first = toRead.push(...on) - on.length;
  return [
    make("h3", {}, `${title} · ${on.length.toLocaleString("en")}`),
    ...someCards(first, toRead.length, options),
    ...(hidden ? [make("p", { class: "hiding" }, `${several(hidden, "statement")} hidden by filters.`)] : []),
  ];
};
/** The cards of the reading order from a position on, and a button for what is left: a name may stand in thousands of statements. */
const someCards = (start, end, options) => {
  const now = Math.min(start + CARDS, end);
  const made = toRead.slice(start, now).map((index, place) => card(index, { ...options, at: start + place }));
  if (now === end) return made;
  const more = make("button", { type: "button", class: "link more", "data-start": now, "data-end": end }, `Show ${Math.min(CARDS, end - now)} more of ${(end - now).toLocaleString("en")}`);
  more.addEventListener("click", () => {
    const next = someCards(now, end, options);
    more.replaceWith(...next);
    next[0].focus({ preventScroll: true });
  });
  return [...made, more];
};
/** The card at a position of the reading order; those before it in its list are made where they are not yet. */
const cardAt = (position) => {
  const holds = ({ dataset }) => Number(dataset.start) <= position && position < Number(dataset.end);
  for (let more; (more = [...$("panel").querySelectorAll(".more")].find(holds)); ) more.click();
  return $("panel").querySelector(`.said[data-at="${position}"]`);
};
/** Go to the next quotation of what is chosen, or to the one before. */
const nextQuotation = (step) => {
  if (!chosen && !list) return;
  if (chosen?.[0] === "s") return stepFrom(numberOf(chosen), step);
  if (!toRead.length) return;
  reading = reading ? ((reading - 1 + step + toRead.length) % toRead.length) + 1 : step > 0 ? 1 : toRead.length;
  const found = cardAt(reading - 1);
  $("panel").querySelector(".current")?.classList.remove("current");
  found.classList.add("current");
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  showReading();
};
/** From a single statement on to the next that is shown: of the name or line it was chosen from, else of all. */
const stepFrom = (index, step) => {
  const on = toRead.includes(index) ? toRead : statements.flatMap((_, one) => (shown.statements[one] ? [one] : []));
  const at = on.indexOf(index);
  if (on.length) choose(`s${on[(at + step + on.length) % on.length]}`, true);
};
const readingBar = () =>
  make("nav", { class: "reading", "aria-label": "Quotations" },
    make("button", { type: "button", "aria-keyshortcuts": "p", title: "Previous quotation (p)", click: () => nextQuotation(-1) }, "← previous"),
    make("span", { id: "reading", role: "status" }),
    make("button", { type: "button", "aria-keyshortcuts": "n", title: "Next quotation (n)", click: () => nextQuotation(1) }, "next quotation →"));
const showReading = () => {
  if ($("reading")) $("reading").textContent = !toRead.length || chosen?.[0] === "s" ? "" : reading ? `${reading.toLocaleString("en")} of ${toRead.length.toLocaleString("en")}` : several(toRead.length, "quotation");
};

// ------------------------------------------------------------ what the panel tells

const titled = (kind, words) =>
  make("p", { class: "kind" }, kind in LINES ? lineGlyph(kind) : glyph(kind), words, make("button", { type: "button", class: "link close", click: () => choose(null, true) }, "close"));
const lineName = ({ from: one, to: other, style }) => `${actors[one].name} ${LINES[style]} ${actors[other].name}`;
/** The lines of a name as buttons: what the picture shows, for those who do not see or point. */
const linksOf = (index) => {
  const found = linesOf(index).map((line) => ({ line, number: weightOf(line) })).filter(({ line, number }) => number || line.style === "acts");
  if (!found.length) return [];
  found.sort((one, other) => other.number - one.number || (lineName(one.line) < lineName(other.line) ? -1 : 1));
  const row = ({ line, number }) =>
    make("li", {}, make("button", { type: "button", click: () => choose(line.id, true) }, lineGlyph(line.style),
      make("span", { class: "name" }, ...(line.from === index ? [LINES[line.style], " ", bdi(actors[line.to].name)] : [bdi(actors[line.from].name), ` ${LINES[line.style]} it`])),
      make("span", { class: "number" }, number ? number.toLocaleString("en") : "")));
  const list = make("ul", { class: "links" }, ...found.slice(0, CARDS).map(row));
  return [make("details", { class: "linking" }, make("summary", {}, `Lines · ${found.length.toLocaleString("en")}`), list,
    found.length > CARDS ? make("button", { type: "button", class: "link", click: (event) => (event.target.remove(), list.append(...found.slice(CARDS).map(row))) }, `Show all ${found.length.toLocaleString("en")}`) : null)];
};
const neighbourButton = (index) => {
  const hidden = missingNeighbours(index).length;
  return hidden ? make("p", { class: "do" }, make("button", { type: "button", class: "push", click: () => openUp(index) }, `Show its neighbours (${hidden.toLocaleString("en")} not drawn)`)) : null;
};
const measured = ({ measures }) =>
  Object.entries(MEASURES).map(([key, [name]]) => `${name} ${measureText(measures[key] ?? 0)}`).join(" · ");
const measureText = (value) => (Number.isInteger(value) ? value.toLocaleString("en") : value.toPrecision(2));
const tellActor = (index) => {
  const actor = actors[index];
  const all = touching[index];
  const by = all.filter((s) => statements[s].speaker === index);
  const forIt = all.filter((s) => statements[s].behalf === index && statements[s].speaker !== index);
  const rest = all.filter((s) => statements[s].behalf !== index && statements[s].speaker !== index);
  const here = rest.filter((s) => statements[s].place === index);
  return [
    titled(actor.kind, KINDS[actor.kind][1]),
    make("h2", { tabindex: "-1" }, bdi(actor.name)),
    all.length ? readingBar() : null,
    facts(
      ["Also", apart(actor.aliases.map((alias) => bdi(alias)))],
      ["As", apart(actor.roles.map((role) => bdi(role)))],
      ["Acts for", named(actor.actsFor)],
      ["Side", actor.side === null || actor.side === index || actor.side === actor.actsFor ? null : nameOf(actor.side)],
      ["Lies at", actor.where ? `${actor.where[0].toFixed(2)}, ${actor.where[1].toFixed(2)}` : null],
      ["Known as", apart(actor.links.map(linked))],
      ["Measures", all.length ? measured(actor) : null],
    ),
    all.length ? null : make("p", { class: "lead" }, "Named in the articles; no statement is by or about this name."),
    ...linksOf(index),
    neighbourButton(index),
    ...cards("Says", by, { speaker: false }),
    ...cards("Others speak for it", forIt),
    ...cards("Said there", here),
    ...cards("Others say of it", rest.filter((s) => statements[s].place !== index)),
  ];
};
const tellStatement = (index) => [
  titled("statement", `statement, ${statements[index].class}`),
  make("h2", { tabindex: "-1" }, speakerOf(statements[index], { class: "plain" })),
  readingBar(),
  card(index, { speaker: false }),
  ...(inside[index].length ? [make("h3", {}, "It relays"), ...inside[index].map((inner) => card(inner, { inner: true }))] : []),
];
const tellLine = (line) => [
  titled(line.style, LINES[line.style]),
  make("h2", { tabindex: "-1" }, nameOf(line.from, { class: "plain" }), make("span", { class: "verb" }, ` ${LINES[line.style]} `), nameOf(line.to, { class: "plain" })),
  line.statements.length ? readingBar() : make("p", { class: "lead" }, "The articles tell it; no statement does."),
  ...cards("Statements", line.statements),
];
const tellNothing = () => {
  const made = new Int32Array(actors.length);
  statements.forEach(({ speaker }, index) => speaker !== null && shown.statements[index] && (made[speaker] += 1));
  const loudest = [...made.entries()].filter(([, number]) => number).sort((a, b) => b[1] - a[1]).slice(0, 8);
  const start = ([index, number]) =>
    make("li", {}, make("button", { type: "button", click: () => choose(`a${index}`, true) }, glyph(actors[index].kind), bdi(actors[index].name, { class: "name" }), make("span", { class: "number" }, several(number, "statement"))));
  return [
    make("h2", { tabindex: "-1" }, statements.length ? "Who said what, and where it stands" : "Nothing yet"),
    make("p", { class: "lead" }, statements.length
      ? "Choose a name, or a line between two, to read the passages it comes from. A line is what one says of another; the more statements it stands for, the wider it is."
      : "There is nothing yet: no article of this graph says that somebody said something."),
    ...(loudest.length ? [make("h3", {}, "Most often quoted"), make("ul", { class: "starts" }, ...loudest.map(start))] : []),
  ];
};
/** A list that a view asked for, told while nothing is chosen: its title, its statements, and passages in an article's own voice. */
let list = null;
const ownPassage = ({ article, span, offsets }) =>
  make("article", { class: "said" },
    make("p", {}, make("span", { class: "chip" }, "the article itself")),
    passage({ article, content: span, cue: NONE, source: NONE }), from(articles[article], { offsets: offsets ?? span }));
const tellList = ({ title, indexes, passages }) => {
  toRead = [];
  return [
    titled("statement", "statements"),
    make("h2", { tabindex: "-1" }, bdi(title)),
    indexes.length ? readingBar() : null,
    ...cards("Statements", indexes),
    ...(passages.length ? [make("h3", {}, `Told by the article itself · ${passages.length.toLocaleString("en")}`), ...passages.map(ownPassage)] : []),
  ];
};
/** Tell several statements in the panel, under a title, and passages that stand in no statement. */
const chooseStatements = (title, indexes, passages = []) => {
  choose(null);
  list = { title, indexes, passages };
  tell();
  if (narrow.matches) $("panel").scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
};
const partsOf = (id) => {
  if (!id) return list ? tellList(list) : tellNothing();
  if (id[0] === "s") return tellStatement(numberOf(id));
  toRead = [];
  return id[0] === "a" ? tellActor(numberOf(id)) : tellLine(lineOf(id));
};
/** In a few words what is chosen, for those who hear it. */
const inShort = (id) => {
  if (!id) return list ? `${list.title}, ${several(list.indexes.length, "statement")}` : "";
  if (id[0] === "a") return `${thing(id).name}, ${several(touching[numberOf(id)].length, "statement")}`;
  if (id[0] === "e") return `${lineName(lineOf(id))}, ${several(weightOf(lineOf(id)), "statement")}`;
  return `${speakerName(thing(id))}: ${quoteOf(thing(id)).slice(0, 200)}`;
};
/** What the panel showed last: an id, or a list. */
let toldOf = null;
const tell = () => {
  reading = 0;
  $("panel").replaceChildren(...partsOf(chosen).filter((part) => part !== null));
  if (toldOf !== (chosen ?? list)) $("panel").scrollTop = 0;
  toldOf = chosen ?? list;
  $("now").textContent = inShort(chosen).slice(0, 300);
  if (chosen || list) showReading();
};
