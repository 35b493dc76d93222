// Who speaks about whom: a row for each speaker, a column for each name spoken of, the number of statements where they meet.
{
  const MOST = 30;
  const SHADES = [0.1, 0.2, 0.32, 0.46, 1];
  let allColumns = false;

  // ------------------------------------------------------------ who stands where

  /** Speaker → spoken of → statements, of what is shown. */
  const pairsNow = () => {
    const pairs = new Map();
    statements.forEach((s, index) => {
      if (!shown.statements[index] || s.speaker === null) return;
      for (const other of spokenOf(s)) {
        if (!pairs.has(s.speaker)) pairs.set(s.speaker, new Map());
        const row = pairs.get(s.speaker);
        if (!row.has(other)) row.set(other, []);
        row.get(other).push(index);
      }
    });
    return pairs;
  };
  const sumsOf = (pairs) => {
    const [rows, columns] = [new Map(), new Map()];
    for (const [speaker, row] of pairs)
      for (const [other, all] of row) {
        rows.set(speaker, (rows.get(speaker) ?? 0) + all.length);
        columns.set(other, (columns.get(other) ?? 0) + all.length);
      }
    return { rows, columns };
  };
  const largest = (sums, most) => [...sums].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, most).map(([index]) => index);
  /** A community is those who mostly speak of each other; in it a side stands together. */
  const groupOf = (index) => actors[index].community ?? -1;
  const sideOfName = (index) => actors[index].side ?? index;
  /** Names by community, side and number, the largest first; communities in one order for rows and columns, so that blocks show. */
  const inBlocks = (names, sums, order) => {
    const sides = new Map();
    for (const index of names) sides.set(sideOfName(index), (sides.get(sideOfName(index)) ?? 0) + sums.get(index));
    const ranks = (index) => [order.indexOf(groupOf(index)), -sides.get(sideOfName(index)), sideOfName(index), -sums.get(index), index];
    const before = (one, other) => one.map((rank, at) => rank - other[at]).find((difference) => difference) ?? 0;
    return [...names].sort((one, other) => before(ranks(one), ranks(other)));
  };
  const communitiesBySize = ({ rows, columns }) => {
    const size = new Map();
    for (const sums of [rows, columns]) for (const [index, number] of sums) size.set(groupOf(index), (size.get(groupOf(index)) ?? 0) + number);
    return largest(size, Infinity);
  };

  // ------------------------------------------------------------ drawing

  const CELL = 29;
  const FONT = 11.5;
  const HEAD = 178;
  const labelLines = (name, room, most = 3) => textLines(name, room, { size: FONT, most });
  /** The top edge of each row, and the foot of the last: a row is as high as its name has lines. */
  const edgesOf = (rows, left, high) =>
    rows.reduce((edges, speaker) => [...edges, edges.at(-1) + Math.max(30, labelLines(actors[speaker].name, left - 12).length * 12.5 + 5)], [high]);
  /** The lines of a name beside the middle of its row or column. */
  const label = (lines, x, middle, attributes) => textBlock(lines, x, middle + 4 - (lines.length - 1) * 6.25, attributes, 12.5);
  const isAccusation = (index) => familyOf(statements[index]) === "accuses";
  const shadeOf = (number, most) => (most === 1 ? 1 : Math.min(SHADES.length - 1, Math.floor((Math.log(number) / Math.log(most)) * (SHADES.length - 0.001))));
  const cellWords = (speaker, other, all) => {
    const accusing = all.filter(isAccusation).length;
    return {
      head: `${actors[speaker].name} about ${actors[other].name}`,
      lines: [several(all.length, "statement"), ...(accusing ? [several(accusing, "accusation")] : [])],
      quote: all.length === 1 ? quoteOf(statements[all[0]]).slice(0, 200) : "",
    };
  };
  const cell = (speaker, other, all, [x, y, tall], most) => {
    const words = cellWords(speaker, other, all);
    const shade = shadeOf(all.length, most);
    const element = vector("g", { role: "gridcell", "aria-label": spoken(words), class: shade === SHADES.length - 1 ? "cell full" : "cell", "data-pair": `${speaker} ${other}` },
      vector("rect", { x: x + 0.5, y: y + 0.5, width: CELL - 1, height: tall - 1, "fill-opacity": SHADES[shade] }),
      all.some(isAccusation) ? vector("path", { d: `M${x + CELL - 7.5} ${y + 0.5}h7v7z`, class: "corner" }) : null,
      vector("text", { x: x + CELL / 2, y: y + tall / 2 + 4, "text-anchor": "middle" }, all.length.toLocaleString("en")));
    return { element, key: `${speaker} ${other}`, x, words: () => words, enter: (led) => (all.length === 1 ? choose(`s${all[0]}`, led) : chooseStatements(words.head, all)) };
  };
  const nameItem = (role, index, words, ...parts) => {
    const element = vector("g", { role, "aria-label": `${actors[index].name.slice(0, 200)}, ${words}`, class: "name", "data-actor": index }, ...parts);
    return { element, key: `${role} ${index}`, x: role === "rowheader" ? -1 : 0, words: () => ({ head: actors[index].name, lines: [words] }), enter: (led) => choose(`a${index}`, led) };
  };
  /** Where the community changes between two neighbours. */
  const bounds = (names) => names.flatMap((index, at) => (at && groupOf(index) !== groupOf(names[at - 1]) ? [at] : []));
  const drawing = ({ pairs, sums, rows, columns, left, high }) => {
    const most = Math.max(1, ...rows.flatMap((speaker) => columns.map((other) => pairs.get(speaker).get(other)?.length ?? 0)));
    const edges = edgesOf(rows, left, high);
    const middle = (at) => (edges[at] + edges[at + 1]) / 2;
    const [right, foot] = [left + columns.length * CELL, edges.at(-1)];
    const columnItems = columns.map((other, at) => {
      const x = left + at * CELL;
      const lines = labelLines(actors[other].name, high - 10, 2);
      const number = sums.columns.get(other);
      const turned = vector("g", { transform: `translate(${x + CELL / 2} ${high - 6}) rotate(-90)` }, label(lines, 0, 0, {}));
      const reach = vector("rect", { x, y: 0, width: CELL, height: high, class: "reach" });
      return { ...nameItem("columnheader", other, `spoken of in ${several(number, "statement")}`, reach, turned), x };
    });
    const rowItems = rows.map((speaker, at) => {
      const number = sums.rows.get(speaker);
      const tall = edges[at + 1] - edges[at];
      const name = nameItem("rowheader", speaker, `speaks of others in ${several(number, "statement")}`,
        vector("rect", { x: 0, y: edges[at], width: left - 4, height: tall, class: "reach" }),
        label(labelLines(actors[speaker].name, left - 12), left - 8, middle(at), { "text-anchor": "end" }));
      const said = pairs.get(speaker);
      const cells = columns.flatMap((other, column) => (said.has(other) ? [cell(speaker, other, said.get(other), [left + column * CELL, edges[at], tall], most)] : []));
      return [name, ...cells];
    });
    const lines = [
      ...rows.map((_, at) => `M0 ${edges[at] + 0.5}H${right}`), ...columns.map((_, at) => `M${left + at * CELL + 0.5} ${high}V${foot}`), `M0 ${foot + 0.5}H${right + 0.5}V${high}`,
    ].join("");
    const parting = [...bounds(rows).map((at) => `M0 ${edges[at] + 0.5}H${right}`), ...bounds(columns).map((at) => `M${left + at * CELL + 0.5} 8V${foot}`)].join("");
    const sum = (x, y, number, attributes = {}) => vector("text", { x, y, class: "sum", ...attributes }, number.toLocaleString("en"));
    const decoration = vector("g", { "aria-hidden": "true" },
      vector("path", { d: lines, class: "grid" }), parting ? vector("path", { d: parting, class: "parting" }) : "",
      ...rows.map((speaker, at) => sum(right + 8, middle(at) + 4, sums.rows.get(speaker))),
      ...columns.map((other, at) => sum(left + at * CELL + CELL / 2, foot + 16, sums.columns.get(other), { "text-anchor": "middle" })),
      vector("text", { x: left - 8, y: foot + 16, "text-anchor": "end", class: "sum" }, "in all"),
      vector("text", { x: right + 8, y: high - 6, class: "sum" }, "in all"));
    const row = (items) => vector("g", { role: "row" }, ...items.map(({ element }) => element));
    const [wide, tall] = [right + 44, foot + 24];
    const svg = vector("svg", {
      id: "matrix", viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall,
      role: "grid", "aria-label": "Who speaks about whom", "aria-describedby": "matrix-keys", "aria-readonly": "true",
    }, decoration, row(columnItems), ...rowItems.map(row));
    return { svg, walk: [columnItems, ...rowItems] };
  };

  // ------------------------------------------------------------ the view

  const rest = (sums, kept, words) => {
    const others = largest(sums, Infinity).filter((index) => !kept.includes(index));
    if (!others.length) return null;
    const names = others.slice(0, 12).flatMap((index, at) => [at ? ", " : "", nameOf(index), ` ${sums.get(index).toLocaleString("en")}`]);
    return make("p", { class: "rest" }, `${words}: `, ...names, others.length > 12 ? ` and ${several(others.length - 12, "more", "more")}.` : ".");
  };
  const part = (number, all, one) => (number === all ? several(all, one) : `${number.toLocaleString("en")} of ${several(all, one)}`);
  const legend = () => {
    const shades = SHADES.map((opacity, at) => vector("rect", { x: at * 13.5 + 0.5, y: 1.5, width: 13, height: 13, "fill-opacity": opacity, class: "shade" }));
    return make("ul", { class: "legend" },
      make("li", {}, vector("svg", { viewBox: "0 0 68 16", "aria-hidden": "true", class: "shades" }, ...shades), "few to many statements"),
      make("li", {}, vector("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, vector("path", { d: "M3 3h10v10z", class: "corner" })), "some of them accuse"));
  };
  const nothing = () => {
    const words = statements.length ? "No statement that passes the filters is by one name about another." : "No article says that somebody spoke of somebody.";
    return make("p", { class: "nothing" }, words);
  };
  /** How many names stand in rows and columns, and what the lines between them mean. */
  const inWords = (rows, columns, sums) => {
    const parted = bounds(rows).length + bounds(columns).length ? " Lines part communities: those who mostly speak of each other." : "";
    return `${part(rows.length, sums.rows.size, "speaker")} and ${part(columns.length, sums.columns.size, "name")} they speak of.${parted} `;
  };
  const toggle = (fitting, all, root) => {
    const turn = () => {
      allColumns = !allColumns;
      root.replaceChildren();
      draw(root);
    };
    return all > fitting
      ? make("button", { type: "button", class: "link", click: turn }, allColumns ? `Show the ${fitting} most spoken of` : `Show ${all} columns`)
      : null;
  };
  const draw = (root) => {
    const pairs = pairsNow();
    const sums = sumsOf(pairs);
    if (!pairs.size) return void root.append(nothing());
    const order = communitiesBySize(sums);
    const wide = Math.max(288, root.clientWidth - 32);
    const left = wide < 480 ? 122 : 158;
    const fitting = Math.max(4, Math.floor((wide - left - 44) / CELL));
    const columns = inBlocks(largest(sums.columns, allColumns ? MOST : Math.min(fitting, MOST)), sums.columns, order);
    const rows = inBlocks(largest(sums.rows, MOST), sums.rows, order).filter((speaker) => columns.some((other) => pairs.get(speaker).has(other)));
    const high = 12 + Math.max(30, ...columns.flatMap((index) => labelLines(actors[index].name, HEAD, 2).map((line) => textWidth(line, FONT))));
    const { svg, walk } = drawing({ pairs, sums, rows, columns, left, high });
    root.append(
      make("p", { class: "lead" }, inWords(rows, columns, sums), toggle(fitting, Math.min(MOST, sums.columns.size), root)),
      legend(),
      make("p", { id: "matrix-keys", class: "unseen" }, "Arrow keys walk from cell to cell, Enter reads the statements; the first row and column are names."),
      make("div", { class: "scroller", tabindex: allColumns ? "0" : null, role: "group", "aria-label": "Matrix" }, svg),
      ...[rest(sums.columns, columns, "Also spoken of"), rest(sums.rows, rows, "Also speaking")].filter(Boolean),
    );
    walkable(svg, walk, teller(root));
    mark(chosen);
  };
  const mark = (id) => {
    const own = id?.[0] === "s" ? statements[numberOf(id)] : null;
    const pairs = own ? spokenOf(own).map((other) => `${own.speaker} ${other}`) : [];
    const actor = id?.[0] === "a" ? id.slice(1) : null;
    for (const one of $("matrix")?.querySelectorAll("[data-pair], [data-actor]") ?? [])
      one.classList.toggle("chosen", pairs.includes(one.dataset.pair) || (actor !== null && one.dataset.actor === actor));
  };
  wideViews.add("matrix");
  views.push({ id: "matrix", name: "Matrix", draw, choose: mark, svg: () => $("matrix") });
}
