// What is shown, to take away: the picture as PNG and SVG, the statements as CSV and Turtle. Each file is made here, of what the page holds.
{
  const inView = () => views.find(({ id }) => id === openView);
  const saidNow = () => statements.filter((_, index) => shown.statements[index]);
  const tidy = (text) => text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

  // ------------------------------------------------------------ places in the text

  const wide = articles.map(() => null);
  /** The code point at which a UTF-16 offset stands: each pair of surrogates before it counts once. */
  const pointAt = (article, offset) => {
    wide[article] ??= [...articles[article].text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)].map(({ index }) => index);
    let [low, high] = [0, wide[article].length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[article][middle] < offset) low = middle + 1;
      else high = middle;
    }
    return offset - low;
  };
  const pointsOf = (s, [start, end]) => `char=${pointAt(s.article, start)},${pointAt(s.article, end)}`;

  // ------------------------------------------------------------ CSV (RFC 4180)

  const nameAt = (index) => (index === null ? "" : actors[index].name);
  const listed = (values) => (values.length > 1 ? values.map((value) => value.replace(/[\\|]/gu, "\\$&")) : values).join(" | ");
  const COLUMNS = {
    iri: (s) => s.iri,
    speaker: (s) => nameAt(s.speaker),
    act: (s) => actName(s.act),
    type: (s) => s.type,
    quotation: (s) => quoteOf(s),
    about: (s) => listed(s.about.map(nameAt)),
    target: (s) => nameAt(s.target),
    date: (s) => s.date ?? "",
    date_status: (s) => s.dateStatus,
    article: (s) => articles[s.article].id,
    title: (s) => articles[s.article].title ?? "",
    publisher: (s) => articles[s.article].publisher ?? "",
    characters: (s) => listed(s.content.map((span) => pointsOf(s, span))),
  };
  /** A cell; an apostrophe stands before what a spreadsheet would run as a formula. */
  const cell = (text) => {
    const safe = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text;
    return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = () => {
    const rows = saidNow().map((s) => Object.values(COLUMNS).map((value) => value(s)));
    return [Object.keys(COLUMNS), ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  };

  // ------------------------------------------------------------ Turtle

  const SPACES = {
    act: "https://w3id.org/newskg/act/", kg: "https://w3id.org/newskg/ontology#", oa: "http://www.w3.org/ns/oa#", prov: "http://www.w3.org/ns/prov#",
    schema: "https://schema.org/", skos: "http://www.w3.org/2004/02/skos/core#", wgs: "http://www.w3.org/2003/01/geo/wgs84_pos#", xsd: "http://www.w3.org/2001/XMLSchema#",
  };
  const ACTORS = {
    person: "schema:Person, prov:Agent", organization: "schema:Organization, prov:Agent", group: "kg:Group, prov:Agent",
    government: "schema:GovernmentOrganization, kg:Government, prov:Agent", place: "schema:Place", unnamed: "kg:UnnamedSource, prov:Agent",
  };
  const SAID = {
    direct: "kg:Statement, kg:DirectQuotation, schema:Quotation, prov:Entity", mixed: "kg:Statement, kg:MixedQuotation, schema:Quotation, prov:Entity",
    indirect: "kg:Statement, kg:IndirectStatement, schema:Claim, prov:Entity",
  };
  const CLASSES = { report: "kg:Report", stance: "kg:Stance", act: "kg:Act" };

  /** An IRI of the web or a urn, as the graph holds no other; nothing where a text is none. */
  const iri = (text) => (/^(?:https?|urn):[^\u0000-\u0020<>"{}|^`\\]*$/iu.test(text) ? `<${text}>` : null);
  const escaped = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const literal = (text, rest = "") => `"${tidy(text.replace(/[\\"]/gu, "\\$&").replace(/[\u0000-\u001f\u007f\ufffe\uffff]/gu, escaped))}"${rest}`;
  /** Words in a language, without one where the tag is none (BCP 47); nothing where the language is not known. */
  const worded = (text, language) =>
    (text && language ? literal(text, /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/iu.test(language) ? `@${language.toLowerCase()}` : "") : null);
  // Letters of the Latin script that Unicode does not call Latin: ordinals, raised letters, units, full width.
  const ODD = /[\u00aa\u00ba\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d5c\u1d9b-\u1dbe\u2071\u207f\u212a\u212b\u2132\u214e\u2183\u2c7d\ua770\ua7f1-\ua7f4\ua7f8\ua7f9\uab5c-\uab5f\uab69\uff21-\uff3a\uff41-\uff5a\u{10780}-\u{107ba}]/u;
  /** A name: English where its letters are Latin. */
  const named = (name) => literal(name, !ODD.test(name) && /^[\p{Script=Latin}\P{L}]*$/u.test(name) ? "@en" : "");
  const day = (text) => (text === null ? null : literal(text, /^\d{4}-\d\d-\d\d$/u.test(text) && Date.parse(text) ? "^^xsd:date" : ""));
  const decimal = (number) => String(Number(number.toFixed(6)) + 0).replace(/^(-?)(\d+)e.*$/u, "$10");
  /** Everything that is said of a thing; a value may be missing. */
  const block = (subject, pairs) => `${subject} ${pairs.filter(([, value]) => value !== null).map((pair) => pair.join(" ")).join(" ;\n\t")} .\n`;
  /** Where a link of the panel leads in the graph. */
  const elsewhere = ({ text, href }) => {
    const [, geonames] = /^https:\/\/www\.geonames\.org\/(\w+)$/u.exec(href ?? "") ?? [];
    const [, wikidata] = /^https:\/\/www\.wikidata\.org\/wiki\/(\w+)$/u.exec(href ?? "") ?? [];
    if (text === `GeoNames ${geonames}`) return iri(`https://sws.geonames.org/${geonames}/`);
    return text === `Wikidata ${wikidata}` ? iri(`http://www.wikidata.org/entity/${wikidata}`) : iri(text);
  };

  const articleBlock = (article) => block(iri(article.iri), [
    ["a", "schema:NewsArticle, prov:Entity"],
    ["schema:identifier", literal(article.id)],
    ["schema:inLanguage", article.language ? literal(article.language) : null],
    ["schema:headline", worded(article.title, article.language)],
    ["schema:datePublished", day(article.date)],
    ["schema:publisher", article.publisher ? literal(article.publisher) : null],
    ["schema:url", article.url && [null, article.url.text].includes(article.url.href) ? literal(article.url.text, "^^xsd:anyURI") : null],
  ]);
  const actorBlock = (actor) => block(iri(actor.iri), [
    ["a", ACTORS[actor.kind]],
    ["kg:kind", actor.kind === "unnamed" ? null : `kg:${actor.kind}`],
    ["skos:prefLabel", named(actor.name)],
    ...actor.aliases.map((alias) => ["skos:altLabel", named(alias)]),
    ["kg:actsFor", actor.actsFor === null ? null : iri(actors[actor.actsFor].iri)],
    ...actor.links.map((link) => ["skos:exactMatch", elsewhere(link)]),
    ["wgs:lat", actor.where ? decimal(actor.where[0]) : null],
    ["wgs:long", actor.where ? decimal(actor.where[1]) : null],
  ]);
  const statementBlock = (s, relayed) => {
    const { iri: source, language } = articles[s.article];
    const who = (index) => (index === null ? null : iri(actors[index].iri));
    const stands = (predicate, spans) => spans.map((span) => [predicate, iri(`${source}#${pointsOf(s, span)}`)]);
    return block(iri(s.iri), [
      ["a", SAID[s.type]],
      ["schema:text", worded(quoteOf(s), language)],
      ["schema:isPartOf", iri(source)],
      ["prov:wasQuotedFrom", iri(source)],
      [s.type === "indirect" ? "schema:appearance" : "schema:spokenByCharacter", s.type === "indirect" ? iri(source) : who(s.speaker)],
      ["kg:act", `act:${s.act}`],
      ["kg:actClass", CLASSES[s.class]],
      ["kg:speaker", who(s.speaker)],
      ["kg:speakerRole", worded(s.role, language)],
      ["kg:onBehalfOf", who(s.behalf)],
      ["kg:addressee", who(s.addressee)],
      ["kg:target", who(s.target)],
      ["schema:locationCreated", who(s.place)],
      ...s.about.map((index) => ["schema:about", who(index)]),
      ["kg:saidOn", day(s.date)],
      ["kg:dateStatus", `kg:${s.dateStatus}`],
      ["kg:interpreted", s.interpreted ? "true" : null],
      ...(s.answers ?? []).filter((index) => shown.statements[index]).map((index) => ["kg:answers", iri(statements[index].iri)]),
      ...relayed.map((inner) => ["kg:relays", iri(inner.iri)]),
      ...stands("kg:content", s.content), ...stands("kg:cue", s.cue), ...stands("kg:sourceMention", s.source),
    ]);
  };
  const CONTEXT = 32;
  /** Where a stretch of an article stands and what it reads. */
  const spanBlock = (s, [start, end]) => {
    const { iri: source, text } = articles[s.article];
    const node = `${source}#${pointsOf(s, [start, end])}`;
    const [before, after] = [text.slice(Math.max(0, start - 2 * CONTEXT), start), text.slice(end, end + 2 * CONTEXT)];
    return [node, [
      block(iri(node), [["a", "oa:SpecificResource"], ["oa:hasSource", iri(source)], ["oa:hasSelector", `${iri(`${node};position`)}, ${iri(`${node};quote`)}`]]),
      block(iri(`${node};position`), [["a", "oa:TextPositionSelector"], ["oa:start", String(pointAt(s.article, start))], ["oa:end", String(pointAt(s.article, end))]]),
      block(iri(`${node};quote`), [
        ["a", "oa:TextQuoteSelector"],
        ["oa:exact", literal(text.slice(start, end))],
        ["oa:prefix", literal([...before].slice(-CONTEXT).join(""))],
        ["oa:suffix", literal([...after].slice(0, CONTEXT).join(""))],
      ]),
    ].join("")];
  };
  const turtle = () => {
    const said = saidNow();
    const names = new Set(said.flatMap((s) => endsOf(s)));
    const relayed = new Map(said.map((s) => [s, []]));
    for (const s of said) if (s.outer !== null) relayed.get(statements[s.outer])?.push(s);
    const spans = new Map(said.flatMap((s) => [...s.content, ...s.cue, ...s.source].map((span) => spanBlock(s, span))));
    return [
      Object.entries(SPACES).map(([prefix, space]) => `@prefix ${prefix}: <${space}> .\n`).join(""),
      ...[...new Set(said.map((s) => s.article))].map((index) => articleBlock(articles[index])),
      ...[...names].sort((a, b) => a - b).map((index) => actorBlock(actors[index])),
      ...said.map((s) => statementBlock(s, relayed.get(s))),
      ...spans.values(),
    ].join("\n");
  };

  // ------------------------------------------------------------ SVG and PNG

  const INHERITED = "fill fill-opacity stroke stroke-width stroke-dasharray stroke-opacity stroke-linecap stroke-linejoin font-family font-size font-weight font-style font-variant-numeric letter-spacing text-anchor paint-order visibility direction".split(" ");
  const OWN = { opacity: "1", display: "inline", "dominant-baseline": "auto", "unicode-bidi": "normal" };
  /** Write into a copy what the style sheet says of the original: a file of its own has no style sheet. */
  const inline = (original, copy, above = null) => {
    const style = getComputedStyle(original);
    for (const name of INHERITED) if (style.getPropertyValue(name) !== above?.getPropertyValue(name)) copy.setAttribute(name, style.getPropertyValue(name));
    for (const [name, usual] of Object.entries(OWN)) if (above && style.getPropertyValue(name) !== usual) copy.setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "style", "tabindex"]) copy.removeAttribute(name);
    [...original.children].forEach((child, index) => inline(child, copy.children[index], style));
  };
  /** The picture of the open view with its styles written in, as large as its own units. */
  const drawing = ({ id, svg }) => {
    const original = svg();
    const lent = !original.isConnected;
    if (lent) $(`view-${id}`).append(original);
    const copy = original.cloneNode(true);
    inline(original, copy);
    const box = original.getAttribute("viewBox") ? original.viewBox.baseVal : { x: 0, y: 0, width: original.width.baseVal.value, height: original.height.baseVal.value };
    const size = { width: Math.ceil(box.width), height: Math.ceil(box.height) };
    if (lent) original.remove();
    for (const [name, value] of Object.entries({ ...size, x: 0, y: 0, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}` })) copy.setAttribute(name, value);
    return { copy, ...size };
  };
  const pen = document.createElement("canvas").getContext("2d");
  /** Lines of words that are no wider than `width`; a word that is too long for one is cut. */
  const lines = (text, font, width, most) => {
    pen.font = font;
    const found = [];
    for (const word of text.split(/\s+/u).filter(Boolean)) {
      const longer = `${found.at(-1) ?? ""} ${word}`.trim();
      if (found.length && pen.measureText(longer).width <= width) found[found.length - 1] = longer;
      else found.push(word);
    }
    return found.slice(0, most).map((line, index) => fitted(index === most - 1 && found.length > most ? `${line} …` : line, width));
  };
  const fitted = (line, width) => {
    let letters = [...line].slice(0, 400);
    if (letters.length === [...line].length && pen.measureText(line).width <= width) return line;
    while (letters.length > 1 && pen.measureText(`${letters.join("")}…`).width > width) letters = letters.slice(0, -1);
    return `${letters.join("")}…`;
  };
  /** From the first day to the last of what is shown: said on, else published. */
  const days = () => {
    const told = saidNow().map(whenOf).filter((span) => span !== null);
    const [first, last] = told.reduce(([from, to], span) => [Math.min(from, span[0]), Math.max(to, span[1])], [Infinity, -Infinity]);
    return told.length ? [...new Set([isoDay(first), isoDay(last)])].join(" to ") : "no dates";
  };
  const EDGE = 16;
  const LINE = 18;
  /** What the signs of a view mean, as the page says it beside the picture: sign and words. */
  const signsOf = ({ id }) => {
    const inPicture = [...document.querySelectorAll("#kinds label, #lines label")].filter((row) => row.querySelector("input").checked);
    const rows = id === "graph" ? inPicture : [...$(`view-${id}`).querySelectorAll(".legend li")];
    return rows.map((row) => ({ sign: row.querySelector("svg"), words: (row.querySelector(".name") ?? row).textContent }));
  };
  /** The signs in lines that are no wider than `width`, and how high they are. */
  const legendOf = (view, width, family) => {
    pen.font = `12px ${family}`;
    const legend = vector("g", { "font-family": family, "font-size": 12, fill: colour.ink });
    let [x, y] = [0, 0];
    for (const { sign, words } of signsOf(view)) {
      const { width: wide, height: high } = sign.viewBox.baseVal;
      const long = wide + 6 + pen.measureText(words).width;
      if (x && x + long > width) [x, y] = [0, y + LINE];
      const copy = sign.cloneNode(true);
      inline(sign, copy);
      for (const [name, value] of Object.entries({ x, y: y + (LINE - high) / 2, width: wide, height: high })) copy.setAttribute(name, value);
      legend.append(copy, vector("text", { x: x + wide + 6, y: y + 13 }, words));
      x += long + LINE;
    }
    return { legend, high: legend.childElementCount ? y + LINE : 0 };
  };
  /** The picture on paper, with its legend and a footer that says what it shows and whom it owes. */
  const sheet = (view) => {
    const { copy, width, height } = drawing(view);
    const full = Math.max(width, 320 - 2 * EDGE);
    const family = getComputedStyle(document.body).fontFamily;
    const { legend, high } = legendOf(view, full, family);
    const told_ = [view.name, days(), $("counts").textContent, told.attribution].join(" · ");
    const rows = [
      ...lines(told.title, `600 14px ${family}`, full, 2).map((text) => ({ text, size: 14, weight: 600, ink: colour.ink })),
      ...lines(told_, `12px ${family}`, full, 8).map((text) => ({ text, size: 12, weight: 400, ink: colour.soft })),
    ];
    const below = height + 2 * EDGE + (high ? high + EDGE : 0);
    const foot = rows.map(({ text, size, weight, ink }, index) =>
      vector("text", { x: EDGE, y: below + 20 + LINE * index, "font-family": family, "font-size": size, "font-weight": weight, fill: ink }, text));
    const [wide, tall] = [full + 2 * EDGE, below + 30 + LINE * rows.length];
    for (const [name, value] of [["x", EDGE + Math.floor((full - width) / 2)], ["y", EDGE]]) copy.setAttribute(name, value);
    legend.setAttribute("transform", `translate(${EDGE} ${height + 2 * EDGE})`);
    const whole = vector("svg", { xmlns: "http://www.w3.org/2000/svg", width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}` },
      vector("title", {}, told.title), vector("rect", { width: wide, height: tall, fill: colour.paper }), copy, legend,
      vector("path", { d: `M${EDGE} ${below - 0.5}h${full}`, stroke: colour.soft, "stroke-width": 0.5 }), ...foot);
    return { text: tidy(`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(whole)}\n`), width: wide, height: tall };
  };
  const LARGEST = 16000;
  /** The same as pixels, two for each unit; fewer where a browser could not hold so many. */
  const png = async (view) => {
    const { text, width, height } = sheet(view);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const scale = Math.min(2, LARGEST / width, LARGEST / height);
    const canvas = make("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  // ------------------------------------------------------------ the menu

  const fileName = (ending, part) => {
    const words = folded(told.title).match(/[\p{L}\p{N}]+/gu) ?? ["graph"];
    return `${[...words.join("-")].slice(0, 60).join("").replace(/-$/u, "")}-${part}.${ending}`;
  };
  const save = (content, type, name) => {
    const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    $("exported").textContent = `Saved ${name}`;
  };
  const CHOICES = [
    ["png", "Picture (PNG)", async (view) => save(await png(view), "image/png", fileName("png", view.id))],
    ["svg", "Picture (SVG)", (view) => save(sheet(view).text, "image/svg+xml", fileName("svg", view.id))],
    ["csv", "Statements (CSV)", () => save(tidy(csv()), "text/csv;charset=utf-8", fileName("csv", "statements"))],
    ["ttl", "Statements (Turtle)", () => save(turtle(), "text/turtle;charset=utf-8", fileName("ttl", "statements"))],
  ];
  const close = (back) => {
    $("export").open = false;
    if (back) $("export").querySelector("summary").focus();
  };
  const item = ([ending, words, write]) => {
    const chosen = async () => {
      close(true);
      await write(inView());
    };
    return make("li", {}, make("button", { type: "button", "data-export": ending, click: chosen }, words));
  };
  /** A view without a picture, or with nothing to draw, offers none. */
  const offer = () => {
    const drawn = Boolean(inView().svg?.());
    for (const button of $("export").querySelectorAll("[data-export=png], [data-export=svg]")) button.disabled = !drawn;
    $("no-picture").hidden = drawn;
  };
  const menu = make("details", { id: "export", class: "export" },
    make("summary", { click: offer }, "Export"),
    make("div", { class: "choices" },
      make("p", {}, "What is shown now, as a file"),
      make("ul", {}, ...CHOICES.map(item)),
      make("p", { id: "no-picture", hidden: true }, "There is no picture in this view.")));
  document.querySelector(".bar").append(menu, make("p", { id: "exported", class: "unseen", role: "status", "aria-live": "polite" }));
  menu.addEventListener("keydown", (event) => event.key === "Escape" && menu.open && (event.stopPropagation(), close(true)));
  document.addEventListener("click", (event) => menu.open && !menu.contains(event.target) && close(false));
}
