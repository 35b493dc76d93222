// The map of places. Mercator's projection: it keeps directions and shapes right around every place, at every zoom and wherever a reader
// pans, and its one fault, that the far north looks large, matters little where circles are compared and not countries.
{
  /** Pixels for a circle's radius when one statement counts, and the most that any radius takes. */
  const [UNIT, LARGEST] = [7, 26];
  /** A first view shows the smallest window (half its width, in degrees of the equator) that holds so much of all that is said. */
  const [WINDOWS, ENOUGH] = [[4, 8, 16, 32, 64], 0.6];
  /** Pixels for a degree: never closer than that, since the outline is as fine as a hundredth of a degree. */
  const CLOSEST = 400;
  const NORTH = 84;
  const WORDS = { scene: "said there", about: "spoken of", dot: "only named" };

  const wrapped = (degrees) => degrees - 360 * Math.floor((degrees + 180) / 360);
  const southing = (latitude) => {
    const angle = (Math.max(-NORTH, Math.min(NORTH, latitude)) * Math.PI) / 360;
    return (-Math.log(Math.tan(Math.PI / 4 + angle)) * 180) / Math.PI;
  };
  const latitudeOf = (y) => (2 * Math.atan(Math.exp((-y * Math.PI) / 180)) - Math.PI / 2) * (180 / Math.PI);
  const DEEPEST = southing(-NORTH);
  const area = (text, longest) => ([...text].length > longest ? `${[...text].slice(0, longest - 1).join("")}…` : text);

  // ------------------------------------------------------------ what is where

  const spots = actors.flatMap(({ where, name }, index) =>
    (where === null ? [] : [{ index, name, x: wrapped(where[1]), y: southing(where[0]), silent: !touching[index].length }]));
  const spotOf = new Map(spots.map((spot) => [spot.index, spot]));
  const scenes = new Set(statements.map(({ place }) => place).filter((place) => place !== null));
  const unplaced = actors.flatMap(({ kind, where }, index) => (where === null && (kind === "place" || scenes.has(index)) ? [index] : []));
  /** For every name: in how many of these statements it is the scene, and in how many it has another part. */
  const tally = (counts) => {
    const found = actors.map(() => ({ scene: 0, about: 0 }));
    statements.forEach((s, index) => {
      if (!counts(index)) return;
      if (s.place !== null) found[s.place].scene += 1;
      for (const end of new Set([s.speaker, s.target, ...s.about, s.addressee, s.behalf])) if (end !== null) found[end].about += 1;
    });
    return found;
  };
  const all = tally(() => true);
  const most = spots.reduce((so, { index }) => Math.max(so, all[index].scene, all[index].about), 1);
  /** All circles together may cover a seventh of a map of common size, so that thousands of places do not become one blot. */
  const together = spots.reduce((sum, { index }) => sum + Math.max(all[index].scene, all[index].about), 1);
  const unit = Math.min(UNIT, LARGEST / Math.sqrt(most), Math.sqrt((620 * 340) / 7 / Math.PI / together));
  const radius = (number) => (number ? Math.max(3, unit * Math.sqrt(number)) : 0);
  const byWeight = (one, other) => other.weight - one.weight || (one.name < other.name ? -1 : one.name > other.name ? 1 : one.index - other.index);

  /** Lines of the outline as points in degrees of the equator, like the places. */
  const linesOf = (lines) => lines.map((steps) => {
    let [east, north] = [0, 0];
    const points = [];
    for (let step = 0; step < steps.length; step += 2) {
      east += steps[step];
      north += steps[step + 1];
      points.push([east / 100, southing(north / 100)]);
    }
    return points;
  });
  const ground = Object.entries(told.outline ?? {}).map(([kind, lines]) => [kind, linesOf(lines)]);
  const pathOfLines = (lines, digits) => lines.map((points) => `M${points.map(([x, y]) => `${x.toFixed(digits)} ${y.toFixed(digits)}`).join("L")}`).join("");

  // ------------------------------------------------------------ the view

  /** The middle in degrees of the equator, and pixels for a degree; `own` says that the reader moved it. */
  let view = { x: 0, y: 0, k: 1, own: false };
  let size = { w: 640, h: 400 };
  let drawn = [];
  let hovered = null;
  let at = null;
  let parts = null;
  /** The paths of the outline, made when the map is first drawn. */
  let grounds = null;
  let asked = false;

  const onMap = ({ x, y }) => ({ x: size.w / 2 + wrapped(x - view.x) * view.k, y: size.h / 2 + (y - view.y) * view.k });
  const inFrame = ({ px, py }) => px >= 0 && py >= 0 && px <= size.w && py <= size.h;
  const settle = () => {
    const least = Math.max(size.w / 360, size.h / (2 * DEEPEST));
    view.k = Math.max(least, Math.min(CLOSEST, view.k));
    const room = Math.max(0, DEEPEST - size.h / 2 / view.k);
    view.x = wrapped(view.x);
    view.y = Math.max(-room, Math.min(room, view.y));
  };
  /** The part of the globe's round that leaves out the widest empty stretch: where it begins, and how wide it is. */
  const stretch = (some) => {
    const xs = some.map(({ x }) => x).sort((one, other) => one - other);
    const gaps = xs.map((x, index) => (index + 1 < xs.length ? xs[index + 1] - x : xs[0] + 360 - x));
    const widest = gaps.indexOf(Math.max(...gaps));
    return [xs[(widest + 1) % xs.length], 360 - gaps[widest]];
  };
  /** Show all of these with room for their labels; a single one with its surroundings. */
  const fit = (some) => {
    if (!some.length) return;
    const [west, width] = stretch(some);
    const ys = some.map(({ y }) => y);
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const k = Math.min((size.w - Math.min(150, size.w / 3)) / Math.max(width, 2), (size.h - 90) / Math.max(bottom - top, 2), Math.max(size.w, size.h) / 6);
    view = { x: west + width / 2, y: (top + bottom) / 2, k, own: false };
    settle();
  };
  /** The places of the first view: those in the smallest window that holds most of what is said; all, if none does. */
  const home = () => {
    const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
    const around = (middle, reach) => drawn.filter(({ x, y }) => Math.abs(wrapped(x - middle.x)) <= reach && Math.abs(y - middle.y) <= reach);
    for (const reach of total ? WINDOWS : []) {
      const best = drawn.slice(0, 60).map((middle) => {
        const inside = around(middle, reach);
        return { inside, weight: inside.reduce((sum, { weight }) => sum + weight, 0) };
      }).reduce((one, other) => (other.weight > one.weight ? other : one));
      if (best.weight >= ENOUGH * total) return best.inside;
    }
    return drawn;
  };
  const refit = () => {
    fit(asked ? drawn : home());
    place();
  };
  const zoomBy = (factor, px = size.w / 2, py = size.h / 2) => {
    const before = view.k;
    const spot = { x: view.x + (px - size.w / 2) / before, y: view.y + (py - size.h / 2) / before };
    view.k *= factor;
    settle();
    view = { x: spot.x - (px - size.w / 2) / view.k, y: spot.y - (py - size.h / 2) / view.k, k: view.k, own: true };
    settle();
    soon();
  };
  const panBy = (dx, dy) => {
    view = { ...view, x: view.x - dx / view.k, y: view.y - dy / view.k, own: true };
    settle();
    soon();
  };
  /** Bring a place into the frame if it is outside or at its very edge. */
  const reveal = (spot) => {
    const { x, y } = onMap(spot);
    if (x > 40 && y > 30 && x < size.w - 40 && y < size.h - 30) return;
    view = { ...view, x: spot.x, y: spot.y, own: true };
    settle();
    place();
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      place();
    });
  };

  // ------------------------------------------------------------ drawing

  const numbers = ({ scene, about }) => {
    const words = [scene ? `${several(scene, "statement")} ${WORDS.scene}` : "", about ? `${WORDS.about} in ${several(about, "statement")}` : ""].filter(Boolean);
    return words.join(", ") || "named in no statement";
  };
  const symbol = ({ index, name, scene, about, weight }) => {
    const group = vector("g", { class: "spot", role: "button", tabindex: "-1", "data-index": index, "aria-label": `${area(name, 80)}: ${numbers({ scene, about })}` });
    group.append(vector("title", {}, `${name}: ${numbers({ scene, about })}`), vector("circle", { class: "halo", r: Math.max(radius(scene), radius(about), 3) + 5 }));
    if (about) group.append(vector("circle", { class: "about", r: radius(about) }));
    if (scene) group.append(vector("circle", { class: "scene", r: radius(scene) }));
    if (!weight) group.append(vector("circle", { class: "dot", r: 2.6 }));
    return group;
  };
  /** What the chosen thing has to do with places: those that its shown statements touch; null where it says nothing of any. */
  const lit = () => {
    if (chosen === null || (chosen[0] !== "a" && chosen[0] !== "s")) return null;
    const own = numberOf(chosen);
    if (chosen[0] === "a" && spotOf.has(own)) return null;
    const some = chosen[0] === "s" ? [own] : touching[own].filter((index) => shown.statements[index]);
    const near = new Set(some.flatMap((index) => endsOf(statements[index])).filter((index) => spotOf.has(index)));
    return near.size ? near : null;
  };

  const letters = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const widthOf = (text, font) => {
    const key = `${font} ${text}`;
    if (!widths.has(key)) widths.set(key, ((letters.font = font), letters.measureText(text).width));
    return widths.get(key);
  };
  const meets = (one, other) => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
  /** Where a label stands around its circle: the first place of eight where it covers nothing; null if there is none. */
  const besides = (spot, w, taken, loud) => {
    const { px, py } = spot;
    const [r, slant, h] = [spot.r + (chosen === `a${spot.index}` ? 9 : 4), spot.r * 0.7 + 3, 15];
    const tries = [[px + r, py - 8], [px - r - w, py - 8], [px - w / 2, py + r - 1], [px - w / 2, py - r - h + 1],
      [px + slant, py + slant - 5], [px + slant, py - slant - 10], [px - slant - w, py + slant - 5], [px - slant - w, py - slant - 10]];
    const boxes = tries.map(([x, y]) => ({ x, y, w, h }));
    const free = boxes.find((box) => box.x > 3 && box.x + w < size.w - 3 && box.y > 3 && box.y + h < size.h - 3 && !taken.some((other) => other.of !== spot.index && meets(box, other)));
    if (free || !loud) return free ?? null;
    return { ...boxes[0], x: Math.max(4, Math.min(size.w - w - 4, boxes[0].x)), y: Math.max(4, Math.min(size.h - 20, boxes[0].y)) };
  };
  const label = (spot, text, box, style) =>
    vector("text", { x: box.x + box.w / 2, y: box.y + 12, class: `label${style}`, "data-index": spot.index }, text);
  /** Places outside the frame are told at its edge, the most important first, where there is room. */
  const pointers = (taken) => {
    const layer = [];
    for (const spot of drawn) {
      if (layer.length === 5) break;
      if (inFrame(spot) || !spot.weight) continue;
      const [dx, dy] = [spot.px - size.w / 2, spot.py - size.h / 2];
      const share = Math.min((size.w / 2 - 9) / Math.abs(dx || 1e-9), (size.h / 2 - 9) / Math.abs(dy || 1e-9));
      const tip = { x: size.w / 2 + dx * share, y: size.h / 2 + dy * share };
      const words = `${area(spot.name, 24)} ${spot.weight.toLocaleString("en")}`;
      const w = widthOf(words, parts.font) + 4;
      const box = { x: Math.max(14, Math.min(size.w - w - 14, tip.x - w / 2)), y: Math.max(12, Math.min(size.h - 28, tip.y - 8)), w, h: 16 };
      if (Math.abs(dy) * size.w > Math.abs(dx) * size.h) box.y = dy > 0 ? size.h - 32 : 16;
      const held = { x: Math.min(box.x, tip.x - 8), y: Math.min(box.y, tip.y - 8), w: w + 16, h: 24 };
      if (taken.some((other) => meets(held, other))) continue;
      taken.push(held);
      const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
      layer.push(vector("g", { class: "pointer", "data-index": spot.index }, vector("title", {}, `${spot.name}: ${numbers(spot)}, outside this view`),
        vector("path", { d: "M6 0L-4 -5V5z", transform: `translate(${tip.x.toFixed(1)} ${tip.y.toFixed(1)}) rotate(${turn.toFixed(0)})` }), label(spot, words, box, " far")));
    }
    return layer;
  };
  /** Put everything where the view has it. */
  const place = () => {
    if (!parts) return;
    const { k } = view;
    for (const [turn, copy] of parts.copies) {
      const left = size.w / 2 + (turn - view.x) * k;
      copy.setAttribute("transform", `translate(${left.toFixed(2)} ${(size.h / 2 - view.y * k).toFixed(2)}) scale(${k.toFixed(4)})`);
      copy.setAttribute("visibility", left - 180 * k < size.w && left + 180 * k > 0 ? "visible" : "hidden");
    }
    const near = lit();
    // The buttons and the scale keep their corners.
    const taken = [{ x: size.w - 46, y: 0, w: 46, h: 112 }, { x: 0, y: size.h - 32, w: 136, h: 32 }];
    for (const spot of drawn) {
      const { x, y } = onMap(spot);
      Object.assign(spot, { px: x, py: y });
      const seen = x > -40 && y > -40 && x < size.w + 40 && y < size.h + 40;
      spot.mark.setAttribute("visibility", seen ? "visible" : "hidden");
      spot.mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      spot.mark.setAttribute("class", `spot${chosen === `a${spot.index}` ? " chosen" : ""}${near && !near.has(spot.index) ? " dim" : ""}`);
      spot.mark.setAttribute("tabindex", spot.index === at ? "0" : "-1");
      if (seen) taken.push({ x: x - spot.r, y: y - spot.r, w: 2 * spot.r, h: 2 * spot.r, of: spot.index });
    }
    const far = pointers(taken);
    parts.labels.replaceChildren(...names(taken, near), ...far);
    tellView();
    showScale();
  };
  const names = (taken, near) => {
    const loud = ({ index }) => index === hovered || chosen === `a${index}` || (index === at && parts.marks.contains(document.activeElement));
    const some = [...drawn.filter(loud), ...drawn.filter((spot) => !loud(spot)).slice(0, 300)].filter(inFrame);
    return some.flatMap((spot) => {
      const text = area(spot.name, loud(spot) ? 60 : 28);
      const box = besides(spot, widthOf(text, parts.font), taken, loud(spot));
      if (!box) return [];
      taken.push(box);
      return [label(spot, text, box, `${spot.weight ? "" : " quiet"}${loud(spot) ? " loud" : ""}${near && !near.has(spot.index) ? " dim" : ""}`)];
    });
  };

  // ------------------------------------------------------------ scale, legend, words

  const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const showScale = () => {
    const latitude = latitudeOf(view.y);
    const each = (111.32 * Math.cos((latitude * Math.PI) / 180)) / view.k;
    const length = NICE.filter((km) => km / each <= 110).at(-1) ?? NICE[0];
    const px = length / each;
    const [top, bottom] = [latitudeOf(view.y - size.h / 2 / view.k), latitudeOf(view.y + size.h / 2 / view.k)];
    const uneven = Math.cos((Math.min(Math.abs(top), Math.abs(bottom)) * Math.PI) / 180) > 1.3 * Math.cos((Math.max(Math.abs(top), Math.abs(bottom)) * Math.PI) / 180);
    const where = uneven ? ` at ${Math.abs(latitude).toFixed(0)}° ${latitude < 0 ? "S" : "N"}` : "";
    const y = size.h - 10;
    const words = vector("text", { x: 10 + px / 2, y: y - 6, class: "measure" }, `${length.toLocaleString("en")} km${where}`);
    if (where) words.setAttribute("x", 10 + Math.max(px, widthOf(words.textContent, parts.small)) / 2);
    parts.scale.replaceChildren(
      vector("rect", { x: 4, y: y - 20, width: Math.max(px, widthOf(words.textContent, parts.small)) + 12, height: 26, class: "plate" }),
      vector("path", { d: `M10 ${y - 3.5}V${y}H${(10 + px).toFixed(1)}V${y - 3.5}`, class: "rule" }), words);
  };
  /** The legend under the map: what ring, disc and dot mean, and two sizes. Runs on to a second line where it is narrow. */
  const legend = () => {
    const ring = (r) => (x, y) => vector("circle", { cx: x + r, cy: y, r, class: "scene" });
    const disc = (r) => (x, y) => vector("circle", { cx: x + r, cy: y, r, class: "about" });
    const dot = (x, y) => vector("circle", { cx: x + 3, cy: y, r: 2.6, class: "dot" });
    const entries = [[ring(6), 6, WORDS.scene], [disc(6), 6, WORDS.about], ...(spots.some(({ silent }) => silent) ? [[dot, 3, WORDS.dot]] : []),
      ...(most > 1 ? [[ring(radius(1)), radius(1), "1"]] : []), [ring(radius(most)), radius(most), several(most, "statement")]];
    const group = vector("g", { class: "legend" });
    const tall = Math.max(22, 2 * radius(most) + 8);
    let [x, y] = [4, size.h + tall / 2 + 4];
    for (const [shape, r, words] of entries) {
      const w = 2 * r + 6 + widthOf(words, parts.small);
      if (x > 4 && x + w > size.w) [x, y] = [4, y + tall];
      group.append(shape(x, y), vector("text", { x: x + 2 * r + 6, y: y + 4 }, words));
      x += w + 18;
    }
    return { group, height: y + tall / 2 - size.h };
  };
  const listed = (some) => {
    const names = some.slice(0, 2).map(({ name, weight }) => [bdi(area(name, 40)), ` (${weight.toLocaleString("en")})`]);
    return [...names.flatMap((one, index) => (index ? [", ", ...one] : one)), some.length > 2 ? ` and ${some.length - 2} more` : ""];
  };
  /** Say what the frame shows and what lies outside. */
  const tellView = () => {
    const outside = drawn.filter((spot) => !inFrame(spot) && spot.weight);
    const told_ = outside.map(({ index }) => index).join();
    if (parts.told === told_) return;
    parts.told = told_;
    const inside = drawn.filter(inFrame).length;
    parts.words.replaceChildren(`${several(inside, "place")} in this view`, ...(outside.length ? ["; outside it ", ...listed(outside)] : []), ".");
    for (const [index, words] of parts.where) words.textContent = outside.some((spot) => spot.index === index) ? "outside" : "";
  };
  /** One line of the list: a name and its two numbers. */
  const row = (index, { scene, about }, known) => {
    const words = make("small");
    if (known) parts.where.set(index, words);
    const number = (kind, many) => make("span", { class: `number ${kind}`, "aria-hidden": "true" }, many ? many.toLocaleString("en") : "–");
    return make("li", {}, make("button", { type: "button", "data-index": index, "aria-pressed": String(chosen === `a${index}`), click: () => choose(`a${index}`, false) },
      make("span", { class: "name" }, bdi(area(actors[index].name, 120)), words), number("scene", scene), number("about", about),
      make("span", { class: "unseen" }, numbers({ scene, about }))));
  };
  const AT_ONCE = 100;
  const rows = (list, some, known) => {
    list.append(...some.slice(0, AT_ONCE).map((one) => row(one.index, one, known)));
    const rest = some.slice(AT_ONCE);
    if (!rest.length) return;
    const item = make("li", {}, make("button", { type: "button", class: "link", click: () => (item.remove(), rows(list, rest, known), (parts.told = null), tellView()) }, `Show ${several(rest.length, "more", "more")}`));
    list.append(item);
  };
  const head = (id, words) =>
    make("div", { class: "head" }, make("h2", { id }, words), make("span", { class: "number scene", "aria-hidden": "true" }, WORDS.scene), make("span", { class: "number about", "aria-hidden": "true" }, WORDS.about));
  const listOf = (id, words, some, known, why = null) => {
    if (!some.length) return [];
    const list = make("ul", { "aria-labelledby": id });
    rows(list, some, known);
    return [head(id, `${words} · ${some.length.toLocaleString("en")}`), ...(why ? [make("p", { class: "why" }, why)] : []), list];
  };

  // ------------------------------------------------------------ pointing and keys

  const pointersDown = new Map();
  let moved = false;
  const indexAt = (event) => {
    const found = event.target.closest("[data-index]");
    return found ? Number(found.dataset.index) : null;
  };
  const onDown = (event) => {
    pointersDown.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointersDown.size === 1) moved = false;
  };
  const onMove = (event) => {
    const before = pointersDown.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    if (!moved && Math.hypot(dx, dy) < 4) return;
    if (!moved) parts.svg.setPointerCapture(event.pointerId);
    moved = true;
    const other = [...pointersDown].find(([id]) => id !== event.pointerId)?.[1];
    pointersDown.set(event.pointerId, now);
    if (!other) {
      panBy(dx, dy);
      return;
    }
    const box = parts.svg.getBoundingClientRect();
    const apart = (one) => Math.max(10, Math.hypot(one.x - other.x, one.y - other.y));
    panBy(dx / 2, dy / 2);
    zoomBy(apart(now) / apart(before), (now.x + other.x) / 2 - box.left, (now.y + other.y) / 2 - box.top);
  };
  const onUp = (event) => pointersDown.delete(event.pointerId);
  const onClick = (event) => {
    if (moved) return;
    const index = indexAt(event);
    if (index !== null) at = index;
    choose(index === null ? null : `a${index}`);
  };
  const onHover = (event) => {
    const index = pointersDown.size ? hovered : indexAt(event);
    if (index === hovered) return;
    hovered = index;
    place();
  };
  const onWheel = (event) => {
    if (narrow.matches && !event.ctrlKey) return;
    event.preventDefault();
    const box = parts.svg.getBoundingClientRect();
    zoomBy(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) / 320), event.clientX - box.left, event.clientY - box.top);
  };
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  /** The nearest place in the direction of an arrow key. */
  const beside = ([dx, dy]) => {
    const here = drawn.find(({ index }) => index === at) ?? drawn[0];
    const rated = drawn.filter((spot) => spot !== here).map((spot) => {
      const [x, y] = [wrapped(spot.x - here.x), spot.y - here.y];
      const along = x * dx + y * dy;
      return { spot, along, cost: along + 2.5 * Math.abs(x * dy - y * dx) };
    }).filter(({ along }) => along > 0);
    return rated.length ? rated.reduce((one, other) => (other.cost < one.cost ? other : one)).spot : here;
  };
  /** What a key does; true if it did something. */
  const key = (event) => {
    const inside = parts?.svg.contains(event.target);
    if (event.key in WAYS && inside && event.shiftKey) panBy(-80 * WAYS[event.key][0], -80 * WAYS[event.key][1]);
    else if (event.key in WAYS && inside && drawn.length) {
      const next = beside(WAYS[event.key]);
      at = next.index;
      reveal(next);
      place();
      next.mark.focus({ preventScroll: true });
    } else if ((event.key === "Enter" || event.key === " ") && inside && at !== null) choose(`a${at}`);
    else if (event.key === "+" || event.key === "=") zoomBy(1.5);
    else if (event.key === "-") zoomBy(1 / 1.5);
    else if (event.key === "0") ((asked = true), refit());
    else return false;
    return true;
  };

  // ------------------------------------------------------------ the tab

  const NOTE = "Land and borders as Natural Earth drew them in 2018, by who holds the ground; dashed where states dispute them. The map takes no position.";
  const makeMap = () => {
    const svg = vector("svg", {
      class: "map", role: "group", "aria-label": "Map of places", "aria-describedby": "map-keys",
      pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: onUp, click: onClick, pointerover: onHover, pointerleave: () => hovered !== null && ((hovered = null), place()),
      focusin: (event) => ((at = indexAt(event) ?? at), place()), focusout: () => soon(),
    });
    svg.addEventListener("wheel", onWheel, { passive: false });
    return svg;
  };
  const lay = () => {
    const { svg, marks, labels, scale } = parts;
    const { group, height } = legend();
    const frame = vector("svg", { width: size.w, height: size.h, viewBox: `0 0 ${size.w} ${size.h}`, class: "frame" });
    frame.append(vector("rect", { width: size.w, height: size.h, class: "sea" }), ...parts.copies.map(([, copy]) => copy), marks, labels, scale);
    svg.setAttribute("viewBox", `0 0 ${size.w} ${size.h + height}`);
    svg.setAttribute("width", size.w);
    svg.setAttribute("height", size.h + height);
    svg.replaceChildren(frame, group);
  };
  const button = (text, name, click) => make("button", { type: "button", "aria-label": name, title: name, click }, text);
  const measure = () => {
    const box = parts.box.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    const [w, h] = [Math.round(box.width), Math.round(box.height)];
    const { height } = ((size = { w, h }), legend());
    const next = { w, h: Math.max(160, h - Math.ceil(height)) };
    const same = parts.laid && next.w === parts.laid.w && next.h === parts.laid.h;
    size = next;
    parts.laid = next;
    return !same;
  };
  const resize = () => {
    if (!measure()) return;
    lay();
    if (view.own) settle();
    else fit(asked ? drawn : home());
    place();
  };
  const watching = new ResizeObserver(resize);

  const draw = (root) => {
    watching.disconnect();
    const counts = tally((index) => shown.statements[index]);
    const weighed = (index) => ({ index, name: actors[index].name, ...counts[index], weight: counts[index].scene + counts[index].about });
    const others = unplaced.map(weighed).filter(({ index, weight }) => weight || !touching[index].length).sort(byWeight);
    drawn = spots.map((spot) => ({ ...spot, ...weighed(spot.index) })).filter(({ weight, silent }) => weight || silent).sort(byWeight);
    if (!drawn.length && !others.length) {
      parts = null;
      root.append(make("p", { class: "nothing" }, spots.length || unplaced.length ? "The filters leave no place to show." : "No place is named in these articles."));
      return;
    }
    if (!drawn.some(({ index }) => index === at)) at = drawn[0]?.index ?? null;
    const style = getComputedStyle(document.body);
    parts = { font: `600 13px ${style.fontFamily}`, small: `12px ${style.fontFamily}`, where: new Map(), told: null };
    parts.svg = makeMap();
    grounds ??= ground.map(([kind, lines]) => [kind, pathOfLines(lines, 3)]);
    parts.copies = [-360, 0, 360].map((turn) => [turn, vector("g", { class: "ground" }, ...grounds.map(([kind, d]) => vector("path", { d, class: kind, "vector-effect": "non-scaling-stroke" })))]);
    parts.marks = vector("g", {});
    parts.labels = vector("g", { "aria-hidden": "true" });
    parts.scale = vector("g", { class: "scale", "aria-hidden": "true" });
    for (const spot of drawn) {
      Object.assign(spot, { r: Math.max(radius(spot.scene), radius(spot.about), 3), mark: symbol(spot) });
      parts.marks.append(spot.mark);
    }
    parts.words = make("p", { role: "status", "aria-live": "polite" });
    parts.box = make("div", { class: "box" }, parts.svg,
      make("div", { class: "zoom", role: "group", "aria-label": "Zoom of the map" },
        button("+", "Zoom the map in", () => zoomBy(1.5)), button("−", "Zoom the map out", () => zoomBy(1 / 1.5)), button("⤢", "Show all places", () => ((asked = true), refit()))));
    const silent = make("p", { class: "nothing" }, "None of these places has known coordinates.");
    root.append(make("div", { class: "places" },
      make("div", { class: drawn.length ? "seen" : "seen bare" },
        drawn.length ? make("div", { class: "above" }, parts.words,
          make("span", {}, make("button", { type: "button", class: "link", click: () => ((asked = false), refit()) }, "where most is said"), " · ",
            make("button", { type: "button", class: "link", click: () => ((asked = true), refit()) }, "show all"))) : null,
        drawn.length ? parts.box : silent,
        make("p", { id: "map-keys", class: "unseen" }, "Arrow keys walk from place to place, with Shift they move the map; Enter chooses, plus and minus zoom, 0 shows all. The list has the same places."),
        drawn.length ? make("p", { class: "note" }, NOTE) : null),
      make("div", { class: "lists", tabindex: "0", role: "region", "aria-label": "All places" },
        ...listOf("places-known", "On the map", drawn, true),
        ...listOf("places-unknown", "Not on the map", others, false, "No coordinates known: countries, regions and places that the gazetteer has no point for."))));
    if (!drawn.length) return;
    measure();
    lay();
    if (!view.own) fit(asked ? drawn : home());
    settle();
    place();
    watching.observe(parts.box);
  };
  const chose = (id) => {
    if (!parts) return;
    const spot = id?.[0] === "a" ? drawn.find(({ index }) => index === numberOf(id)) : null;
    for (const one of document.querySelectorAll("#view-places .lists button[data-index]")) one.setAttribute("aria-pressed", String(id === `a${one.dataset.index}`));
    if (spot) reveal(spot);
    place();
  };
  /** The outline where the view has it, without what lies outside: other programs need not know how to scale a line but not its width. */
  const groundHere = () => parts.copies.filter(([, copy]) => copy.getAttribute("visibility") === "visible").map(([turn]) => {
    const here = ([x, y]) => [size.w / 2 + (x + turn - view.x) * view.k, size.h / 2 + (y - view.y) * view.k];
    const seen = (points) => points.some(([x]) => x > 0) && points.some(([x]) => x < size.w) && points.some(([, y]) => y > 0) && points.some(([, y]) => y < size.h);
    return vector("g", { class: "ground" }, ...ground.map(([kind, lines]) => vector("path", { d: pathOfLines(lines.map((points) => points.map(here)).filter(seen), 1), class: kind })));
  });
  /** A copy of what is shown, with the note below, for a file of its own. */
  const svg = () => {
    if (!parts || !drawn.length) return null;
    const copy = parts.svg.cloneNode(true);
    for (const old of [...copy.querySelectorAll(".ground")]) old.remove();
    for (const unseen of [...copy.querySelectorAll("[visibility=hidden]")]) unseen.remove();
    copy.querySelector(".sea").after(...groundHere());
    const high = Number(parts.svg.getAttribute("height"));
    const lines = [""];
    for (const word of NOTE.split(" ")) {
      if (lines.at(-1) && widthOf(`${lines.at(-1)} ${word}`, parts.small) > size.w - 8) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    copy.append(...lines.map((line, index) => vector("text", { x: 4, y: high + 14 + 16 * index }, line)));
    copy.setAttribute("height", high + 20 + 16 * lines.length);
    copy.setAttribute("viewBox", `0 0 ${size.w} ${high + 20 + 16 * lines.length}`);
    return copy;
  };
  views.push({ id: "places", name: "Places", draw, choose: chose, key, svg });
}
