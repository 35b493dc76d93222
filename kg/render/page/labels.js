// Labels are painted here, not by vis-network: at one size at every zoom, the weightiest first, and only where they fit.

const fontFamily = getComputedStyle(document.body).fontFamily;
const LINE = 15;
/** So many labels are tried; what comes after them stands in a crowd and shows when one comes nearer. */
const TRIED = 220;
const WEIGHTIEST = 20;
const widths = new Map();
const widthIn = (ctx, text) => {
  const key = `${ctx.font}\n${text}`;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
};
const shortened = (ctx, line, width) => {
  if (widthIn(ctx, line) <= width) return line;
  const letters = [...line];
  let [fits, over] = [0, letters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (widthIn(ctx, `${letters.slice(0, middle).join("")}…`) <= width) fits = middle;
    else over = middle;
  }
  return `${letters.slice(0, fits).join("")}…`;
};
const wrapped = (ctx, text, width, mostLines) => {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/u)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthIn(ctx, longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  const kept_ = lines.slice(0, mostLines);
  if (lines.length > mostLines) kept_[mostLines - 1] += " …";
  return kept_.map((one) => shortened(ctx, one, width * 1.25));
};
/** A name on one line, without control and format characters, and not longer than a label may be. */
const plainName = (index) => homes.get(index)?.label ?? actors[index].name.slice(0, 200).replace(/\p{Cf}/gu, "").replace(/\p{Cc}|\s+/gu, " ").trim().slice(0, 60);
const labels = new Map();
const labelOf = (ctx, index, weighty, loud) => {
  const key = `${index} ${weighty} ${loud}`;
  if (labels.has(key)) return labels.get(key);
  const font = `${loud || weighty ? 600 : 400} ${loud || weighty ? 13 : 12}px ${fontFamily}`;
  ctx.font = font;
  const lines = wrapped(ctx, plainName(index), loud || weighty ? 130 : 118, loud ? 4 : 2);
  const label = { lines, font, w: Math.max(...lines.map((line) => widthIn(ctx, line))), h: lines.length * LINE };
  labels.set(key, label);
  return label;
};

// ------------------------------------------------------------ where there is room

const CELL = 90;
/** Boxes by the squares of a grid that they touch, so that a label is compared with what is near it only. */
const grid = () => {
  const cells = new Map();
  const each = ({ x, y, w, h }, visit) => {
    for (let i = Math.floor(x / CELL); i <= Math.floor((x + w) / CELL); i += 1) for (let j = Math.floor(y / CELL); j <= Math.floor((y + h) / CELL); j += 1) visit(i * 4096 + j);
  };
  return {
    add: (box) => each(box, (cell) => (cells.get(cell) ?? cells.set(cell, []).get(cell)).push(box)),
    /** What a box would hide: the sum of the costs of all that it meets, itself left out. */
    hides: (box, self) => {
      const met = new Set();
      each(box, (cell) => cells.get(cell)?.forEach((other) => other.id !== self && meets(box, other) && met.add(other)));
      let sum = 0;
      for (const { cost } of met) sum += cost;
      return sum;
    },
  };
};
const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
/** The boxes around a name where its label may stand, each with how odd it looks there. */
const boxesFor = ({ index, x, y, r, weighty }, { w, h }) => {
  const [before, middle, after] = [x - r - w - 4, x - w / 2, x + r + 4];
  const [above, level, below] = [y - r - h - 3, y - h / 2, y + r + 3];
  const side = weighty ? 4 : 1;
  return [
    [middle, below, 0], [middle, above, 0.5], [after, level, side], [before, level, side], [after, below - r, side], [before, below - r, side], [after, above + r, side], [before, above + r, side],
    [after, below, 6], [before, below, 6], [after, above, 6], [before, above, 6], ...(weighty ? [[middle, level, 48]] : []),
  ].map(([left, top, odd]) => ({ odd, box: { x: left, y: top, w, h, cost: LABEL, id: index } }));
};
/** What a label costs that hides another one: more than any may. */
const LABEL = 1000;
const outside = (box, { width, height }) => (box.x > 2 && box.x + box.w < width - 2 && box.y > 2 && box.y + box.h < height - 2 ? 0 : LABEL);
/** The box where a label hides least, and how much that is. */
const bestPlace = (spot, label, taken, frame) => {
  let best = null;
  for (const { box, odd } of boxesFor(spot, label)) {
    const cost = taken.hides(box, spot.index) + odd + outside(box, frame);
    if (!best || cost < best.cost) best = { box, cost };
    if (cost === 0) break;
  }
  return best;
};
/** Move labels elsewhere, one after another; whether there was room for all of them. None may move over its own mark. */
const moved = (some, taken, frame) => {
  const before = some.map(({ box }) => box);
  const done = some.every((other) => {
    const { box, cost } = bestPlace(other.spot, other.label, taken, frame);
    if (cost > Math.min(other.worth, 40)) return false;
    taken.add((other.box = box));
    return true;
  });
  if (!done) {
    some.forEach((other, index) => {
      if (other.box !== before[index]) other.box.cost = 0;
      other.box = before[index];
      other.box.cost = LABEL;
    });
  }
  return done;
};
/** Find room for a label by moving one or two others that stand in its way. */
const makeRoom = (one, placed, taken, frame) => {
  for (const { box, odd } of boxesFor(one.spot, one.label)) {
    const inTheWay = placed.filter((other) => meets(other.box, box));
    if (inTheWay.length > 2 || outside(box, frame)) continue;
    // A box that costs nothing is as good as gone.
    for (const other of inTheWay) other.box.cost = 0;
    const fits = taken.hides(box, one.spot.index) + odd <= Math.min(one.worth, 40);
    if (fits) taken.add(box);
    else for (const other of inTheWay) other.box.cost = LABEL;
    if (fits && moved(inTheWay, taken, frame)) {
      placed.push({ ...one, box });
      return;
    }
    if (fits) box.cost = 0;
  }
};
const loud = (index) => `a${index}` === chosen || `a${index}` === hovered;
/** Names in the frame with their place on the screen, the weightiest first. */
const spotsInFrame = (width, height) => {
  const scale = network.getScale();
  const origin = network.canvasToDOM({ x: 0, y: 0 });
  const near = bright();
  const spots = [];
  for (const [index, place] of placeOf) {
    const [x, y] = [origin.x + place.x * scale, origin.y + place.y * scale];
    if (!shown.actors[index] || x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
    const radius = radiusOf(index);
    const dim = near !== null && !near.has(index);
    spots.push({ index, x, y, r: radius * scale + 1, radius, weighty: radius > 14, dim, rank: loud(index) ? 0 : near?.has(index) ? 1 : 2 });
  }
  return spots.sort((a, b) => a.rank - b.rank || b.radius - a.radius || a.index - b.index);
};
/** Decide which labels show, and where. */
const placeLabels = (ctx, width, height) => {
  const spots = spotsInFrame(width, height);
  const taken = grid();
  for (const { index, x, y, r, radius, dim } of spots) taken.add({ x: x - r, y: y - r, w: 2 * r, h: 2 * r, id: index, cost: dim ? 4 : radius > 10 ? 60 : 10 + radius });
  taken.add({ x: width - 54, y: height - 118, w: 54, h: 118, cost: LABEL, id: -1 });
  if ($("note").offsetHeight) taken.add({ x: 0, y: height - 12 - $("note").offsetHeight, w: $("note").offsetWidth + 30, h: 99, cost: LABEL, id: -2 });
  const frame = { width, height };
  const placed = [];
  const left = [];
  for (const [order, spot] of spots.slice(0, TRIED).entries()) {
    // The weightiest move each other before the rest takes what is left.
    if (order === WEIGHTIEST) for (const one of left.splice(0)) makeRoom(one, placed, taken, frame);
    if (spot.dim && !loud(spot.index)) continue;
    // Over no other label; over a name's mark only where the label matters more than what it covers.
    const worth = loud(spot.index) ? Infinity : order < 10 ? 50 : spot.rank === 1 ? 30 : 8;
    const one = { spot, worth, label: labelOf(ctx, spot.index, spot.weighty, loud(spot.index)) };
    const { box, cost } = bestPlace(spot, one.label, taken, frame);
    if (cost <= worth) {
      taken.add(box);
      placed.push({ ...one, box });
    } else if (order < 2 * WEIGHTIEST) left.push(one);
  }
  for (const one of left) makeRoom(one, placed, taken, frame);
  return placed.map(({ spot, label, box }) => ({ index: spot.index, label, dx: box.x - spot.x, dy: box.y - spot.y }));
};

// ------------------------------------------------------------ painting

/** The labels of the last quiet frame; while the picture moves they only move along. */
let placedLabels = null;
let lastFrame = [];
let movedAt = -Infinity;
let settling = null;
const forgetLabels = () => (placedLabels = null);
const paintLabels = (ctx) => {
  const { clientWidth: width, clientHeight: height } = ctx.canvas;
  const { x: left, y: top } = network.canvasToDOM({ x: 0, y: 0 });
  const scale = network.getScale();
  const frame = [left, top, scale, width, height];
  if (frame.some((value, index) => value !== lastFrame[index])) {
    // A single jump gets its labels at once; only what comes right after another waits until the picture rests.
    const goesOn = performance.now() - movedAt < 160 && width === lastFrame[3] && height === lastFrame[4];
    movedAt = performance.now();
    lastFrame = frame;
    if (!goesOn) forgetLabels();
    clearTimeout(settling);
    settling = setTimeout(() => (forgetLabels(), network.redraw()), 160);
  }
  const ratio = ctx.canvas.width / width;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  placedLabels ??= placeLabels(ctx, width, height);
  for (const { index, label, dx, dy } of placedLabels) {
    const place = placeOf.get(index);
    if (place) paintText(ctx, label, left + place.x * scale + dx, top + place.y * scale + dy);
  }
  ctx.restore();
};
const paintText = (ctx, label, x, y) => {
  ctx.font = label.font;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = colour.paper;
  ctx.fillStyle = colour.ink;
  label.lines.forEach((line, index) => {
    ctx.strokeText(line, x + label.w / 2, y + index * LINE + 1);
    ctx.fillText(line, x + label.w / 2, y + index * LINE + 1);
  });
};

// ------------------------------------------------------------ the picture as SVG, as it stands on the screen

const OUTLINES = {
  dot: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`,
  square: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  diamond: (x, y, r) => `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`,
  hexagon: (x, y, r) => `M${x + r} ${y}l${-r / 2} ${r * 0.87}h${-r}l${-r / 2} ${-r * 0.87}l${r / 2} ${-r * 0.87}h${r}z`,
  triangle: (x, y, r) => `M${x} ${y - r * 1.05}l${r * 1.15} ${r * 2}h${-2.3 * r}z`,
  triangleDown: (x, y, r) => `M${x} ${y + r * 1.05}l${r * 1.15} ${-2 * r}h${-2.3 * r}z`,
};
/** The ends of the lines, around (0, 0) and pointing to the right. */
const HEADS = { accuses: "M0 0l-9 -4v8z", denies: "M0 -5v10", says: "M-6 -4L0 0l-6 4", relays: "M-6 -4L0 0l-6 4", present: "M-6 0a3 3 0 1 1 6 0a3 3 0 1 1 -6 0z", acts: "M-9 0l4.5 -4l4.5 4l-4.5 4z" };
const HOLLOW = new Set(["denies", "says", "relays"]);
/** A line with its head, from the rim of one name to the rim of the other. */
const drawnLine = ({ line, bend, lit }, spotOf, scale, near) => {
  const [one, other] = [spotOf(line.from), spotOf(line.to)];
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const long = Math.hypot(dx, dy) || 1;
  const via = { x: (one.x + other.x) / 2 + 0.785 * bend * dy, y: (one.y + other.y) / 2 - 0.785 * bend * dx };
  const angle = Math.atan2(other.y - via.y, other.x - via.x);
  const reach = Math.min(radiusOf(line.to) * scale + 2, long / 2);
  const tip = { x: other.x - reach * Math.cos(angle), y: other.y - reach * Math.sin(angle) };
  const paint = { stroke: colour[line.style], "stroke-width": Math.max(0.6, widthOf(weightOf(line)) * scale), fill: "none", opacity: near && !lit ? 0.12 : 1 };
  const dash = DASHES[line.style] && { "stroke-dasharray": DASHES[line.style].map((part) => Math.max(1, part * scale)).join(" ") };
  return vector("g", {},
    vector("title", {}, tipWords(line)),
    vector("path", { ...paint, ...dash, d: `M${one.x} ${one.y}Q${via.x} ${via.y} ${tip.x} ${tip.y}` }),
    vector("path", { ...paint, d: HEADS[line.style], fill: HOLLOW.has(line.style) ? "none" : colour[line.style], transform: `translate(${tip.x} ${tip.y}) rotate(${(angle * 180) / Math.PI}) scale(${Math.max(scale, 0.6)})` }));
};
const drawnName = (index, { x, y }, scale, near) => {
  const on = `a${index}` === chosen;
  return vector("path", {
    d: OUTLINES[FORMS[actors[index].kind] ?? "dot"](x, y, radiusOf(index) * scale), fill: colour[actors[index].kind], stroke: on ? colour.ink : colour.rim, "stroke-width": on ? 2.5 : 1,
    opacity: near && !near.has(index) ? 0.16 : 1,
  }, vector("title", {}, plainName(index)));
};
const drawnLabel = ({ index, label, dx, dy }, spot) =>
  vector("text", {
    "text-anchor": "middle", "font-family": fontFamily, "font-size": label.font.match(/(\d+)px/u)[1], "font-weight": label.font.slice(0, 3), fill: colour.ink,
    stroke: colour.paper, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke", "data-name": index,
  }, ...label.lines.map((line, at) => vector("tspan", { x: spot.x + dx + label.w / 2, y: spot.y + dy + at * LINE + 12 }, line)));
const pictureSvg = () => {
  const { clientWidth: width, clientHeight: height } = $("canvas");
  const scale = network.getScale();
  const near = bright();
  const spotOf = (index) => network.canvasToDOM(placeOf.get(index));
  const inside_ = (index) => {
    const { x, y } = spotOf(index);
    return x > -40 && y > -40 && x < width + 40 && y < height + 40;
  };
  const names = [...placeOf.keys()].filter((index) => inPicture(index) && inside_(index));
  const labels_ = placeLabels($("canvas").querySelector("canvas").getContext("2d"), width, height);
  return vector("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": "Graph of who said what of whom" },
    ...linesToDraw().map((drawn) => drawnLine(drawn, spotOf, scale, near)),
    ...names.map((index) => drawnName(index, spotOf(index), scale, near)),
    ...labels_.map((placed) => drawnLabel(placed, spotOf(placed.index))));
};
