// Timeline of statements: a row for each speaker, a column for each day (or month, or year) on which something was said.
{
  const ROWS = 30;
  const PITCH = 13;
  /** Lines of marks in one cell at most; where that is not enough, bars stand for them. */
  const DEEP = 7;
  const BREAK = 14;
  const BAR_ROOM = 30;
  const FAMILIES = ["says", "relays", "denies", "accuses"];
  const UNITS = { day: 10, month: 7, year: 4 };
  let rowsShown = ROWS;

  // ------------------------------------------------------------ what stands where

  /** The blocks of columns: which statements belong to each, and what tells their day. */
  const BLOCKS = [
    { id: "told", name: "Day told" },
    { id: "less", name: "Only month or year told" },
    { id: "untold", name: "Day not told; in an article of" },
  ];
  /** Block and date of a statement: `["told", "2023-09-24"]`, `["less", "2023-09"]`, `["untold", the article's date or ""]`. */
  const placeOf = (s) => {
    const exact = daysOf(s.date);
    if (exact) return [exact[0] === exact[1] ? "told" : "less", s.date];
    return ["untold", daysOf(articles[s.article].date) ? articles[s.article].date.slice(0, 10) : ""];
  };
  const places = statements.map(placeOf);

  /** Speakers with the statements that are shown, the most speaking first; nobody last. */
  const speakersNow = () => {
    const said = new Map();
    statements.forEach((s, index) => {
      if (!shown.statements[index]) return;
      if (!said.has(s.speaker)) said.set(s.speaker, []);
      said.get(s.speaker).push(index);
    });
    const nobody = ({ speaker }) => Number(speaker === null);
    const most = (one, other) => nobody(one) - nobody(other) || other.statements.length - one.statements.length || one.speaker - other.speaker;
    return [...said].map(([speaker, all]) => ({ speaker, statements: all })).sort(most);
  };
  /** Speakers of one side together: the most speaking side first, in it the most speaking name. */
  const bySide = (speakers) => {
    const sides = new Map();
    for (const row of speakers) {
      const side = row.speaker === null ? "none" : actors[row.speaker].side ?? row.speaker;
      if (!sides.has(side)) sides.set(side, { side, number: 0, members: [] });
      sides.get(side).number += row.statements.length;
      sides.get(side).members.push(row);
    }
    const first = (one, other) => Number(one.side === "none") - Number(other.side === "none") || other.number - one.number || one.side - other.side;
    return [...sides.values()].sort(first).flatMap(({ side, members }) =>
      members.map((member, at) => ({ ...member, side, at, grouped: members.length > 1 || (side !== "none" && side !== member.speaker) })));
  };
  /** The dates of a block cut to a unit, in their order, with a gap where some are left out between two, and before those without a date. */
  const columnsOf = (block, dates, unit) => {
    const names = [...new Set(dates.map((date) => (block === "less" ? (date.length > 4 ? "month" : "year") : date.slice(0, UNITS[unit]))))].sort();
    if (block === "untold" && names[0] === "") names.push(names.shift());
    const left = (one, other) => one && other && daysOf(one)[1] + 1 < daysOf(other)[0];
    const between = (one, other) => (left(one, other) ? [{ block, gap: true, left: true }] : other === "" ? [{ block, gap: true }] : []);
    return names.flatMap((name, at) => [...(block === "less" || at === 0 ? [] : between(names[at - 1], name)), { block, name }]);
  };
  const cellName = ([block, date], unit) => `${block} ${block === "less" ? (date.length > 4 ? "month" : "year") : date.slice(0, UNITS[unit])}`;
  /** Row → column → statements. */
  const cellsOf = (rows, unit) =>
    rows.map((row) => {
      const cells = new Map();
      for (const index of row.statements) {
        const name = cellName(places[index], unit);
        if (!cells.has(name)) cells.set(name, []);
        cells.get(name).push(index);
      }
      return cells;
    });

  // ------------------------------------------------------------ how wide

  const LABEL_ROOM = 10;
  /** Columns of at least so many pixels can be told apart. */
  const THIN = { day: 7, month: 3, year: 0 };
  const shortName = ({ block, name }, unit) => {
    if (block === "less") return name === "month" ? "month" : "year";
    if (name === "") return "undated";
    return unit === "day" ? dateWords(name, 3).replace(/ \d{4}$/u, "") : unit === "month" ? dateWords(name, 3).split(" ")[0] : name;
  };
  /** Columns with their left edge and width where every statement has a mark of its own; null where there are too many. */
  const markColumns = (columns, cells, unit, room) => {
    const most = columns.map(({ block, name, gap }) => (gap ? 0 : Math.max(1, ...cells.map((row) => row.get(`${block} ${name}`)?.length ?? 0))));
    const least = columns.map((column) => (column.gap ? BREAK : Math.max(24, textWidth(shortName(column, unit), 11) + LABEL_ROOM)));
    for (let deep = 1; deep <= DEEP; deep += 1) {
      const wide = columns.map((column, at) => Math.max(least[at], column.gap ? 0 : Math.ceil(most[at] / deep) * PITCH + 10));
      const spare = room - wide.reduce((sum, one) => sum + one, 0);
      if (spare >= 0) return wide.map((one, at) => one + (columns[at].gap ? 0 : spare / columns.filter(({ gap }) => !gap).length));
    }
    return null;
  };
  /** The same for bars: all columns with a date equally wide, those without as wide as their names. */
  const barColumns = (columns, unit, room) => {
    const fixed = columns.map((column) => (column.gap ? BREAK : column.block === "less" || !column.name ? textWidth(shortName(column, unit), 11) + 10 : null));
    const each = (room - fixed.reduce((sum, one) => sum + (one ?? 0), 0)) / Math.max(1, fixed.filter((one) => one === null).length);
    return fixed.map((one) => one ?? Math.max(1, each));
  };
  /** Which columns have their name below them: all, or every third month, or every other year, as there is room. */
  const labelled = (columns, unit) => {
    const dated = columns.filter(({ block, name, gap }) => !gap && block !== "less" && name);
    const need = Math.max(0, ...dated.map((column) => textWidth(shortName(column, unit), 11))) + 6;
    const least = Math.ceil(need / Math.min(Infinity, ...dated.map(({ wide }) => wide)));
    const step = unit === "month" ? [1, 2, 3, 4, 6, 12].find((one) => one >= least) ?? 12 : least;
    const at = (column) => (unit === "month" ? Number(column.name.slice(5, 7)) - 1 : unit === "year" ? Number(column.name) : dated.filter(({ block }) => block === column.block).indexOf(column));
    return new Set(columns.filter((column) => !dated.includes(column) || at(column) % step === 0));
  };
  const BETWEEN = 14;
  /** Unit, columns and whether marks or bars stand in them, so that all fits into the room. */
  const planned = (rows, room) => {
    const dates = (block) => rows.flatMap((row) => row.statements.filter((index) => places[index][0] === block).map((index) => places[index][1]));
    const told = BLOCKS.map(({ id }) => [id, [...new Set(dates(id))]]).filter(([, some]) => some.length);
    const free = room - BETWEEN * (told.length - 1);
    const plan = (unit) => ({ unit, columns: told.flatMap(([block, some]) => columnsOf(block, some, unit)), cells: cellsOf(rows, unit) });
    const spread = (one, widths, marks) => {
      let x = 0;
      const columns = one.columns.map((column, at) => {
        if (at && column.block !== one.columns[at - 1].block) x += BETWEEN;
        x += widths[at];
        return { ...column, x: x - widths[at], wide: widths[at], thick: Math.min(...widths.filter((_, other) => !one.columns[other].gap)) };
      });
      return { ...one, columns, marks };
    };
    const plans = Object.keys(UNITS).map(plan);
    for (const one of plans.slice(0, 2)) {
      const widths = one.columns.length < room / 24 && markColumns(one.columns, one.cells, one.unit, free);
      if (widths) return spread(one, widths, true);
    }
    const bars = plans.map((one) => ({ ...one, widths: barColumns(one.columns, one.unit, free) }));
    const fine = bars.find(({ unit, widths }) => Math.min(...widths) >= THIN[unit]);
    return spread(fine, fine.widths, false);
  };

  // ------------------------------------------------------------ marks

  /** The shape of a type, with a sign for what accuses (a corner), denies (a bar) and relays (a line below). */
  const TYPE_PATHS = { direct: "M0 -4.2a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0 -8.4z", mixed: "M0 -5.2L5.2 0L0 5.2L-5.2 0z", indirect: "M-3.7 -3.7H3.7V3.7H-3.7z" };
  const SIGNS = { accuses: "M1.6 -6.4H6.4V-1.6z", denies: "M6 -5.5V5.5", relays: "M-4 6.2H4" };
  const signed = (type, family, ring, x, y) =>
    vector("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `mark ${family}${ring ? " ring" : ""}` },
      vector("path", { d: TYPE_PATHS[type] ?? TYPE_PATHS.indirect, class: "body" }),
      SIGNS[family] ? vector("path", { d: SIGNS[family], class: "sign" }) : null);
  const markOf = (index, x, y) => {
    const s = statements[index];
    const words = statementWords(index);
    const element = markButton(spoken(words), { "data-statement": index, class: chosen === `s${index}` ? "statement chosen" : "statement" },
      vector("rect", { x: x - PITCH / 2, y: y - PITCH / 2, width: PITCH, height: PITCH, class: "reach" }),
      signed(s.type, familyOf(s), s.dateStatus === "derived", x, y));
    return { element, key: `s${index}`, x, words: () => words, enter: (led) => choose(`s${index}`, led) };
  };
  const columnWords = ({ block, name }) => {
    if (block === "less") return `only the ${name} is told`;
    if (block === "told") return `said ${name.length > 7 ? "on" : "in"} ${dateWords(name)}`;
    return name ? `day not told, article of ${dateWords(name)}` : "day not told, article without a date";
  };
  const byFamily = (indexes) => FAMILIES.map((family) => [family, indexes.filter((index) => familyOf(statements[index]) === family).length]).filter(([, number]) => number);
  const familyWords = (indexes) => byFamily(indexes).map(([family, number]) => `${number.toLocaleString("en")} ${family === "says" ? "say" : family.replace(/s$/u, "")}`).join(", ");
  const thickness = ({ thick }) => Math.max(1.5, Math.min(thick - Math.min(2, thick / 4), 24));
  /** A bar for the statements of a cell, as high as there are many, cut by what they do. */
  const barOf = (indexes, column, row, x, foot, most) => {
    const wide = thickness(column);
    let top = foot;
    const parts = byFamily(indexes).map(([family, number]) => {
      const high = Math.max(0.8, (number / most) * BAR_ROOM);
      top -= high;
      return vector("rect", { x: x.toFixed(1), y: top.toFixed(1), width: wide.toFixed(1), height: high.toFixed(1), class: family });
    });
    const head = speakerName(row);
    const words = { head, lines: [`${several(indexes.length, "statement")}, ${columnWords(column)}`, familyWords(indexes)] };
    const element = markButton(spoken(words), { class: "bar" }, vector("rect", { x, y: foot - BAR_ROOM, width: column.wide, height: BAR_ROOM, class: "reach" }), ...parts);
    return { element, key: `${row.speaker} ${column.block} ${column.name}`, x, words: () => words, enter: () => chooseStatements(`${head}, ${columnWords(column)}`, indexes) };
  };

  // ------------------------------------------------------------ rows

  /** Where names stand: left of the marks where there is room for both, else above them. */
  const frameOf = (wide) => (wide >= 540 ? { left: 178, beside: true } : { left: 8, beside: false });
  const nameOfRow = (row, y, room, beside) => {
    const number = row.statements.length.toLocaleString("en");
    const size = 12.5;
    const name = speakerName(row);
    const inner = row.grouped ? 10 : 0;
    const lines = textLines(name, room - inner - textWidth(number, 11.5) - 12, { size, most: 3 });
    const parts = [
      textBlock(lines, inner, y, { class: row.speaker === null ? "name undecided" : "name" }),
      vector("text", { x: beside ? room - 4 : inner + Math.max(...lines.map((line) => textWidth(line, size))) + 8, y, "text-anchor": beside ? "end" : "start", class: "number" }, number),
    ];
    const side = row.side !== "none" && row.side !== row.speaker ? [`for ${actors[row.side].name}`] : [];
    const words = { head: name, lines: [several(row.statements.length, "statement"), ...side] };
    const reach = vector("rect", { x: 0, y: y - 13, width: room - 4, height: 4 + 14 * lines.length, class: "reach" });
    const look = chosen === `a${row.speaker}` ? "who chosen" : "who";
    const lead = row.speaker === null ? vector("g", {}, ...parts) : markButton(spoken(words), { "data-actor": row.speaker, class: look }, reach, ...parts);
    const item = { element: lead, key: `a${row.speaker}`, x: -1, words: () => words, enter: (led) => choose(`a${row.speaker}`, led) };
    return { lead, high: lines.length * 14, items: row.speaker === null ? [] : [item] };
  };
  const rowOf = (row, cells, plan, frame, top) => {
    const most = Math.max(3, ...[...cells.values()].map((all) => all.length));
    const name = nameOfRow(row, top + 17, frame.beside ? frame.left - 8 : frame.room, frame.beside);
    const under = frame.beside ? top : top + name.high + 8;
    const deep = plan.marks ? Math.max(1, ...plan.columns.map((column) => Math.ceil((cells.get(`${column.block} ${column.name}`)?.length ?? 0) / perLine(column)))) : 0;
    const high = Math.max(frame.beside ? name.high + 10 : 0, plan.marks ? deep * PITCH + 12 : BAR_ROOM + 8);
    const items = plan.columns.flatMap((column) => {
      const all = column.gap ? [] : cells.get(`${column.block} ${column.name}`) ?? [];
      const x = frame.left + column.x;
      if (!plan.marks) return all.length ? [barOf(all, column, row, x, under + high - 4, most)] : [];
      return all.map((index, at) => markOf(index, x + 5 + PITCH * ((at % perLine(column)) + 0.5), under + 6 + PITCH * (Math.floor(at / perLine(column)) + 0.5)));
    });
    return { parts: [name.lead, ...items.map(({ element }) => element)], items: [...name.items, ...items], foot: under + high };
  };
  const perLine = ({ wide }) => Math.max(1, Math.floor((wide - 8) / PITCH));

  // ------------------------------------------------------------ head: what the columns are, how many statements, the range of days

  const spanOf = ({ block, name }) => (block === "less" || !name ? null : daysOf(name));
  const showOnly = (one, other) => {
    const [from, to] = [spanOf(one), spanOf(other)];
    if (from && to) setRange({ from: Math.min(from[0], to[0]), to: Math.max(from[1], to[1]) });
  };
  const HEAD = 30;
  /** The years or months that the labels of the columns leave out: written once, over the first column of each. */
  const above = (columns, unit) => {
    if (unit === "year") return [];
    const year = ({ block, name }) => (block === "less" || !name ? "" : name.slice(0, 4));
    return columns.filter((column, at) => !column.gap && year(column) && columns.slice(0, at).findLast(({ gap }) => !gap)?.name.slice(0, 4) !== year(column));
  };
  /** The name of each block, in as many lines as its columns leave room for, and a line over its columns. */
  const blockNames = (columns, frame) => {
    const blocks = BLOCKS.map(({ id, name }) => ({ name, own: columns.filter(({ block }) => block === id) })).filter(({ own }) => own.length);
    const placed = blocks.map(({ name, own }, at) => {
      const x = frame.left + own[0].x;
      const end = at + 1 < blocks.length ? frame.left + blocks[at + 1].own[0].x - 8 : frame.left + frame.room;
      return { x, foot: frame.left + own.at(-1).x + own.at(-1).wide, lines: textLines(name, end - x, { size: 11.5, weight: 600, most: 4 }) };
    });
    const high = Math.max(1, ...placed.map(({ lines }) => lines.length)) * 14;
    const parts = placed.flatMap(({ x, foot, lines }) => [
      textBlock(lines, x, 12, { class: "block" }), vector("path", { d: `M${x} ${high + 4.5}H${foot}`, class: "ground" }),
    ]);
    return { parts, high };
  };
  /** The years over the columns, as far apart as they can be read. */
  const yearNames = (plan, frame, y) => {
    let free = -Infinity;
    return above(plan.columns, plan.unit).flatMap((column) => {
      const x = frame.left + column.x + (plan.marks ? 5 : 0);
      if (x < free) return [];
      free = x + 34;
      return [vector("text", { x, y, class: "year" }, column.name.slice(0, 4))];
    });
  };
  const breakSign = (x, foot) =>
    vector("path", { d: `M${x + 4} ${foot}l3 -9M${x + 8} ${foot}l3 -9`, class: "break" }, vector("title", {}, "Days without a statement are left out"));
  /** The head of a column: its name, a bar for its sum, and a button that shows its days only. */
  const columnHead = (column, plan, label, number, most, x, foot) => {
    const high = Math.max(1.5, (number / most) * (HEAD - 14));
    const wide = plan.marks ? Math.min(column.wide - 8, 40) : thickness(column);
    const from = x + (plan.marks ? 5 : 0);
    const words = {
      head: columnWords(column).replace(/^./u, (letter) => letter.toUpperCase()),
      lines: [several(number, "statement"), ...(spanOf(column) ? ["Enter or click shows these days only"] : [])],
    };
    const element = markButton(spoken(words), { class: "head" },
      vector("rect", { x, y: foot - HEAD - 15, width: column.wide, height: HEAD + 15, class: "reach" }),
      label ? vector("text", { x: from, y: foot - HEAD - 4, class: "label" }, label) : null,
      vector("rect", { x: from, y: foot - high, width: wide, height: high, class: "sum" }),
      plan.marks ? vector("text", { x: from + wide / 2, y: foot - high - 3, "text-anchor": "middle", class: "number" }, number.toLocaleString("en")) : null);
    return { element, key: `${column.block} ${column.name}`, x, words: () => words, enter: () => showOnly(column, column), column };
  };
  const headOf = (plan, frame, rows) => {
    const { columns, unit } = plan;
    const totals = new Map();
    for (const cells of plan.cells) for (const [name, all] of cells) totals.set(name, (totals.get(name) ?? 0) + all.length);
    const most = Math.max(1, ...totals.values());
    const blocks = blockNames(columns, frame);
    const foot = blocks.high + (unit === "year" ? 20 : 34) + HEAD + 4;
    const withLabel = labelled(columns, unit);
    const items = columns.filter(({ gap }) => !gap).map((column) =>
      columnHead(column, plan, withLabel.has(column) && shortName(column, unit), totals.get(`${column.block} ${column.name}`) ?? 0, most, frame.left + column.x, foot));
    const parts = [
      ...blocks.parts, ...yearNames(plan, frame, blocks.high + 20), ...items.map(({ element }) => element),
      ...columns.filter(({ left }) => left).map(({ x }) => breakSign(frame.left + x, foot)),
      vector("path", { d: `M${frame.left} ${foot + 0.5}H${frame.left + frame.room}`, class: "ground" }),
      ...(frame.beside ? [vector("text", { x: 0, y: foot - 4, class: "number" }, several(rows, "speaker"))] : []),
    ];
    return { parts, items, foot: foot + 4 };
  };
  /** Shift and arrows on the heads of the columns widen the range of days; Delete takes it away. */
  const rangeKeys = (event, items) => {
    const at = items.findIndex(({ element }) => element === document.activeElement);
    if (event.key === "Delete" || event.key === "Backspace") setRange({ from: null, to: null });
    else if (event.shiftKey && at >= 0 && ["ArrowLeft", "ArrowRight"].includes(event.key)) widen(items, at, event.key === "ArrowRight" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  let [anchor, reach] = [null, null];
  const widen = (items, at, step) => {
    if (anchor === null) anchor = reach = at;
    reach = Math.max(0, Math.min(items.length - 1, reach + step));
    markRange(items, anchor, reach);
    const words = `${columnWords(items[Math.min(anchor, reach)].column)} to ${columnWords(items[Math.max(anchor, reach)].column)}; Enter shows these days only`;
    $("timeline-range").textContent = words;
  };
  const markRange = (items, one, other) =>
    items.forEach(({ element }, at) => element.classList.toggle("ranged", at >= Math.min(one, other) && at <= Math.max(one, other)));
  /** Dragging over the heads, or over the free ground below them, chooses a range of days. */
  const brushed = (svg, items) => {
    let from = null;
    const at = (event) => {
      const x = event.clientX - svg.getBoundingClientRect().left;
      return items.reduce((best, item, index) => (Math.abs(item.x + item.column.wide / 2 - x) < Math.abs(items[best].x + items[best].column.wide / 2 - x) ? index : best), 0);
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && items.length && !event.target.closest(".statement, .who, .bar")) from = at(event);
    });
    svg.addEventListener("pointermove", (event) => from !== null && event.buttons && at(event) !== from && markRange(items, from, at(event)));
    svg.addEventListener("pointerup", (event) => {
      const start = from;
      from = null;
      if (start !== null && at(event) !== start) showOnly(items[start].column, items[at(event)].column);
    });
    svg.addEventListener("pointercancel", () => (from = null));
  };

  // ------------------------------------------------------------ the drawing

  const key = (words, ...parts) => make("li", {}, vector("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, ...parts), words);
  const familiesTold = FAMILIES.filter((family) => statements.some((s) => familyOf(s) === family));
  const legend = () =>
    make("ul", { class: "legend" },
      ...Object.keys(TYPES).map((type) => key(TYPES[type], signed(type, "says", false, 0, 0))),
      key("day by the article’s date", signed("direct", "says", true, 0, 0)),
      ...familiesTold.filter((family) => family !== "says").reverse().map((family) => key(family, signed("direct", family, false, 0, 0))));
  const barLegend = () =>
    make("ul", { class: "legend" }, ...familiesTold.map((family) => key(family, vector("rect", { x: -4, y: -7, width: 8, height: 14, class: family }))));
  const rangeWords = () => `${range.from === null ? "From the beginning" : `From ${dateWords(isoDay(range.from))}`} ${range.to === null ? "to the end" : `to ${dateWords(isoDay(range.to))}`}`;
  const rangeNote = () => make("p", { class: "range" }, `${rangeWords()}. `, make("button", { type: "button", class: "link", click: () => setRange({ from: null, to: null }) }, "Show all days"));
  const drawn = (rows, plan, wide) => {
    const frame = frameOf(wide);
    frame.room = wide - frame.left - 4;
    const head = headOf(plan, frame, rows.length);
    const parts = [...head.parts];
    const walk = [head.items];
    let top = head.foot;
    rows.forEach((row, at) => {
      const { parts: own, items, foot } = rowOf(row, plan.cells[at], plan, frame, top);
      if (row.grouped) parts.push(vector("path", { d: `M2 ${row.at ? top : top + 4}V${foot - 3}`, class: "side" }));
      parts.push(...own, vector("path", { d: `M${row.grouped && rows[at + 1]?.side === row.side ? 10 : 0} ${foot + 0.5}H${wide}`, class: "rule" }));
      walk.push(items);
      top = foot + 1;
    });
    const svg = vector("svg", {
      id: "timeline", viewBox: `0 0 ${wide} ${Math.ceil(top + 4)}`, width: wide, height: Math.ceil(top + 4), role: "application",
      "aria-label": `Timeline of ${several(rows.reduce((sum, row) => sum + row.statements.length, 0), "statement")}`, "aria-describedby": "timeline-keys",
    }, ...parts);
    return { svg, walk, heads: head.items };
  };
  const tooMany = ({ unit }) =>
    `There are too many statements for a mark each: bars count them by ${unit}, each row to its own scale. The number beside a name is its sum.`;
  const KEYS = "Arrow keys walk from mark to mark, Enter reads the evidence. On the days, Enter shows that day only, Shift with the arrows takes in more days, "
    + "Delete shows all. The tab Statements has the same as a list.";
  const nothing = () => make("p", { class: "nothing" }, statements.length ? "No statement passes the filters." : "No article says that somebody said something.");
  /** Whole rows more, below those that are shown. */
  const moreButton = (more, root) =>
    make("p", {}, make("button", { type: "button", class: "push", click: () => ((rowsShown += ROWS), again(root)) }, `Show ${Math.min(ROWS, more)} more of ${several(more, "speaker")}`));
  /** Keys on the heads of the columns come before those that walk. */
  const headKeys = (heads) => (event) => {
    if (event.key !== "Enter" || anchor === null || !heads.some(({ element }) => element === document.activeElement)) return rangeKeys(event, heads);
    event.preventDefault();
    event.stopImmediatePropagation();
    showOnly(heads[anchor].column, heads[reach].column);
    $("timeline")?.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  };
  const draw = (root) => {
    const all = speakersNow();
    if (!all.length) return void root.append(nothing());
    const rows = bySide(all.slice(0, rowsShown));
    const wide = Math.max(300, root.clientWidth - 32);
    const frame = frameOf(wide);
    const plan = planned(rows, wide - frame.left - 4);
    const { svg, walk, heads } = drawn(rows, plan, wide);
    [anchor, reach] = [null, null];
    svg.addEventListener("keydown", headKeys(heads), true);
    const more = all.length - rows.length;
    root.append(
      make("p", { class: "lead" }, plan.marks ? "A mark for each statement, by the day on which it was said." : tooMany(plan)),
      plan.marks ? legend() : barLegend(),
      ...(range.from === null && range.to === null ? [] : [rangeNote()]),
      make("p", { id: "timeline-keys", class: "unseen" }, KEYS),
      make("p", { id: "timeline-range", class: "unseen", role: "status", "aria-live": "polite" }),
      svg,
      ...(more ? [moreButton(more, root)] : []),
    );
    walkable(svg, walk, teller(root));
    brushed(svg, heads);
  };
  const again = (root) => {
    root.replaceChildren();
    draw(root);
  };
  const mark = (id) => {
    for (const one of $("timeline")?.querySelectorAll(".chosen") ?? []) one.classList.remove("chosen");
    if (!id) return;
    const found = $("timeline")?.querySelector(id[0] === "s" ? `[data-statement="${numberOf(id)}"]` : `[data-actor="${numberOf(id)}"]`);
    found?.classList.add("chosen");
    found?.scrollIntoView({ block: "nearest" });
  };
  wideViews.add("timeline");
  views.push({ id: "timeline", name: "Timeline", draw, choose: mark, svg: () => $("timeline") });
}
