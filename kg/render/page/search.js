// Search over names, aliases and quotation text, forgiving case and accents.

const nameWords = actors.map(({ name, aliases }) => folded([name, ...aliases].join("\n")));
/** The folded quotations, as far as they are folded; idle time fills it, the first search does the rest. */
const quoteWords = [];
const foldQuotes = (enough) => {
  while (quoteWords.length < statements.length && !(quoteWords.length % 100 === 0 && enough())) quoteWords.push(folded(quoteOf(statements[quoteWords.length])));
};
const foldInIdleTime = () => {
  const spare = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 16));
  spare((deadline) => {
    let started = false;
    foldQuotes(() => started && deadline.timeRemaining() < 2 ? true : ((started = true), false));
    if (quoteWords.length < statements.length) foldInIdleTime();
  });
};
const holding = (words, asked) => {
  const found = [];
  words.forEach((text, index) => text.includes(asked) && found.push(index));
  return found;
};
/** The words around the first place where `asked` stands, marked there; the beginning if it stands there otherwise spelt. */
const excerpt = (text, asked) => {
  const hit = new RegExp(asked.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"), "iu").exec(text);
  if (!hit) return [text];
  const before = text.slice(0, hit.index);
  const lead = before.length > 60 ? `… ${[...before.slice(-80)].slice(-40).join("").replace(/^\S*\s/u, "")}` : before;
  return [lead, make("mark", {}, hit[0]), text.slice(hit.index + hit[0].length)];
};
const result = (id, asked) => {
  const found = thing(id);
  const isName = id[0] === "a";
  const lead = bdi("", { class: isName ? "first" : "first quoted" });
  lead.append(...excerpt((isName ? found.name : quoteOf(found)).slice(0, 2000), asked));
  const below = isName ? `${KINDS[found.kind][1]}, ${several(touching[numberOf(id)].length, "statement")}` : speakerName(found);
  return make("button", { type: "button", "data-id": id, click: () => choose(id, true) }, isName ? glyph(found.kind) : null, make("span", {}, lead, make("small", {}, bdi(below))));
};
const search = () => {
  const asked = $("search").value.trim();
  const words = folded(asked);
  if (words) foldQuotes(() => false);
  const people = words ? holding(nameWords, words).sort((a, b) => touching[b].length - touching[a].length) : [];
  const quotes = words ? holding(quoteWords, words) : [];
  $("found").textContent = !words ? "" : people.length + quotes.length ? `${several(people.length, "name")}, ${several(quotes.length, "quotation")}` : "Nothing found.";
  const ids = [...people.slice(0, 20).map((index) => `a${index}`), ...quotes.slice(0, 40).map((index) => `s${index}`)];
  $("results").replaceChildren(...ids.map((id) => make("li", {}, result(id, asked))));
};
/** Up and down walk through the results and back into the box. */
const resultKeys = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...$("results").querySelectorAll("button")];
  if (!step || !buttons.length) return;
  const next = buttons.indexOf(document.activeElement) + step;
  (next < 0 ? $("search") : buttons[Math.min(next, buttons.length - 1)]).focus();
  event.preventDefault();
};
const searchKeys = (event) => {
  if (event.key === "Enter") $("results").querySelector("button")?.click();
  else if (event.key === "Escape" && $("search").value) {
    $("search").value = "";
    search();
  } else return resultKeys(event);
  event.preventDefault();
  return undefined;
};
const listenToSearch = () => {
  $("search").addEventListener("input", search);
  $("search").addEventListener("keydown", searchKeys);
  $("results").addEventListener("keydown", resultKeys);
  foldInIdleTime();
};
