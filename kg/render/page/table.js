// The statements as a table, in step with the picture.

const ROWS = 200;
let rowLimit = ROWS;
/** The column that the table is sorted by, with "-" before it for the other way round; "text" is the order of the articles. */
let sorting = "text";
/** Show only the statements of what is chosen. */
let onlyChosen = false;

const aboutNames = (s) => [...new Set([s.target, ...s.about])].filter((index) => index !== null).map((index) => actors[index].name);
const articleWords = kept((article) => folded(`${articles[article].date ?? ""} ${articles[article].name}`));
/** Column → heading, and the key that it sorts by; what has none comes last. */
const COLUMNS = {
  text: null,
  speaker: ["Speaker", ({ speaker }) => (speaker === null ? "" : nameWords[speaker])],
  statement: ["Statement", (s, index) => quoteWords[index] ?? folded(quoteOf(s))],
  about: ["About", ({ target, about }) => nameWords[target ?? about[0]] ?? ""],
  date: ["Date", (s) => s.date ?? ""],
  article: ["Article", (s) => articleWords(s.article)],
};
const cell = (head, ...children) => make("td", head ? { "data-head": head } : {}, ...children);
const row = (index) => {
  const s = statements[index];
  const article = articles[s.article];
  const say = make("button", { type: "button", class: "say", click: (event) => (event.stopPropagation(), choose(`s${index}`, true)) }, bdi(quoteOf(s)));
  return make("tr", { class: chosen === `s${index}` ? "chosen" : null, click: () => choose(`s${index}`), "data-statement": index },
    cell("", make("span", { class: "clamp speaker" }, bdi(speakerName(s))), s.outer === null ? null : make("small", {}, "relayed by ", bdi(speakerName(statements[s.outer])))),
    cell("", say, make("small", {}, `${actOf(s)} · ${TYPES[s.type] ?? s.type}`)),
    cell("about", ...(aboutNames(s).length ? [make("span", { class: "clamp" }, ...apart(aboutNames(s).map((name) => bdi(name))))] : [])),
    cell("said on", s.date ?? make("span", { class: "undecided" }, "not stated"), s.date && DAYS[s.dateStatus] ? make("small", {}, DAYS[s.dateStatus]) : null),
    cell("in", make("span", { class: "clamp" }, bdi(article.name)), make("small", {}, article.date ?? "")));
};
/** The statements that touch what is chosen; null where that narrows nothing. */
const ofChosen = () => {
  if (!chosen || chosen[0] === "s") return null;
  return chosen[0] === "a" ? touching[numberOf(chosen)] : lineOf(chosen).statements;
};
/** All statements in the order of a column; filters only take away from it. */
const inOrder = kept((wanted) => {
  const all = statements.map((_, index) => index);
  const column = wanted.replace(/^-/u, "");
  if (column === "text") return all;
  const [, keyOf] = COLUMNS[column];
  const keys = statements.map(keyOf);
  const way = wanted[0] === "-" ? -1 : 1;
  return all.sort((one, other) => {
    const [a, b] = [keys[one], keys[other]];
    if (a === b) return one - other;
    if (!a || !b) return a ? -1 : 1;
    return (a < b ? -1 : 1) * way;
  });
});
const rowsToShow = () => {
  const some = onlyChosen ? ofChosen() : null;
  const among = some && new Set(some);
  return inOrder(sorting).filter((index) => shown.statements[index] && (!among || among.has(index)));
};
const sortBy = (column) => {
  sorting = sorting === column ? `-${column}` : sorting === `-${column}` ? "text" : column;
  rowLimit = ROWS;
  draw();
  $("view-table").querySelector(`[data-column=${column}]`).focus();
  writeAddress();
};
const head = ([column, [name]]) => {
  const way = { [column]: "ascending", [`-${column}`]: "descending" }[sorting] ?? null;
  const arrow = { ascending: " ↑", descending: " ↓" }[way] ?? "";
  return make("th", { scope: "col", "aria-sort": way }, make("button", { type: "button", "data-column": column, click: () => sortBy(column) }, name, make("span", { "aria-hidden": "true" }, arrow)));
};
const narrowing = () => {
  if (!ofChosen()) return null;
  const box = make("input", { type: "checkbox", id: "only-chosen" });
  box.checked = onlyChosen;
  box.addEventListener("change", () => {
    onlyChosen = box.checked;
    draw();
    $("only-chosen").focus();
  });
  return make("label", { class: "narrowing" }, box, make("span", {}, "Only those of ", bdi(chosen[0] === "a" ? thing(chosen).name : lineName(lineOf(chosen)))));
};
const drawTable = (root) => {
  const on = rowsToShow();
  const columns = Object.entries(COLUMNS).filter(([, column]) => column);
  const body = make("tbody", { id: "rows" }, ...on.slice(0, rowLimit).map(row));
  const more = make("button", { type: "button", class: "push", id: "more", click: () => ((rowLimit += ROWS), draw(), $("rows").rows[rowLimit - ROWS]?.querySelector("button").focus()) },
    `Show ${Math.min(ROWS, on.length - rowLimit).toLocaleString("en")} more of ${(on.length - rowLimit).toLocaleString("en")}`);
  const top = narrowing();
  root.append(
    ...(top ? [top] : []),
    make("table", {}, make("caption", { class: "unseen" }, "Statements that the filters leave"),
      make("colgroup", {}, ...columns.map(([column]) => make("col", { class: column }))),
      make("thead", {}, make("tr", {}, ...columns.map(head))), body),
    on.length ? "" : make("p", { class: "nothing" }, statements.length ? "The filters leave no statement." : "There is no statement yet."),
    on.length > rowLimit ? make("p", {}, more) : "");
};
views.push({
  id: "table",
  name: "Statements",
  draw: drawTable,
  choose: () => {
    const top = $("view-table").scrollTop;
    draw();
    $("view-table").scrollTop = top;
  },
});
