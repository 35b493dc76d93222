"use strict";
(() => {
  // Data. `picture` is what pyvis serialised, `told` what can be said of each thing. Nothing below makes markup of a text.
  const $ = (id) => document.getElementById(id);
  const read = (id) => JSON.parse($(id).textContent);
  const picture = read("picture");
  const told = read("told");
  const { articles, actors, statements } = told;
  const narrow = matchMedia("(max-width: 999px)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const KINDS = {
    person: ["people", "person"], organization: ["organisations", "organisation"], government: ["governments", "government"],
    group: ["groups", "group"], place: ["places", "place"], unnamed: ["unnamed sources", "unnamed source"], statement: ["statements", "statement"],
  };
  const TYPES = { direct: "direct quotation", mixed: "partly quoted", indirect: "paraphrase" };
  const LINES = { speaks: "says", about: "about", target: "aimed at", relays: "relays", context: "to, at, acts for" };
  const SHAPES = {
    person: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z", organization: "M3 3h10v10h-10z", government: "M8 1l7 7l-7 7l-7-7z",
    group: "M4.5 2h7l3.5 6l-3.5 6h-7l-3.5-6z", place: "M1.5 3h13l-6.5 11z", unnamed: "M8 2l6.5 11h-13z", statement: "M8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6z",
  };
  SHAPES.hollow = SHAPES.statement;

  // Each thing has one id, "a3" or "s12", in the picture and here.
  const thing = (id) => (id[0] === "a" ? actors : statements)[Number(id.slice(1))];
  const endsOf = (s) => [...new Set([s.speaker, s.target, ...s.about, s.addressee, s.place, s.behalf])].filter((index) => index !== null);
  const touching = actors.map(() => []);
  const inside = statements.map(() => []);
  statements.forEach((s, index) => {
    endsOf(s).forEach((actor) => touching[actor].push(index));
    if (s.outer !== null) inside[s.outer].push(index);
  });

  const off = { kinds: new Set(), types: new Set(), articles: new Set() };
  let chosen = null;
  let hovered = null;
  let shown = { statements: statements.map(() => true), actors: actors.map(() => true) };
  let rowLimit = 200;

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
  const vector = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const glyph = (kind) => vector("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, vector("path", { d: SHAPES[kind], class: `glyph ${kind}` }));
  const bdi = (text, attributes = {}) => make("bdi", attributes, text);
  const several = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /** A button that leads to a name; the name alone where it is what the panel shows. */
  const nameOf = (index, attributes = { class: "link" }) =>
    chosen === `a${index}` ? bdi(actors[index].name) : make("button", { type: "button", ...attributes, click: () => choose(`a${index}`, true) }, bdi(actors[index].name));
  const named = (indexes) => indexes.flatMap((index, position) => (position ? [", ", nameOf(index)] : [nameOf(index)]));
  const speakerOf = (s, attributes) =>
    s.speaker === null ? make("span", { class: "undecided" }, "speaker not decided") : nameOf(s.speaker, attributes);
  const speakerName = (s) => (s.speaker === null ? "speaker not decided" : actors[s.speaker].name);
  const linked = (link) => (link.href ? make("a", { class: "link", href: link.href, target: "_blank", rel: "noopener noreferrer" }, link.text) : bdi(link.text));
  const facts = (...pairs) => {
    const list = make("dl", { class: "facts" });
    for (const [term, ...values] of pairs) {
      const words = values.flat().filter((value) => value !== null && value !== "");
      if (words.length) list.append(make("dt", {}, term), make("dd", {}, ...words));
    }
    return list;
  };

  // ------------------------------------------------------------ filters

  const sift = () => {
    const on = statements.map(
      (s) => !off.types.has(s.type) && !off.articles.has(s.article) && (s.speaker === null || !off.kinds.has(actors[s.speaker].kind)),
    );
    shown = { statements: on, actors: actors.map((actor, index) => !off.kinds.has(actor.kind) && touching[index].some((s) => on[s])) };
  };
  const count = (flags) => flags.filter(Boolean).length;
  const changed = () => {
    sift();
    rowLimit = 200;
    showCounts();
    showRows();
    dress();
  };
  const showCounts = () => {
    const names = touching.filter((some) => some.length).length;
    $("counts").textContent = `${count(shown.actors).toLocaleString("en")} of ${several(names, "name")} · ${count(shown.statements).toLocaleString("en")} of ${several(statements.length, "statement")}`;
  };
  const choice = (group, key, number, ...label) => {
    const box = make("input", { type: "checkbox", checked: true, "data-group": group, value: key });
    const row = make("label", { class: label.length > 1 ? "choice" : "choice plain" }, box, ...label, make("span", { class: "number" }, number.toLocaleString("en")));
    box.addEventListener("change", () => {
      off[group][box.checked ? "delete" : "add"](key);
      row.classList.toggle("off", !box.checked);
      changed();
    });
    return row;
  };
  const showFilters = () => {
    for (const [kind, [many]] of Object.entries(KINDS)) {
      const number = kind === "statement" ? statements.length : actors.filter((actor, index) => actor.kind === kind && touching[index].length).length;
      if (number) $("kinds").append(choice("kinds", kind, number, glyph(kind), make("span", { class: "name" }, many)));
    }
    for (const [type, name] of Object.entries(TYPES)) {
      const number = statements.filter((s) => s.type === type).length;
      if (number) $("types").append(choice("types", type, number, glyph(type === "indirect" ? "hollow" : "statement"), make("span", { class: "name" }, name)));
    }
    articles.forEach((article, index) => {
      const about = make("span", {}, bdi(article.name, { class: "name" }), make("small", {}, bdi([article.publisher, article.date].filter(Boolean).join(" · ") || article.id)));
      $("articles").append(choice("articles", index, statements.filter((s) => s.article === index).length, about));
    });
    for (const [id, on] of [["all", true], ["none", false]]) {
      $(id).addEventListener("click", () => {
        for (const box of $("articles").querySelectorAll("input")) if (box.checked !== on) box.click();
      });
    }
    const line = (role) => vector("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" }, vector("line", { x1: 1, y1: 5, x2: 25, y2: 5, class: role }));
    $("lines").append(make("h3", {}, "Lines"), make("ul", {}, ...Object.entries(LINES).map(([role, words]) => make("li", {}, line(role), words))));
    $("filters").hidden = !statements.length;
    $("filters").open = !narrow.matches;
    narrow.addEventListener("change", () => ($("filters").open = !narrow.matches));
  };

  // ------------------------------------------------------------ search

  const haystack = [
    ...actors.map((actor, index) => ({ id: `a${index}`, words: folded([actor.name, ...actor.aliases].join("\n")) })),
    ...statements.map((s, index) => ({ id: `s${index}`, words: folded(s.quote) })),
  ];
  /** The words around the first place where `asked` stands, marked there; the beginning if it stands there otherwise spelt. */
  const excerpt = (text, asked) => {
    const hit = new RegExp(asked.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"), "iu").exec(text);
    if (!hit) return [text];
    const before = text.slice(0, hit.index);
    const kept = before.length > 60 ? `… ${[...before].slice(-40).join("").replace(/^\S*\s/u, "")}` : before;
    return [kept, make("mark", {}, hit[0]), text.slice(hit.index + hit[0].length)];
  };
  const search = () => {
    const asked = $("search").value.trim();
    const words = folded(asked);
    const hits = words ? haystack.filter((entry) => entry.words.includes(words)) : [];
    const people = hits.filter((hit) => hit.id[0] === "a").sort((a, b) => touching[b.id.slice(1)].length - touching[a.id.slice(1)].length);
    const quotes = hits.filter((hit) => hit.id[0] === "s");
    $("found").textContent = !words ? "" : hits.length ? `${several(people.length, "name")}, ${several(quotes.length, "quotation")}` : "Nothing found.";
    $("results").replaceChildren(...[...people.slice(0, 20), ...quotes.slice(0, 40)].map(({ id }) => make("li", {}, result(id, asked))));
  };
  const result = (id, asked) => {
    const found = thing(id);
    const lead = id[0] === "a" ? bdi("", { class: "first" }) : bdi("", { class: "first quoted" });
    lead.append(...excerpt(id[0] === "a" ? found.name : found.quote, asked));
    const below = id[0] === "a"
      ? `${KINDS[found.kind][1]}, ${several(touching[Number(id.slice(1))].length, "statement")}`
      : speakerName(found);
    return make("button", { type: "button", "data-id": id, click: () => choose(id, true) }, lead, make("small", {}, bdi(below)));
  };

  // ------------------------------------------------------------ evidence

  const passage = (s) => make("blockquote", { class: "passage" }, ...s.passage.map((line) => make("p", { dir: "auto" }, ...line.map(run))));
  const run = ([text, marks]) =>
    ["cue", "source", "content"].filter((name) => marks.split(" ").includes(name)).reduce(
      (inner, name) => make(name === "content" ? "mark" : "span", { class: name }, inner),
      text,
    );
  const from = (article, s) =>
    make("p", { class: "from" },
      make("b", {}, bdi(article.name)), " ",
      ...(article.url ? ["(", linked(article.url), ") "] : []),
      [article.publisher, article.date ?? "publication date not stated"].filter(Boolean).join(", "),
      make("br"), bdi(article.id), ", characters ", s.offsets.map(([start, end]) => `${start}–${end}`).join(", "));
  const act = (s) => `${s.act}${s.interpreted ? " (as the reporter reads it)" : ""}`;
  const card = (index, { speaker = true, inner = false } = {}) => {
    const s = statements[index];
    return make("article", { class: inner ? "said inner" : "said", "data-statement": index },
      make("p", {}, speaker ? speakerOf(s, { class: "speaker link" }) : null, speaker ? " " : null, make("span", { class: "chip" }, act(s)), " ", make("span", { class: "chip" }, TYPES[s.type] ?? s.type)),
      passage(s),
      facts(
        ["Cue", s.cue ? bdi(`“${s.cue}”`) : "none"],
        ["Role", s.role ? bdi(s.role) : null],
        ["On behalf of", s.behalf === null ? null : nameOf(s.behalf)],
        ["To", s.addressee === null ? null : nameOf(s.addressee)],
        ["Aimed at", s.target === null ? null : nameOf(s.target)],
        ["About", named(s.about)],
        ["Said at", s.place === null ? null : nameOf(s.place)],
        ["Date", [s.date, s.day].filter(Boolean).join(", ")],
        ["Relayed by", s.outer === null ? null : relay(s.outer)],
        ["Certainty", `${Math.round(s.certainty * 100)} %`],
      ),
      from(articles[s.article], s));
  };
  const relay = (outer) =>
    make("button", { type: "button", class: "link", click: () => choose(`s${outer}`, true) }, bdi(speakerName(statements[outer])));
  const cards = (heading, indexes, options) =>
    (indexes.length ? [make("h3", {}, `${heading} · ${indexes.length.toLocaleString("en")}`), ...page(indexes, options)] : []);
  /** The first cards, and a button for the next: a name may stand in thousands of statements. */
  const page = (indexes, options) => {
    const rest = indexes.slice(25);
    const more = make("button", { type: "button", class: "link", click: () => more.replaceWith(...page(rest, options)) }, `Show ${several(rest.length, "more", "more")}`);
    return [...indexes.slice(0, 25).map((index) => card(index, options)), ...(rest.length ? [more] : [])];
  };
  const heading = (kind, words) => [
    make("p", { class: "kind" }, glyph(kind), words, make("button", { type: "button", class: "link close", click: () => choose(null, true) }, "close")),
  ];
  const tellActor = (index) => {
    const actor = actors[index];
    const told = touching[index];
    return [
      ...heading(actor.kind, KINDS[actor.kind][1]),
      make("h2", { tabindex: "-1" }, bdi(actor.name)),
      facts(
        ["Also", actor.aliases.flatMap((alias, position) => (position ? [", ", bdi(alias)] : [bdi(alias)]))],
        ["As", actor.roles.flatMap((role, position) => (position ? [", ", bdi(role)] : [bdi(role)]))],
        ["Acts for", actor.actsFor === null ? null : nameOf(actor.actsFor)],
        ["Lies at", actor.where ? `${actor.where[0].toFixed(2)}, ${actor.where[1].toFixed(2)}` : null],
        ["Known as", actor.links.flatMap((link, position) => (position ? [", ", linked(link)] : [linked(link)]))],
      ),
      told.length ? null : make("p", { class: "lead" }, "Named in the articles; no statement is by or about this name."),
      ...cards("Says", told.filter((s) => statements[s].speaker === index), { speaker: false }),
      ...cards("Others speak for it", told.filter((s) => statements[s].behalf === index && statements[s].speaker !== index)),
      ...cards("Others say of it", told.filter((s) => statements[s].behalf !== index && statements[s].speaker !== index)),
    ];
  };
  const tellStatement = (index) => [
    ...heading("statement", `statement, ${statements[index].class}`),
    make("h2", { tabindex: "-1" }, speakerOf(statements[index], { class: "plain" })),
    card(index, { speaker: false }),
    ...(inside[index].length ? [make("h3", {}, "It relays"), ...inside[index].map((inner) => card(inner, { inner: true }))] : []),
  ];
  const tellNothing = () => {
    const loudest = actors.map((_, index) => [index, touching[index].filter((s) => statements[s].speaker === index).length])
      .filter(([, number]) => number).sort((a, b) => b[1] - a[1]).slice(0, 8);
    const start = ([index, number]) =>
      make("li", {}, make("button", { type: "button", click: () => choose(`a${index}`, true) }, glyph(actors[index].kind), bdi(actors[index].name, { class: "name" }), make("span", { class: "number" }, several(number, "statement"))));
    return [
      make("h2", {}, statements.length ? "Who said what, and where it stands" : "Nothing yet"),
      make("p", { class: "lead" }, statements.length
        ? "Choose a name or a statement to read the passage that it comes from. Every statement is a small dot: one line leads to it from its speaker, others lead on to what it is about."
        : "There is nothing yet: no article of this graph says that somebody said something."),
      ...(loudest.length ? [make("h3", {}, "Most often quoted"), make("ul", { class: "starts" }, ...loudest.map(start))] : []),
    ];
  };
  const tell = () => {
    const number = chosen && Number(chosen.slice(1));
    const parts = !chosen ? tellNothing() : chosen[0] === "a" ? tellActor(number) : tellStatement(number);
    $("panel").replaceChildren(...parts.filter((part) => part !== null));
    $("panel").scrollTop = 0;
    $("now").textContent = !chosen ? "" : chosen[0] === "a" ? `${actors[number].name}, ${several(touching[number].length, "statement")}` : `${speakerName(statements[number])}: ${statements[number].quote.slice(0, 200)}`;
  };

  /** Choose a thing or nothing; `led` says that somebody came by a link, so the view and the focus follow. */
  const choose = (id, led = false) => {
    chosen = id;
    tell();
    showRows();
    dress();
    if (led && id) {
      bringIntoView(id);
      $("panel").querySelector("h2").focus({ preventScroll: !narrow.matches });
    }
    if (narrow.matches && id) $("panel").scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
  };

  // ------------------------------------------------------------ table

  const cell = (head, ...children) => make("td", head ? { "data-head": head } : {}, ...children);
  const row = (index) => {
    const s = statements[index];
    const article = articles[s.article];
    const open = () => choose(`s${index}`);
    const say = make("button", { type: "button", class: "say", click: (event) => (event.stopPropagation(), choose(`s${index}`, true)) }, bdi(s.quote));
    return make("tr", { class: chosen === `s${index}` ? "chosen" : null, click: open, "data-statement": index },
      cell("", make("span", { class: "clamp speaker" }, bdi(speakerName(s))), s.outer === null ? null : make("small", {}, "relayed by ", bdi(speakerName(statements[s.outer])))),
      cell("", say, make("small", {}, `${act(s)} · ${TYPES[s.type] ?? s.type}`)),
      cell("about", make("span", { class: "clamp" }, ...[...new Set([s.target, ...s.about])].filter((x) => x !== null).flatMap((x, position) => (position ? [", ", bdi(actors[x].name)] : [bdi(actors[x].name)])))),
      cell("said on", s.date ?? s.day),
      cell("in", make("span", { class: "clamp" }, bdi(article.name)), make("small", {}, article.date ?? "")));
  };
  const showRows = () => {
    if ($("view-table").hidden) return;
    const on = statements.flatMap((_, index) => (shown.statements[index] ? [index] : []));
    $("rows").replaceChildren(...on.slice(0, rowLimit).map(row));
    $("more").hidden = on.length <= rowLimit;
    $("more").textContent = `Show ${Math.min(200, on.length - rowLimit)} more of ${on.length - rowLimit}`;
  };
  const tabs = ["graph", "table"];
  const open = (name) => {
    for (const tab of tabs) {
      $(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
      $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
      $(`view-${tab}`).hidden = tab !== name;
    }
    showRows();
    if (name === "graph") network.redraw();
    if (name === "graph" && chosen) bringIntoView(chosen);
  };

  // ------------------------------------------------------------ picture

  let colour = {};
  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "ink", "soft", "rule", "rim", "accent", ...Object.keys(KINDS), ...Object.keys(LINES)];
    colour = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  };
  const stillOf = new Map(picture.nodes.map((node) => [node.id, node]));
  const nodes = new vis.DataSet(picture.nodes.map(({ id, shape, size, x, y }) => ({ id, shape, size, x, y })));
  const edges = new vis.DataSet(picture.edges.map(({ id, from, to }) => ({ id, from, to })));
  const network = new vis.Network($("canvas"), { nodes, edges }, picture.options);
  const neighbours = new Map(picture.nodes.map(({ id }) => [id, new Set()]));
  for (const { from, to } of picture.edges) {
    neighbours.get(from).add(to);
    neighbours.get(to).add(from);
  }

  /** The nodes that stay bright: the chosen one, its statements and their ends; all where nothing is chosen. */
  const bright = () => {
    if (!chosen || !stillOf.has(chosen)) return null;
    const near = new Set([chosen, ...neighbours.get(chosen)]);
    if (chosen[0] === "a") for (const id of [...near]) if (id[0] === "s") for (const end of neighbours.get(id)) near.add(end);
    return near;
  };
  const drawn = (id) => (id[0] === "a" ? shown.actors[Number(id.slice(1))] : shown.statements[Number(id.slice(1))] && !off.kinds.has("statement"));
  const STYLES = {
    speaks: { width: 1.3 }, about: { width: 1 }, target: { width: 1.5, arrows: { to: { enabled: true, scaleFactor: 0.4 } } },
    relays: { width: 1.5, dashes: [6, 4] }, context: { width: 1.2, dashes: [2, 4] },
  };
  const dressNode = ({ id, kind }, near) => {
    const background = kind !== "statement" ? colour[kind] : thing(id).type === "indirect" ? colour.paper : colour.statement;
    const border = id === chosen ? colour.ink : kind === "statement" ? colour.statement : colour.rim;
    return { id, hidden: !drawn(id), opacity: near && !near.has(id) ? 0.13 : 1, color: { background, border }, borderWidth: id === chosen ? 3 : kind === "statement" ? 1.5 : 1 };
  };
  const dressEdge = ({ id, from, to, role }, near) => {
    const style = role in LINES ? role : "context";
    const lit = near && near.has(from) && near.has(to) && (from === chosen || to === chosen || chosen[0] === "a");
    return { id, hidden: !drawn(from) || !drawn(to), color: { color: colour[style] , opacity: near && !lit ? 0.15 : 1, inherit: false }, arrows: "", dashes: false, ...STYLES[style] };
  };
  /** Where statements are switched off: one line from each speaker to each name that the hidden statements are about. */
  const shortCuts = (near) => {
    if (!off.kinds.has("statement")) return [];
    const pairs = new Map();
    statements.forEach((s, index) => {
      if (!shown.statements[index] || s.speaker === null) return;
      for (const end of new Set([s.target, ...s.about])) {
        const [from, to] = [`a${s.speaker}`, `a${end}`];
        if (end !== null && from !== to && stillOf.has(from) && stillOf.has(to) && drawn(to)) pairs.set(`${from} ${to}`, (pairs.get(`${from} ${to}`) ?? 0) + 1);
      }
    });
    return [...pairs].map(([pair, number]) => {
      const [from, to] = pair.split(" ");
      const lit = !near || from === chosen || to === chosen;
      return { id: `p${pair}`, from, to, width: Math.min(1 + number * 0.6, 7), color: { color: colour.speaks, opacity: lit ? 1 : 0.12, inherit: false }, arrows: { to: { enabled: true, scaleFactor: 0.5 } } };
    });
  };
  const dress = () => {
    const near = bright();
    nodes.update(picture.nodes.map((node) => dressNode(node, near)));
    edges.remove(edges.getIds().filter((id) => id[0] === "p"));
    edges.update([...picture.edges.map((edge) => dressEdge(edge, near)), ...shortCuts(near)]);
  };

  // Labels are painted here, not by vis-network: at one size at every zoom, the most linked first, and only where they fit.
  const order = [...picture.nodes].sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1));
  const wrapped = (ctx, text, width, most) => {
    const lines = [];
    let line = "";
    for (const word of text.split(/\s+/u)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && ctx.measureText(longer).width > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
    const kept = lines.slice(0, most);
    if (lines.length > most) kept[most - 1] += " …";
    return kept.map((one) => shortened(ctx, one, width * 1.25));
  };
  const shortened = (ctx, line, width) => {
    let letters = [...line];
    if (ctx.measureText(line).width <= width) return line;
    while (letters.length > 1 && ctx.measureText(`${letters.join("")}…`).width > width) letters = letters.slice(0, -1);
    return `${letters.join("")}…`;
  };
  const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const family = getComputedStyle(document.body).fontFamily;
  const labelOf = (ctx, node, loud) => {
    ctx.font = `${loud || node.size > 14 ? 600 : 400} ${loud || node.size > 14 ? 13 : 12}px ${family}`;
    const lines = wrapped(ctx, node.kind === "statement" ? thing(node.id).quote.slice(0, 200) : node.label, 118, loud ? 4 : 2);
    return { lines, font: ctx.font, w: Math.max(...lines.map((line) => ctx.measureText(line).width)), h: lines.length * 15 };
  };
  /** The box around a node where its label hides least, and how much that is. */
  const bestPlace = ({ node, x, y, r }, label, taken, width, height) => {
    const inFrame = (box) => box.x > 2 && box.x + box.w < width - 2 && box.y > 2 && box.y + box.h < height - 2;
    const hidden = (box) => taken.filter((other) => other.id !== node.id && meets(box, other)).reduce((sum, other) => sum + other.cost, 0);
    const [before, middle, after] = [x - r - label.w - 4, x - label.w / 2, x + r + 4];
    const [above, level, below] = [y - r - label.h - 3, y - label.h / 2, y + r + 3];
    const beside = [[after, level], [before, level], [after, below - r], [before, below - r], [after, above + r], [before, above + r]];
    const across = node.size > 14 ? [[middle, level, 14]] : [];
    return [[middle, below, 0], [middle, above, 0.5], ...across, ...beside.map(([left, top]) => [left, top, node.size > 14 ? 12 : 1])]
      .map(([left, top, odd]) => ({ box: { x: left, y: top, w: label.w, h: label.h, cost: 1000 }, odd }))
      .map(({ box, odd }) => ({ box, cost: hidden(box) + (inFrame(box) ? odd : 1000) }))
      .sort((one, other) => one.cost - other.cost)[0];
  };
  const paintLabels = (ctx) => {
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
    const scale = network.getScale();
    const near = bright();
    const width = ctx.canvas.clientWidth;
    const height = ctx.canvas.clientHeight;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const spots = order.filter(({ id }) => drawn(id)).map((node) => ({ node, ...network.canvasToDOM(node), r: node.size * scale + 1 }));
    const seen = spots.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
    const taken = seen.map(({ x, y, r, node }) => ({ x: x - r, y: y - r, w: 2 * r, h: 2 * r, id: node.id, cost: near && !near.has(node.id) ? 0 : node.kind === "statement" ? 1 : 40 }));
    taken.push({ x: width - 54, y: height - 118, w: 54, h: 118, cost: 1000 });
    taken.push({ x: 0, y: height - 12 - $("note").offsetHeight, w: width, h: 99, cost: 1000 });
    const loud = (id) => id === chosen || id === hovered;
    const rank = ({ node: { id } }) => (loud(id) ? 0 : near?.has(id) ? 1 : 2);
    for (const spot of [...seen].sort((a, b) => rank(a) - rank(b))) {
      const { node } = spot;
      if (node.kind === "statement" ? node.id !== chosen : near && !near.has(node.id) && node.id !== hovered) continue;
      const label = labelOf(ctx, node, loud(node.id));
      const { box: place, cost } = bestPlace(spot, label, taken, width, height);
      // Over no other label; over a dot only where the name matters more than what it covers.
      const worth = loud(node.id) ? Infinity : node.size > 14 || near ? 30 : 1 + node.size / 4;
      if (cost > worth) continue;
      taken.push(place);
      paintText(ctx, label, place);
    }
    if (hovered && hovered[0] === "s" && hovered !== chosen && drawn(hovered)) paintSaying(ctx, hovered, width, height);
    ctx.restore();
  };
  const paintText = (ctx, label, place) => {
    ctx.font = label.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = colour.paper;
    ctx.fillStyle = colour.ink;
    label.lines.forEach((line, index) => {
      ctx.strokeText(line, place.x + place.w / 2, place.y + index * 15 + 1);
      ctx.fillText(line, place.x + place.w / 2, place.y + index * 15 + 1);
    });
  };
  const paintSaying = (ctx, id, width, height) => {
    const said = thing(id);
    const { x, y } = network.canvasToDOM(stillOf.get(id));
    ctx.font = `600 12px ${family}`;
    const head = shortened(ctx, `${speakerName(said)} · ${said.act}`.slice(0, 200), 230);
    ctx.font = `13px ${family}`;
    const lines = wrapped(ctx, said.quote.slice(0, 400), 210, 4);
    const box = { w: 264, h: 26 + lines.length * 17 + 10 };
    const left = Math.max(8, Math.min(x - box.w / 2, width - box.w - 8));
    const top = y + 14 + box.h < height ? y + 14 : y - 14 - box.h;
    ctx.fillStyle = colour.paper;
    ctx.strokeStyle = colour.soft;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.rect(left, top, box.w, box.h);
    ctx.fill();
    ctx.stroke();
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillStyle = colour.ink;
    ctx.font = `600 12px ${family}`;
    ctx.fillText(head, left + 10, top + 9);
    ctx.font = `13px ${family}`;
    lines.forEach((line, index) => ctx.fillText(line, left + 10, top + 27 + index * 17));
  };

  const motion = () => (still.matches ? false : { duration: 260, easingFunction: "easeInOutQuad" });
  /** Show all of the given nodes with room for their labels. */
  const fit = (ids, most, animation) => {
    const points = ids.map((id) => stillOf.get(id));
    if (!points.length) return;
    const { clientWidth, clientHeight } = $("canvas");
    const below = $("note").offsetHeight;
    const [left, right] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
    const [top, bottom] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
    const scale = Math.min((clientWidth - 100) / Math.max(right - left, 1), (clientHeight - 100 - below) / Math.max(bottom - top, 1), most);
    network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom + below / scale) / 2 }, scale: Math.max(scale, 0.05), animation });
  };
  const fitAll = (animation = false) => fit(picture.nodes.map(({ id }) => id).filter(drawn), 1.5, animation);
  const bringIntoView = (id) => {
    if (stillOf.has(id) && !$("view-graph").hidden) fit([...bright()], Math.max(1.2, network.getScale()), motion());
  };
  /** Move the picture only where a node is near its edge. */
  const keepInFrame = (id) => {
    const { x, y } = network.canvasToDOM(stillOf.get(id));
    const { clientWidth, clientHeight } = $("canvas");
    if (x < 90 || y < 60 || x > clientWidth - 90 || y > clientHeight - 90) network.moveTo({ position: stillOf.get(id), animation: motion() });
  };
  const zoom = (factor) => network.moveTo({ scale: Math.max(0.05, Math.min(6, network.getScale() * factor)), animation: motion() });
  /** The nearest node in the direction of an arrow key. */
  const beside = (id, dx, dy) => {
    const here = stillOf.get(id);
    const rated = picture.nodes.filter((node) => node.id !== id && drawn(node.id)).map((node) => {
      const [x, y] = [node.x - here.x, node.y - here.y];
      const along = x * dx + y * dy;
      return { id: node.id, along, cost: along + 2.5 * Math.abs(x * dy - y * dx) };
    }).filter(({ along }) => along > 0);
    return rated.sort((a, b) => a.cost - b.cost)[0]?.id ?? id;
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = chosen && stillOf.has(chosen) && drawn(chosen) ? chosen : null;
    if (event.key in ARROWS) {
      const next = current ? beside(current, ...ARROWS[event.key]) : order.find(({ id }) => drawn(id))?.id;
      if (next) choose(next);
      if (next) keepInFrame(next);
    } else if (event.key === "Enter" && chosen) $("panel").querySelector("h2").focus();
    else if (event.key === "Escape") choose(null);
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fitAll(motion());
    else return;
    event.preventDefault();
  };

  // ------------------------------------------------------------ start

  const showTotals = () => {
    const linkedNames = touching.filter((some) => some.length).length;
    const silent = actors.length > linkedNames ? `, ${linkedNames.toLocaleString("en")} of them in statements` : "";
    $("totals").textContent = `${several(articles.length, "article")} · ${several(statements.length, "statement")} · ${several(actors.length, "name")}${silent}`;
    const drawnNames = picture.nodes.filter(({ id }) => id[0] === "a").length;
    const drawnStatements = picture.nodes.length - drawnNames;
    $("note").className = picture.nodes.length ? "" : "empty";
    $("note").textContent = !picture.nodes.length ? "There is nothing to draw yet."
      : drawnNames < linkedNames || drawnStatements < statements.length
        ? `Drawn: ${drawnNames.toLocaleString("en")} of ${several(linkedNames, "name")} and ${drawnStatements.toLocaleString("en")} of ${several(statements.length, "statement")}, the most linked. Search and table have all.` : "";
  };
  // What the address asks for: the end of an IRI, "statement/…", "actor/…", "place/…"; or "doc/KEY" with "/char=start,end" for a passage
  // that no statement holds: then the nearest statement of that article.
  const asked = () => {
    const wanted = location.hash.slice(1);
    const [, document_, start] = /^(doc\/[^/]+)(?:\/char=(\d+),\d+)?$/.exec(wanted) ?? [];
    if (document_) {
      const article = articles.findIndex(({ iri }) => iri.endsWith(`/${document_}`));
      const own = statements.map((s, index) => [index, Math.abs(s.offsets[0][0] - Number(start ?? 0)), s.article]).filter(([, , of]) => of === article);
      return own.length ? `s${own.sort((a, b) => a[1] - b[1])[0][0]}` : null;
    }
    for (const [letter, things] of [["s", statements], ["a", actors]]) {
      const index = wanted ? things.findIndex(({ iri }) => iri.endsWith(`/${wanted}`)) : -1;
      if (index >= 0) return `${letter}${index}`;
    }
    return null;
  };

  const listen = () => {
    window.addEventListener("hashchange", () => asked() && choose(asked(), true));
    $("search").addEventListener("input", search);
    $("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter") $("results").querySelector("button")?.click();
      if (event.key === "ArrowDown") $("results").querySelector("button")?.focus();
    });
    $("more").addEventListener("click", () => ((rowLimit += 200), showRows()));
    for (const name of tabs) {
      $(`tab-${name}`).addEventListener("click", () => open(name));
      $(`tab-${name}`).addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        const other = tabs.find((tab) => tab !== name);
        open(other);
        $(`tab-${other}`).focus();
      });
    }
    $("closer").addEventListener("click", () => zoom(1.3));
    $("wider").addEventListener("click", () => zoom(1 / 1.3));
    $("whole").addEventListener("click", () => fitAll(motion()));
    $("canvas").addEventListener("keydown", keys);
    network.on("click", ({ nodes: [id] }) => choose(id && drawn(id) ? id : null));
    network.on("hoverNode", ({ node }) => ((hovered = node), ($("canvas").style.cursor = "pointer"), network.redraw()));
    network.on("blurNode", () => ((hovered = null), ($("canvas").style.cursor = ""), network.redraw()));
    network.on("afterDrawing", paintLabels);
    let [wide, high] = [0, 0];
    network.on("resize", ({ width, height }) => {
      if (Math.abs(width - wide) + Math.abs(height - high) > 40) fitAll();
      [wide, high] = [width, height];
    });
    dark.addEventListener("change", () => (readColours(), dress()));
  };

  readColours();
  sift();
  showTotals();
  showFilters();
  showCounts();
  tell();
  listen();
  dress();
  fitAll();
  if (asked()) choose(asked(), true);
  network.once("afterDrawing", () => (document.body.dataset.ready = "true"));
  network.redraw();
})();
