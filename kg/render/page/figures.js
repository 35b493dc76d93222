// Figures of one quantity side by side: a row for each figure, so that no label can meet another at any width.
{
  const AT_ONCE = 12;
  const CHARTS = 20;
  const IN_TABLE = 500;
  const ONCE = 100;
  const SPREAD = new Map([["about", 0.1], ["some", 0.1], ["nearly", 0.1]]);
  const BELOW = new Set(["more than", "at least", "over"]);
  const ABOVE = new Set(["less than", "at most"]);
  const open = new Set();
  let chartsShown = CHARTS;

  // ------------------------------------------------------------ words and numbers

  const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });
  const brief = (value) => {
    for (const [size, word] of [[1e12, "tn"], [1e9, "bn"], [1e6, "m"]]) if (value >= size) return `${number(value / size)} ${word}`;
    return number(value);
  };
  const numberOfClaim = ({ value, low, high }) => value ?? low ?? high ?? 0;
  /** A figure with its modifier: `over 78,300`, `300 to 400`, `more than 65 %`, `USD 11.5 m`. */
  const valued = (claim) => {
    const { value, low, high, unit, modifier } = claim;
    const bounded = () => (low !== null && high !== null ? `${brief(low)} to ${brief(high)}` : low !== null ? `${brief(low)} or more` : high !== null ? `at most ${brief(high)}` : claim.words);
    const worded = value !== null ? brief(value) : bounded();
    const withUnit = unit === "percent" ? `${worded} %` : /^[A-Z]{3}$/u.test(unit) ? `${unit} ${worded}` : worded;
    return modifier && modifier !== "exact" ? `${modifier} ${withUnit}` : withUnit;
  };
  const asOfWords = ({ asOf }) => (asOf ? `as of ${asOf.split("/").map((date) => (/^\d{4}(-\d\d){0,2}$/u.test(date) ? dateWords(date, 3) : date)).join(" to ")}` : "");
  const BASES = { said: "day of the statement", published: "day of the article" };
  /** Who says it: a speaker, or an article in its own voice. */
  const voiceOf = ({ speaker, statement, article }) =>
    speaker !== null ? actors[speaker].name : statement !== null ? speakerName(statements[statement]) : article === null ? "" : articles[article].publisher ?? articles[article].name;
  const isSaid = ({ speaker, statement }) => speaker !== null || statement !== null;
  const listed = (names, most = 2) => (names.length > most ? `${names.slice(0, most).join(", ")} and ${(names.length - most).toLocaleString("en")} more` : names.join(" and "));
  const voicesOf = (claims) => {
    const own = new Set(claims.filter((claim) => !isSaid(claim)).map(({ article }) => article)).size;
    return listed([...new Set(claims.filter(isSaid).map(voiceOf)), ...(own ? [own === 1 ? "an article" : several(own, "article")] : [])]);
  };
  const whenOfRow = (claims) => {
    const times = [...new Set(claims.map(asOfWords))];
    return times.length > 1 ? "at several times" : times[0] || "day not told";
  };

  /** The words of a number that is told by words alone: thousands, dozens. */
  const vagueWords = ({ claims, first }) => (claims.length === 1 && first.value === null && /^\D+$/u.test(first.words) ? `, “${first.words}”` : "");

  // ------------------------------------------------------------ rows: equal figures are drawn as one

  const linksOfQuantity = (quantity, kind) => (quantity.links ?? []).filter((link) => link.kind === kind && link.claims.length === 2);
  /** The quantities with their figures that are shown; those that grow or conflict first, then those with most figures. */
  const ledgersNow = () =>
    quantities.map((quantity, index) => {
      const on = quantity.claims.map(claimShown);
      const told = (kind) => linksOfQuantity(quantity, kind).filter(({ claims }) => claims.every((claim) => on[claim]));
      const claims = quantity.claims.map((claim, at) => ({ ...claim, at })).filter((_, at) => on[at]);
      const found = { updates: told("update"), conflicts: told("conflict"), agreements: told("agreement") };
      const telling = found.updates.length + found.conflicts.length > 0 ? 1 : 0;
      return { index, name: quantity.name, unit: quantity.unit, claims, ...found, telling, all: quantity.claims.length };
    }).filter(({ claims }) => claims.length)
      .sort((one, other) => other.telling - one.telling || other.claims.length - one.claims.length || one.index - other.index);
  const rowsOfLedger = ({ claims, updates }) => {
    const timely = updates.length > 0;
    const key = (claim) => [numberOfClaim(claim), valued(claim), isSaid(claim), timely ? claim.asOf ?? "" : ""].join(" ");
    const groups = new Map();
    for (const claim of claims) groups.set(key(claim), [...(groups.get(key(claim)) ?? []), claim]);
    const rows = [...groups.values()].map((own) => ({ claims: own, first: own[0] }));
    const byNumber = (one, other) => numberOfClaim(one.first) - numberOfClaim(other.first);
    const time = ({ first }) => first.asOf ?? "";
    const byTime = (one, other) => (time(one) < time(other) ? -1 : time(one) > time(other) ? 1 : byNumber(one, other));
    return rows.sort(timely ? byTime : byNumber);
  };
  /** At most some dozen rows: the latest where figures update each other, else the most claimed. */
  const someRows = (ledger, rows) => {
    if (open.has(ledger.index) || rows.length <= AT_ONCE) return rows;
    if (ledger.updates.length) return rows.slice(-AT_ONCE);
    const most = new Set([...rows].sort((one, other) => other.claims.length - one.claims.length).slice(0, AT_ONCE));
    return rows.filter((row) => most.has(row));
  };

  // ------------------------------------------------------------ one chart

  const TOP = 6;
  const scaleOf = (rows, unit) => {
    const most = Math.max(...rows.flatMap(({ first }) => [first.value, first.low, first.high, 0].filter((one) => one !== null)), 0) || 1;
    if (unit === "percent" && most <= 100) return [25, 100];
    const power = 10 ** Math.floor(Math.log10(most));
    const step = [0.25, 0.5, 1, 2.5, 5].map((size) => size * power).find((size) => most / size <= 4) ?? 5 * power;
    return [step, step * Math.ceil(most / step - 1e-9)];
  };
  const axis = ([step, end], x, foot, unit) => {
    let free = -Infinity;
    return Array.from({ length: Math.round(end / step) + 1 }, (_, tick) => tick * step).flatMap((value) => {
      const label = `${brief(value)}${unit === "percent" ? " %" : ""}`;
      const half = textWidth(label, 11) / 2;
      const fits = x(value) - half > free;
      if (fits) free = x(value) + half + 8;
      const text = () => vector("text", { class: "tick", x: x(value).toFixed(1), y: foot + 15, "text-anchor": "middle" }, label);
      return [vector("path", { class: "grid", d: `M${x(value).toFixed(1)} ${TOP}V${foot}` }), ...(fits ? [text()] : [])];
    });
  };
  const markOfClaim = (claim, x, y, end) => {
    const own = isSaid(claim) ? "claimed" : "own";
    const at = x(numberOfClaim(claim));
    const line = (style, d) => vector("path", { class: `${style} ${own}`, d });
    const parts = [];
    const spread = claim.value !== null && SPREAD.get(claim.modifier);
    if (spread) parts.push(line("span", `M${x(claim.value * (1 - spread))} ${y}H${x(claim.value * (1 + spread))}`));
    else if (claim.low !== null && claim.high !== null && claim.high > claim.low) parts.push(line("span", `M${x(claim.low)} ${y}H${x(claim.high)}`));
    else if (BELOW.has(claim.modifier) || (claim.value === null && claim.low !== null)) parts.push(line("open", `M${at} ${y}H${end}m-4 -4l4 4l-4 4`));
    else if (ABOVE.has(claim.modifier) || claim.value === null) parts.push(line("open", `M${x(0)} ${y}H${at}`));
    if (claim.value === null) parts.push(...[claim.low, claim.high].filter((bound) => bound !== null).map((bound) => line("bound", `M${x(bound)} ${y - 6}V${y + 6}`)));
    else if (isSaid(claim)) parts.push(vector("circle", { class: own, cx: at, cy: y, r: 5 }));
    else parts.push(vector("rect", { class: own, x: at - 4.5, y: y - 4.5, width: 9, height: 9 }));
    return parts;
  };
  /** For rows that cannot both hold: the row that stands against most others, and these; until all are named. */
  const againstOf = (rows, conflicts) => {
    const home = new Map(rows.flatMap(({ claims }, row) => claims.map(({ at }) => [at, row])));
    const against = rows.map(() => new Set());
    for (const { claims: [one, other] } of conflicts) {
      const [a, b] = [home.get(one), home.get(other)];
      if (a === undefined || b === undefined || a === b) continue;
      against[a].add(b);
      against[b].add(a);
    }
    const hubs = [];
    for (;;) {
      const hub = against.reduce((best, set, row) => (set.size > against[best].size ? row : best), 0);
      if (!against[hub]?.size) return hubs;
      hubs.push({ hub, others: [...against[hub]].sort((a, b) => a - b) });
      for (const other of against[hub]) against[other].delete(hub);
      against[hub].clear();
    }
  };
  const RAIL = 16;
  const RAILS = 3;
  const rail = ({ hub, others }, x, middles) => {
    const all = [hub, ...others].map((row) => middles[row]);
    return vector("g", { class: "against" },
      vector("path", { d: `M${x} ${Math.min(...all)}V${Math.max(...all)}${others.map((row) => `M${x} ${middles[row]}h-6`).join("")}` }),
      vector("circle", { cx: x, cy: middles[hub], r: 7 }),
      vector("path", { d: `M${x - 3.5} ${middles[hub] - 1.8}h7M${x - 3.5} ${middles[hub] + 1.8}h7M${x + 2} ${middles[hub] - 4.2}L${x - 2} ${middles[hub] + 4.2}`, class: "unequal" }));
  };
  const steps = (rows, updates, x, middles) => {
    const home = new Map(rows.flatMap((row, index) => row.claims.map((claim) => [claim.at, [index, claim]])));
    const drawn = new Set();
    return updates.flatMap(({ claims: [later, earlier] }) => {
      if (!home.has(later) || !home.has(earlier)) return [];
      const [[after, newer], [before, older]] = [home.get(later), home.get(earlier)];
      if (after === before || drawn.has(`${before} ${after}`)) return [];
      drawn.add(`${before} ${after}`);
      const sure = newer.asOf && older.asOf ? "" : " unsure";
      return [vector("path", { class: `step${sure}`, d: `M${x(numberOfClaim(older))} ${middles[before]}V${middles[after]}H${x(numberOfClaim(newer))}` })];
    });
  };
  const claimWords = (row, ledger) => {
    const { claims, first } = row;
    const against = ledger.conflicts.filter(({ claims: pair }) => claims.some(({ at }) => pair.includes(at))).length;
    const basis = BASES[first.asOfStatus];
    return {
      head: `${valued(first)}${ledger.unit === "people" ? " people" : ""}`,
      lines: [voicesOf(claims), `${whenOfRow(claims)}${claims.length === 1 && basis ? ` (${basis})` : ""}`, ...(against ? [`In conflict with ${several(against, "other figure")}`] : [])],
      quote: claims.length === 1 && first.words ? first.words : "",
    };
  };
  const enterClaims = (ledger, claims, led) => {
    const said = [...new Set(claims.map(({ statement }) => statement).filter((statement) => statement !== null))];
    const own = claims.filter(({ statement, article, span }) => statement === null && article !== null && span);
    if (said.length === 1 && !own.length) return choose(`s${said[0]}`, led);
    return chooseStatements(`${ledger.name}: ${valued(claims[0])}`, said, own);
  };
  /** The words of each row, from the top down: the figure, who claims it, as of when. */
  const labelsOf = (rows, room) => {
    let top = TOP;
    return rows.map((row) => {
      const pieces = [
        ["value", textLines(valued(row.first), room, { size: 13, weight: 600, most: 2 }), 16],
        ["voice", textLines(voicesOf(row.claims), room, { size: 12, most: 3 }), 15],
        [row.first.asOf ? "when" : "when unsure", textLines(whenOfRow(row.claims) + vagueWords(row), room, { size: 12, most: 3 }), 15],
      ];
      let y = top + 15;
      const parts = pieces.map(([style, lines, step]) => {
        y += lines.length * step;
        return textBlock(lines, 0, y - lines.length * step, { class: style }, step);
      });
      const label = { parts, top, high: Math.max(34, y - top - 5), middle: top + Math.max(34, y - top - 5) / 2 };
      top += label.high;
      return label;
    });
  };
  const rowItem = (row, at, ledger, { parts, top, high }, wide) => {
    const words = claimWords(row, ledger);
    const said = row.claims.map(({ statement }) => statement).filter((one) => one !== null);
    const element = markButton(spoken(words), { class: "claim", "data-statements": said.join(" ") },
      vector("rect", { x: 0, y: top, width: wide, height: high, class: "reach" }), ...parts);
    return { element, key: `${ledger.index} ${at}`, x: 0, words: () => words, enter: (led) => enterClaims(ledger, row.claims, led) };
  };
  const chart = (ledger, wide) => {
    const rows = someRows(ledger, rowsOfLedger(ledger));
    const room = Math.max(132, Math.min(230, Math.floor(wide * 0.42)));
    const hubs = againstOf(rows, ledger.conflicts).slice(0, RAILS);
    const right = wide - 22 - hubs.length * RAIL;
    const scale = scaleOf(rows, ledger.unit);
    const x = (value) => Number((room + 14 + (right - room - 14) * Math.min(Math.max(value, 0) / scale[1], 1)).toFixed(1));
    const labels = labelsOf(rows, room);
    const middles = labels.map(({ middle }) => middle);
    const foot = labels.at(-1).top + labels.at(-1).high;
    const items = rows.map((row, at) => rowItem(row, at, ledger, labels[at], wide));
    const marks = vector("g", { class: "drawn", "aria-hidden": "true" },
      ...steps(rows, ledger.updates, x, middles), ...rows.flatMap((row, at) => markOfClaim(row.first, x, middles[at], right + 10)),
      ...hubs.map((hub, at) => rail(hub, right + 20 + at * RAIL, middles)));
    const high = Math.ceil(foot + 24);
    const svg = vector("svg", {
      id: `figures-${ledger.index}`, class: "chart", viewBox: `0 0 ${wide} ${high}`, width: wide, height: high,
      role: "application", "aria-label": `Chart: ${ledger.name.slice(0, 200)}`, "aria-describedby": "figures-keys",
    }, ...axis(scale, x, foot, ledger.unit), ...labels.slice(1).map(({ top }) => vector("path", { class: "rule", d: `M0 ${top + 0.5}H${wide}` })),
    ...items.map(({ element }) => element), marks);
    return { svg, items, left: ledger.claims.length - rows.reduce((sum, { claims }) => sum + claims.length, 0) };
  };

  // ------------------------------------------------------------ what a chart says, in words and as a table

  /** What the figures say of each other; a sign of its own for each kind. */
  const verdicts = ({ claims, updates, conflicts, agreements }) => {
    const of = new Map(claims.map((claim) => [claim.at, claim]));
    const told = [];
    if (updates.length) {
      const chain = [...new Set(updates.flatMap((link) => link.claims))].map((at) => of.get(at));
      chain.sort((one, other) => numberOfClaim(one) - numberOfClaim(other));
      told.push(["grows", "↗", `Grows from ${valued(chain[0])} to ${valued(chain.at(-1))}.`]);
    }
    if (conflicts.length) told.push(["conflicts", "≠", `In conflict: ${several(conflicts.length, "pair")} of figures cannot both hold.`]);
    if (!updates.length && !conflicts.length && agreements.length) told.push(["agrees", "=", "These figures can all hold."]);
    return told.map(([kind, sign, words]) => make("p", { class: `verdict ${kind}` }, make("span", { class: "sign", "aria-hidden": "true" }, sign), words));
  };
  const leadTo = (ledger, claim) => make("button", { type: "button", class: "link", click: () => enterClaims(ledger, [claim], true) }, bdi(valued(claim)));
  const voice = (claim) => (isSaid(claim) ? bdi(voiceOf(claim)) : make("span", { class: "ownvoice" }, "the article itself"));
  const dayTold = (claim) => (claim.asOf ? asOfWords(claim).slice("as of ".length) : "not told");
  const cell = (head, ...children) => make("td", { "data-head": head }, ...children);
  const smallTable = (caption, heads, rows) =>
    make("table", { class: "small" }, make("caption", { class: "unseen" }, caption),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, ...rows));
  const tableOf = (ledger) => {
    const row = (claim) => make("tr", {},
      cell("Figure", leadTo(ledger, claim)), cell("Claimed by", voice(claim)),
      cell("As of", dayTold(claim), BASES[claim.asOfStatus] ? make("small", {}, BASES[claim.asOfStatus]) : null),
      cell("Article", claim.article === null ? "" : bdi(articles[claim.article].name)));
    return smallTable(ledger.name.slice(0, 200), ["Figure", "Claimed by", "As of", "Article"], ledger.claims.slice(0, IN_TABLE).map(row));
  };
  const section = (ledger, wide, tip, root) => {
    const beside = wide >= 900;
    const { svg, items, left } = chart(ledger, beside ? Math.floor(wide * 0.55) : Math.min(wide, 680));
    walkable(svg, items.map((item) => [item]), tip);
    const more = left ? make("button", { type: "button", class: "link", click: () => (open.add(ledger.index), again(root)) }, `Show ${several(left, "more figure")}`) : null;
    const hidden = ledger.all - ledger.claims.length;
    return make("section", { class: beside ? "quantity beside" : "quantity", "data-quantity": ledger.index },
      make("h2", {}, bdi(ledger.name)),
      make("div", { class: "verdicts" }, ...verdicts(ledger)),
      make("div", { class: "drawn" }, svg, more, hidden ? make("p", { class: "hiding" }, `${several(hidden, "figure")} hidden by filters.`) : null),
      make("details", { open: beside }, make("summary", {}, `The same as a table · ${several(ledger.claims.length, "figure")}`), tableOf(ledger)));
  };
  const singles = (ledgers) => {
    const row = (ledger) => make("tr", {},
      cell("Figure", leadTo(ledger, ledger.claims[0])), cell("Of what", bdi(ledger.name)), cell("Claimed by", voice(ledger.claims[0])), cell("As of", dayTold(ledger.claims[0])));
    const table = smallTable("Figures told once", ["Figure", "Of what", "Claimed by", "As of"], ledgers.slice(0, ONCE).map(row));
    const rest = ledgers.length - ONCE;
    const showRest = (event) => {
      event.target.remove();
      table.tBodies[0].append(...ledgers.slice(ONCE).map(row));
    };
    return make("section", { class: "quantity" }, make("h2", {}, "Figures told once"), table,
      rest > 0 ? make("button", { type: "button", class: "push", click: showRest }, `Show ${several(rest, "more", "more")}`) : null);
  };

  // ------------------------------------------------------------ the view

  const legend = () => {
    const item = (words, ...parts) => make("li", {}, vector("svg", { viewBox: "-14 -8 28 16", "aria-hidden": "true", class: "wide chart" }, ...parts), words);
    return make("ul", { class: "legend" },
      item("claimed by a speaker", vector("circle", { r: 5, class: "claimed" })),
      item("the article’s own figure", vector("rect", { x: -4.5, y: -4.5, width: 9, height: 9, class: "own" })),
      item("about", vector("path", { d: "M-12 0H12", class: "span claimed" }), vector("circle", { r: 5, class: "claimed" })),
      item("or more", vector("path", { d: "M-8 0H12m-4 -4l4 4l-4 4", class: "open claimed" }), vector("circle", { cx: -8, r: 5, class: "claimed" })),
      item("later count", vector("path", { d: "M-10 -7V5H10", class: "step" })),
      item("cannot both hold", rail({ hub: 0, others: [] }, 0, [0])));
  };
  const draw = (root) => {
    const ledgers = ledgersNow();
    const nothing = quantities.length ? "No figure passes the filters." : "No article tells a figure.";
    if (!ledgers.length) return void root.append(make("p", { class: "nothing" }, nothing));
    const wide = Math.max(288, root.clientWidth - 32);
    const charted = ledgers.filter(({ claims }) => claims.length > 1);
    const once = ledgers.filter(({ claims }) => claims.length === 1);
    const tip = teller(root);
    const left = charted.length - chartsShown;
    root.append(
      make("p", { class: "lead" }, "What the articles count, and who says how many. A conflict is between claims: nothing here says which of them is true."),
      ...(charted.length ? [legend()] : []),
      make("p", { id: "figures-keys", class: "unseen" }, "Up and down walk from figure to figure, Enter reads where it is told. Each chart has the same as a table."),
      ...charted.slice(0, chartsShown).map((ledger) => section(ledger, wide, tip, root)),
      ...(left > 0 ? [moreCharts(left, root)] : []),
      ...(once.length ? [singles(once)] : []),
    );
    mark(chosen);
  };
  const moreCharts = (left, root) => {
    const words = `Show ${Math.min(left, CHARTS)} more of ${several(left, "quantity", "quantities")}`;
    return make("p", {}, make("button", { type: "button", class: "push", click: () => ((chartsShown += CHARTS), again(root)) }, words));
  };
  const again = (root) => {
    const { scrollTop } = root;
    root.replaceChildren();
    draw(root);
    root.scrollTop = scrollTop;
  };
  const mark = (id) => {
    for (const claim of document.querySelectorAll("#view-figures .claim")) claim.classList.toggle("chosen", id?.[0] === "s" && claim.dataset.statements.split(" ").includes(id.slice(1)));
  };
  /** All charts below each other, each under its name. */
  const picture = () => {
    const charts = [...document.querySelectorAll("#view-figures svg.chart[id]")];
    if (!charts.length) return null;
    const wide = Math.max(...charts.map((svg) => svg.viewBox.baseVal.width));
    let top = 0;
    const parts = charts.flatMap((svg) => {
      const { name } = quantities[Number(svg.id.slice("figures-".length))];
      const lines = textLines(name, wide, { size: 15, weight: 600, most: 3 });
      const copy = svg.cloneNode(true);
      for (const attribute of ["id", "role", "aria-describedby"]) copy.removeAttribute(attribute);
      copy.setAttribute("x", 0);
      copy.setAttribute("y", top + 8 + lines.length * 19);
      const title = textBlock(lines, 0, top + 18, { class: "title" }, 19);
      top += 8 + lines.length * 19 + svg.viewBox.baseVal.height + 24;
      return [title, copy];
    });
    return vector("svg", { class: "chart", viewBox: `0 0 ${wide} ${top}` }, ...parts);
  };
  wideViews.add("figures");
  views.push({ id: "figures", name: "Figures", draw, choose: mark, svg: picture });
}
