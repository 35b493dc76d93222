// The picture: names and the lines between them, drawn by vis-network at positions that came with the data.

/** What the reader chose of the picture: the measure that sizes the names, all names or the most central, names opened up in turn. */
const look = { size: "part", wide: false, opened: [] };
/** The names of the picture by their position in `actors`. */
const homes = new Map(picture.nodes.map((node) => [numberOf(node.id), node]));
const hasWide = picture.nodes.some(({ wide }) => wide) && picture.nodes.some(({ x }) => x === undefined || x === null);
const complete = homes.size >= linkedNames;
const FORMS = { person: "dot", organization: "square", government: "diamond", group: "hexagon", place: "triangleDown", unnamed: "triangle" };

// ------------------------------------------------------------ lines

const allLines = [];
const lineAt = new Map();
const lineKey = (style, one, other) => `${style} ${one} ${other}`;
const lineBy = new Map();
const linesAt = new Map();
const addLine = (line) => {
  allLines.push(line);
  lineAt.set(line.id, line);
  lineBy.set(lineKey(line.style, line.from, line.to), line);
  for (const end of new Set([line.from, line.to])) linesAt.set(end, [...(linesAt.get(end) ?? []), line]);
  return line;
};
for (const { id, from: one, to: other, style, statements: held, backbone = false, wide = false } of picture.edges) {
  addLine({ id, from: numberOf(one), to: numberOf(other), style, statements: held ?? NONE, backbone, wide });
}
const lineOf = (id) => lineAt.get(id);
const acting = new Map();
actors.forEach(({ actsFor }, index) => actsFor !== null && acting.set(actsFor, [...(acting.get(actsFor) ?? []), index]));
/** [style, from, to] of every line that a statement stands for, as kg/render/picture.py has them. */
const strokesOf = (s) => {
  if (s.speaker === null) return [];
  const family = told.acts?.[s.act]?.family;
  const outer = s.outer === null ? null : statements[s.outer].speaker;
  const met = new Set([s.target, ...(family === "denies" ? s.answers.map((index) => statements[index].speaker) : [])].filter((index) => index !== null));
  return [
    ...[...met].map((index) => [family === "accuses" || family === "denies" ? family : "says", s.speaker, index]),
    ...s.about.filter((index) => !met.has(index)).map((index) => ["says", s.speaker, index]),
    ...(outer === null ? [] : [["relays", outer, s.speaker]]),
    ...(s.place === null ? [] : [["present", s.speaker, s.place]]),
    ...(s.behalf === null ? [] : [["acts", s.speaker, s.behalf]]),
  ].filter(([, one, other]) => one !== other);
};
/** Names whose lines were worked out here, where the data hold the lines of the most central names only. */
const workedOut = new Set();
const workOut = (index) => {
  workedOut.add(index);
  const found = new Map();
  const note = (style, one, other, statement) => {
    if (one !== index && other !== index) return;
    const key = lineKey(style, one, other);
    const line = lineBy.get(key) ?? found.get(key) ?? { id: `e${allLines.length + found.size}`, from: one, to: other, style, statements: [], backbone: false, wide: false };
    if (!lineBy.has(key)) found.set(key, line);
    if (!lineBy.has(key) && statement !== null && line.statements.at(-1) !== statement) line.statements.push(statement);
  };
  for (const s of touching[index]) {
    for (const [style, one, other] of strokesOf(statements[s])) note(style, one, other, s);
    for (const inner of inside[s]) for (const [style, one, other] of strokesOf(statements[inner])) if (style === "relays") note(style, one, other, inner);
  }
  if (actors[index].actsFor !== null && actors[index].actsFor !== index) note("acts", index, actors[index].actsFor, null);
  for (const other of acting.get(index) ?? []) if (other !== index) note("acts", other, index, null);
  found.forEach(addLine);
};
/** All lines of a name, whether they are drawn or not. */
const linesOf = (index) => {
  if (!complete && !workedOut.has(index)) workOut(index);
  return linesAt.get(index) ?? NONE;
};
const lineBetween = (style, one, other) => {
  if (one?.[0] !== "a" || other?.[0] !== "a") return null;
  return linesOf(numberOf(one)).find((line) => line.style === style && line.from === numberOf(one) && line.to === numberOf(other))?.id ?? null;
};
/** How many of its statements the filters leave. */
const weightOf = (line) => line.statements.reduce((sum, index) => sum + (shown.statements[index] ? 1 : 0), 0);
/** Whether the filters of names and statements leave a line. */
const lineLeft = (line) => shown.actors[line.from] && shown.actors[line.to] && (line.style === "acts" && !line.statements.length || weightOf(line) > 0);
const lineShown = (line) => !off.line.has(line.style) && lineLeft(line);
/** Style → how many lines the other filters leave. */
const lineCounts = () => {
  const counts = Object.fromEntries(Object.keys(LINES).map((style) => [style, 0]));
  for (const line of allLines) if (lineLeft(line)) counts[line.style] += 1;
  return counts;
};

// ------------------------------------------------------------ which names are drawn, and where

/** Names in the picture → where they stand. */
let placeOf = new Map();
/** The lines that tie opened names to the picture. */
let grown = new Set();
const ROOM = 66;
/** What the frame leaves free around the picture, for labels. */
const MARGIN = 110;
const isFree = (x, y) => {
  for (const spot of placeOf.values()) if ((spot.x - x) ** 2 + (spot.y - y) ** 2 < ROOM * ROOM) return false;
  return true;
};
/** The first free place on rings around a point. */
const freeNear = ({ x, y }) => {
  for (let ring = 1; ; ring += 1) {
    const far = ROOM * 0.75 * (ring + 0.5);
    const steps = 6 * ring;
    for (let step = 0; step < steps; step += 1) {
      // Each ring starts a little further on, so that what is opened does not stand in rays.
      const angle = (2 * Math.PI * (step + 0.37 * ring)) / steps;
      const spot = { x: Math.round(x + far * Math.cos(angle)), y: Math.round(y + far * Math.sin(angle)) };
      if (isFree(spot.x, spot.y)) return spot;
    }
  }
};
const otherEnd = (line, index) => (line.from === index ? line.to : line.from);
/** Neighbours, the strongest first: most statements, then by position. */
const neighboursOf = (index) => {
  const strength = new Map();
  for (const line of linesOf(index)) {
    if (lineShown(line)) strength.set(otherEnd(line, index), (strength.get(otherEnd(line, index)) ?? 0) + Math.max(weightOf(line), 0.5));
  }
  return [...strength].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([other]) => other);
};
const missingNeighbours = (index) => neighboursOf(index).filter((other) => !placeOf.has(other));
const tie = (index) => {
  const drawnLines = linesOf(index).filter((line) => placeOf.has(otherEnd(line, index)));
  drawnLines.sort((a, b) => b.statements.length - a.statements.length || (a.id < b.id ? -1 : 1));
  for (const line of drawnLines.slice(0, 3)) grown.add(line.id);
};
const AT_A_TIME = 8;
/** Put a name into the picture, beside the strongest of its neighbours that is there, and its strongest neighbours around it. */
const grow = (index) => {
  if (!placeOf.has(index)) {
    const beside = neighboursOf(index).find((other) => placeOf.has(other));
    placeOf.set(index, freeNear(placeOf.get(beside) ?? { x: 0, y: 0 }));
    tie(index);
  }
  for (const other of missingNeighbours(index).slice(0, AT_A_TIME)) {
    placeOf.set(other, freeNear(placeOf.get(index)));
    tie(other);
  }
};
/** Where the data put the names of the picture: all of them, or the most central. */
const given = () => {
  const spots = [];
  for (const [index, { x, y, wide }] of homes) {
    if (look.wide) spots.push([index, ...wide]);
    else if (x !== undefined && x !== null) spots.push([index, x, y]);
  }
  return spots;
};
const extent = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
/** How far the picture is drawn out downwards, so that it fills a frame that is higher than itself: labels need that room. */
const drawnOut = (spots) => {
  const { clientWidth, clientHeight } = $("canvas");
  const [[left, right], [top, bottom]] = [extent(spots.map(([, x]) => x)), extent(spots.map(([, , y]) => y))];
  if (!clientWidth || right <= left || bottom <= top) return 1;
  return Math.max(1, Math.min(1.7, ((clientHeight - MARGIN) / (bottom - top)) * ((right - left) / (clientWidth - MARGIN))));
};
const setUp = () => {
  const spots = given();
  const down = drawnOut(spots);
  placeOf = new Map(spots.map(([index, x, y]) => [index, { x, y: Math.round(y * down) }]));
  grown = new Set();
  for (const index of look.opened) grow(index);
};
/** Make sure that a chosen name is in the picture. */
const bringIn = (index) => {
  if (placeOf.has(index) || !touching[index].length) return;
  look.opened.push(index);
  grow(index);
};
/** Open up a name: its next neighbours come into the picture. */
const openUp = (index) => {
  look.opened.push(index);
  grow(index);
  tell();
  if (openView !== "graph") open("graph");
  else draw();
  bringIntoView(`a${index}`);
  writeAddress(true);
  $("panel").querySelector("h2").focus({ preventScroll: true });
};

// ------------------------------------------------------------ what it looks like

let network = null;
let nodeSet = null;
let lineSet = null;
let hovered = null;
const inPicture = (index) => placeOf.has(index) && shown.actors[index];
/** Whether the picture draws a line even where nothing is chosen. */
const carries = (line) => grown.has(line.id) || (look.wide ? line.wide : line.backbone);
/** The lines of what is chosen: they are drawn even where the picture leaves them out. */
const litLines = () => {
  if (!chosen) return NONE;
  if (chosen[0] === "a") return linesOf(numberOf(chosen));
  if (chosen[0] === "e") return [lineOf(chosen)];
  const index = numberOf(chosen);
  return ends[index].flatMap((actor) => linesOf(actor).filter((line) => line.statements.includes(index)));
};
/** The names that stay bright: the chosen one and those beside it; all where nothing of the picture is chosen. */
const bright = () => {
  if (!chosen) return null;
  const near = new Set(litLines().filter(lineShown).flatMap((line) => [line.from, line.to]));
  if (chosen[0] === "a") near.add(numberOf(chosen));
  if (chosen[0] === "s") for (const actor of ends[numberOf(chosen)]) near.add(actor);
  const seen = [...near].filter(inPicture);
  return seen.length ? new Set(seen) : null;
};
let most = null;
/** The radius of a name: its area grows with the measure. */
const radiusOf = (index) => {
  if (most?.size !== look.size) most = { size: look.size, value: actors.reduce((high, { measures }) => Math.max(high, measures[look.size] ?? 0), 0) || 1 };
  return (look.wide ? 0.7 : 1) * (5 + 18 * Math.sqrt((actors[index].measures[look.size] ?? 0) / most.value));
};
const ENDINGS = {
  accuses: { type: "arrow", scaleFactor: 0.62 }, denies: { type: "bar", scaleFactor: 0.6 }, says: { type: "vee", scaleFactor: 0.5 },
  relays: { type: "vee", scaleFactor: 0.55 }, present: { type: "circle", scaleFactor: 0.4 }, acts: { type: "diamond", scaleFactor: 0.55 },
};
const DASHES = { accuses: false, denies: [8, 5], says: false, relays: [10, 3, 2, 3], present: [1.5, 4], acts: [5, 3] };
const widthOf = (number) => Math.min(1.2 + 1.05 * Math.log2(Math.max(number, 1)), 7);
const dressName = (index, near) => {
  const { kind } = actors[index];
  const on = `a${index}` === chosen;
  return {
    id: `a${index}`, ...placeOf.get(index), shape: FORMS[kind] ?? "dot", size: radiusOf(index), hidden: !inPicture(index), opacity: near && !near.has(index) ? 0.16 : 1,
    color: { background: colour[kind], border: on ? colour.ink : colour.rim }, borderWidth: on ? 3 : 1,
  };
};
const dressLine = (line, bend, lit) => ({
  id: line.id, from: `a${line.from}`, to: `a${line.to}`, width: widthOf(weightOf(line)) + (line.id === chosen ? 1.5 : 0),
  color: { color: colour[line.style], hover: colour[line.style], opacity: lit ? 1 : 0.12, inherit: false }, dashes: DASHES[line.style],
  arrows: { to: { enabled: true, ...ENDINGS[line.style] } }, smooth: bend ? { enabled: true, type: "curvedCW", roundness: bend } : false,
});
/** The lines to draw, each with how much it bends: those between the same two names must not lie on each other. */
const linesToDraw = () => {
  const lit = new Set(litLines());
  const drawnLines = allLines.filter((line) => placeOf.has(line.from) && placeOf.has(line.to) && (carries(line) || lit.has(line)) && lineShown(line));
  const pairs = new Map();
  for (const { from: one, to: other } of drawnLines) {
    const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  const used = new Map();
  return drawnLines.map((line) => {
    const { from: one, to: other } = line;
    const alone = pairs.get(one < other ? `${one} ${other}` : `${other} ${one}`) === 1;
    const number = used.get(`${one} ${other}`) ?? 0;
    used.set(`${one} ${other}`, number + 1);
    return { line, bend: alone ? 0 : 0.1 + 0.13 * number, lit: !chosen || lit.has(line) };
  });
};
// What vis-network was told last, so that it is told again only what is new.
const lastTold = new Map();
const put = (set, items) => {
  const wanted = new Set(items.map(({ id }) => id));
  const gone = set.getIds().filter((id) => !wanted.has(id));
  for (const id of gone) lastTold.delete(id);
  if (gone.length) set.remove(gone);
  const fresh = items.filter((item) => {
    const words = JSON.stringify(item);
    if (lastTold.get(item.id) === words) return false;
    lastTold.set(item.id, words);
    return true;
  });
  if (fresh.length) set.update(fresh);
};
const dressAll = () => {
  const near = bright();
  put(nodeSet, [...placeOf.keys()].map((index) => dressName(index, near)));
  put(lineSet, linesToDraw().map(({ line, bend, lit }) => dressLine(line, bend, near ? lit : true)));
};
const dress = () => {
  dressAll();
  // vis-network settles on the next frame; the labels are placed anew.
  forgetLabels();
  network.redraw();
};

// ------------------------------------------------------------ where one looks

const motion = () => (still.matches ? false : { duration: 260, easingFunction: "easeInOutQuad" });
/** Show all of the given places with room for their labels. */
const fit = (spots, highest, animation) => {
  if (!spots.length) return;
  const { clientWidth, clientHeight } = $("canvas");
  const below = $("note").offsetHeight;
  const [[left, right], [top, bottom]] = [extent(spots.map(({ x }) => x)), extent(spots.map(({ y }) => y))];
  const scale = Math.min((clientWidth - MARGIN) / Math.max(right - left, 1), (clientHeight - MARGIN - below) / Math.max(bottom - top, 1), highest);
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom + below / scale) / 2 }, scale: Math.max(scale, 0.05), animation });
};
const fitAll = (animation = false) => fit([...placeOf].filter(([index]) => shown.actors[index]).map(([, spot]) => spot), 1.5, animation);
/** Bring what is chosen and its neighbours into the frame. */
const bringIntoView = (id) => {
  const near = id && network && openView === "graph" ? bright() : null;
  if (near) fit([...near].map((index) => placeOf.get(index)), Math.max(1.1, network.getScale()), motion());
};
/** Move the picture only where a name is near its edge. */
const keepInFrame = (id) => {
  const spot = placeOf.get(numberOf(id));
  const { x, y } = network.canvasToDOM(spot);
  const { clientWidth, clientHeight } = $("canvas");
  if (x < 90 || y < 60 || x > clientWidth - 90 || y > clientHeight - 90) network.moveTo({ position: spot, animation: motion() });
};
const zoom = (factor) => network.moveTo({ scale: Math.max(0.05, Math.min(6, network.getScale() * factor)), animation: motion() });
/** The nearest name in the direction of an arrow key. */
const beside = (index, dx, dy) => {
  const here = placeOf.get(index);
  let [found, least] = [index, Infinity];
  for (const [other, spot] of placeOf) {
    const [x, y] = [spot.x - here.x, spot.y - here.y];
    const along = x * dx + y * dy;
    const cost = along + 2.5 * Math.abs(x * dy - y * dx);
    if (other !== index && inPicture(other) && along > 0 && cost < least) [found, least] = [other, cost];
  }
  return found;
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const pictureKeys = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const current = chosen?.[0] === "a" && inPicture(numberOf(chosen)) ? numberOf(chosen) : null;
  if (event.key in ARROWS) {
    const next = current === null ? [...placeOf.keys()].find(inPicture) : beside(current, ...ARROWS[event.key]);
    if (next !== undefined) choose(`a${next}`);
    if (next !== undefined) keepInFrame(`a${next}`);
  } else if (event.key === "Enter" && chosen) $("panel").querySelector("h2").focus();
  else if (event.key === "+" || event.key === "=") zoom(1.3);
  else if (event.key === "-") zoom(1 / 1.3);
  else if (event.key === "0") fitAll(motion());
  else return;
  event.preventDefault();
};

// ------------------------------------------------------------ pointing

const tipWords = (line) => `${lineName(line)} · ${several(weightOf(line), "statement")}`;
const showTip = (words, { x, y }) => {
  $("tip").textContent = words;
  $("tip").hidden = false;
  const { clientWidth, clientHeight } = $("canvas");
  const { offsetWidth, offsetHeight } = $("tip");
  $("tip").style.left = `${Math.max(6, Math.min(x + 12, clientWidth - offsetWidth - 6))}px`;
  $("tip").style.top = `${y + 18 + offsetHeight < clientHeight ? y + 18 : y - 12 - offsetHeight}px`;
};
const hover = (id) => {
  hovered = id;
  $("canvas").style.cursor = id ? "pointer" : "";
  if (!id) $("tip").hidden = true;
  forgetLabels();
  network.redraw();
};
const startNetwork = () => {
  nodeSet = new vis.DataSet();
  lineSet = new vis.DataSet();
  dressAll();
  network = new vis.Network($("canvas"), { nodes: nodeSet, edges: lineSet }, picture.options);
  // The canvas around it has the focus and the keys.
  $("canvas").firstElementChild.tabIndex = -1;
  network.on("click", ({ nodes: [name], edges: [line] }) => choose(name ?? line ?? null));
  network.on("hoverNode", ({ node }) => hover(node));
  network.on("blurNode", () => hover(null));
  network.on("hoverEdge", ({ edge, pointer }) => (hover(edge), showTip(tipWords(lineOf(edge)), pointer.DOM)));
  network.on("blurEdge", () => hover(null));
  network.on("dragStart", () => ($("tip").hidden = true));
  network.on("afterDrawing", paintLabels);
  let [wide, high] = [$("canvas").clientWidth, $("canvas").clientHeight];
  network.on("resize", ({ width, height }) => {
    if (width && height && Math.abs(width - wide) + Math.abs(height - high) > 40) fitAll();
    if (width && height) [wide, high] = [width, height];
  });
  fitAll();
  if (chosen) bringIntoView(chosen);
};

// ------------------------------------------------------------ the view

const showNote = () => {
  const drawn = [...placeOf.keys()].filter((index) => shown.actors[index]).length;
  const all = count(shown.actors);
  $("note").className = placeOf.size ? "" : "empty";
  $("note").textContent = !placeOf.size ? "There is nothing to draw yet." : drawn < all ? `Drawn: ${drawn.toLocaleString("en")} of ${several(all, "name")}, the most central${look.opened.length ? " and those added" : ""}. Search and table have all.` : "";
  $("put-back").hidden = !look.opened.length;
};
const showLook = () => {
  $("size").value = look.size;
  $("size-help").textContent = MEASURES[look.size][1];
  $("names").value = look.wide ? "all" : "central";
};
const drawGraph = () => {
  showNote();
  if (network) dress();
  else startNetwork();
};
/** The address has changed what is drawn. */
const restorePicture = () => {
  showLook();
  setUp();
  if (chosen?.[0] === "a") bringIn(numberOf(chosen));
};
const again = () => {
  restorePicture();
  draw();
  fitAll();
  tell();
  writeAddress();
};
const listenToPicture = () => {
  $("size").append(...Object.entries(MEASURES).map(([key, [name]]) => make("option", { value: key }, name)));
  $("size").addEventListener("change", () => ((look.size = $("size").value), showLook(), draw(), writeAddress()));
  const drawnAtFirst = [...homes.values()].filter(({ x }) => x !== undefined && x !== null).length;
  $("names").append(make("option", { value: "central" }, `the ${drawnAtFirst.toLocaleString("en")} most central`), make("option", { value: "all" }, `all ${homes.size.toLocaleString("en")}`));
  $("names").parentElement.hidden = !hasWide;
  $("names").addEventListener("change", () => ((look.wide = $("names").value === "all"), (look.opened = []), again()));
  $("put-back").addEventListener("click", () => ((look.opened = []), again()));
  $("closer").addEventListener("click", () => zoom(1.3));
  $("wider").addEventListener("click", () => zoom(1 / 1.3));
  $("whole").addEventListener("click", () => fitAll(motion()));
  $("canvas").addEventListener("keydown", pictureKeys);
};
const afterFirstPaint = (then) => {
  if (!network) return requestAnimationFrame(() => requestAnimationFrame(then));
  network.once("afterDrawing", then);
  return network.redraw();
};
views.push({
  id: "graph",
  name: "Graph",
  lasting: true,
  draw: drawGraph,
  choose: (id, led) => {
    if (network) drawGraph();
    if (led) bringIntoView(id);
  },
  svg: () => pictureSvg(),
});
