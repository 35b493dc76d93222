// Tabs, choosing, keys, and the first paint.

const ORDER = ["graph", "table", "timeline", "figures", "places", "matrix"];
views.sort((one, other) => ORDER.indexOf(one.id) - ORDER.indexOf(other.id));
/** The id of the view whose tab is open. */
let openView = views[0].id;
const viewOf = (id) => views.find((view) => view.id === id);

const draw = () => {
  const view = viewOf(openView);
  const root = $(`view-${openView}`);
  // The picture lives on in its root; every other view is drawn anew.
  if (!view.lasting) root.replaceChildren();
  view.draw(root);
};
const showTabs = () => {
  for (const { id } of views) {
    $(`tab-${id}`).setAttribute("aria-selected", String(id === openView));
    $(`tab-${id}`).tabIndex = id === openView ? 0 : -1;
    $(`view-${id}`).hidden = id !== openView;
  }
};
const open = (id) => {
  openView = id;
  showTabs();
  draw();
  // What was chosen in another view comes into sight here.
  if (chosen) viewOf(id).choose?.(chosen, true);
  writeAddress(true);
};
const makeTabs = () => {
  for (const { id, name } of views) {
    const panel = $(`view-${id}`) ?? $("views").appendChild(make("div", { id: `view-${id}`, class: "view", role: "tabpanel", hidden: true }));
    panel.setAttribute("aria-labelledby", `tab-${id}`);
    $("tabs").append(make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `view-${id}`, click: () => open(id), keydown: tabKeys }, name));
  }
};
const tabKeys = (event) => {
  const at = views.findIndex(({ id }) => id === openView);
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: views.length - 1 }[event.key];
  if (next === undefined) return;
  const { id } = views[(next + views.length) % views.length];
  open(id);
  $(`tab-${id}`).focus();
  event.preventDefault();
};

/** Filters have changed: everything that counts or shows follows. */
const changed = () => {
  sift();
  showNumbers();
  showCounts();
  draw();
  tell();
  writeAddress();
};
/** Choose a thing or nothing; `led` says that somebody came by a link, so that the view and the focus follow. */
const choose = (id, led = false) => {
  list = null;
  chosen = id;
  if (id?.[0] === "a") bringIn(numberOf(id));
  tell();
  viewOf(openView).choose?.(id, led);
  writeAddress(true);
  if (led && id) $("panel").querySelector("h2").focus({ preventScroll: true });
  if (narrow.matches && id) $("panel").scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
};
/** The address has set everything: show it. */
const restored = (led) => {
  sift();
  showTabs();
  showNumbers();
  showCounts();
  restorePicture();
  tell();
  draw();
  viewOf(openView).choose?.(chosen, true);
  if (led) $("panel").querySelector("h2").focus({ preventScroll: !narrow.matches });
};

const showTotals = () => {
  const silent = actors.length > linkedNames ? `, ${linkedNames.toLocaleString("en")} of them in statements` : "";
  const part = told.partial ? ` · a part of ${several(told.partial.statements, "statement")} and ${several(told.partial.names, "name")}` : "";
  $("totals").textContent = `${several(articles.length, "article")} · ${several(statements.length, "statement")} · ${several(actors.length, "name")}${silent}${part}`;
};
const pageKeys = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "n") nextQuotation(1);
  else if (event.key === "p") nextQuotation(-1);
  else if (event.key === "/") $("search").focus();
  else if (event.key === "Escape" && (chosen || list)) choose(null);
  else if (!viewOf(openView).key?.(event)) return;
  event.preventDefault();
};
const listen = () => {
  for (const name of ["hashchange", "popstate"]) window.addEventListener(name, () => location.hash.slice(1) !== written && readAddress());
  for (const theme of themes) theme.addEventListener("change", () => (readColours(), draw()));
  document.addEventListener("keydown", pageKeys);
  listenToSearch();
  listenToPicture();
};

readColours();
makeTabs();
showTotals();
showFilters();
listen();
readAddress();
afterFirstPaint(() => (document.body.dataset.ready = "true"));
