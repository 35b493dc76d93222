// Where words are cut or run into each other: an array of lines for people. HTML and SVG alike, canvases not.
() => {
  const shows = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 50));
  const called = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${element.classList.length ? `.${[...element.classList].join(".")}` : ""}`;
  const clips = (style) => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const meant = (style) => style.textOverflow === "ellipsis" || !["none", ""].includes(style.webkitLineClamp) || style.clipPath !== "none";
  const scrolls = (style) => /auto|scroll/.test(style.overflowX + style.overflowY);
  const found = [];

  // Boxes that cut what they hold, without a mark that says so and without a way to scroll there.
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg") || !shows(element)) continue;
    const style = getComputedStyle(element);
    if (!clips(style) || meant(style) || scrolls(style)) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth) found.push(`cut sideways: ${called(element)} ${short(element.textContent)}`);
    if (element.scrollHeight > element.clientHeight + 1 && element.clientHeight) found.push(`cut below: ${called(element)} ${short(element.textContent)}`);
  }
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.push(`the page is wider than its window: ${document.documentElement.scrollWidth}`);

  // The rectangles of all words that can be seen, each cut by what clips or scrolls around it.
  const within = (rect, element) => {
    let { left, top, right, bottom } = rect;
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath !== "none") return null;
      if (one.tagName === "svg" || (one !== document.body && style.display !== "inline" && (clips(style) || scrolls(style)))) {
        const box = one.getBoundingClientRect();
        [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
      }
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, title, desc, noscript") || !shows(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const seen = within(rect, element);
      const drawn = element.closest("svg");
      if (drawn && seen && (rect.right - rect.left) - (seen.right - seen.left) > 1.5) found.push(`cut by the edge of its picture: ${short(node.data)}`);
      // The line box is higher than the letters: a fifth of it on either side is air.
      if (seen) words.push({ ...seen, top: seen.top + (rect.bottom - rect.top) * 0.2, bottom: seen.bottom - (rect.bottom - rect.top) * 0.2, node, element });
    }
  }
  const over = (element) => {
    for (let one = element; one; one = one.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(one).position) || one.matches("#export .choices, [popover]")) return true;
    return false;
  };
  // The box of a slanting line is larger than the line: the lines of one slanting label are told by nobody.
  const slants = (element) => Boolean(element.getScreenCTM?.().b);
  const together = (one, other) => slants(one) && slants(other) && one.closest("g") === other.closest("g");
  words.sort((a, b) => a.top - b.top);
  words.forEach((one, at) => {
    for (let next = at + 1; next < words.length && words[next].top < one.bottom; next += 1) {
      const other = words[next];
      const [wide, high] = [Math.min(one.right, other.right) - Math.max(one.left, other.left), Math.min(one.bottom, other.bottom) - other.top];
      if (one.node !== other.node && !together(one.element, other.element) && wide > 1.5 && high > 1.5 && !over(one.element) && !over(other.element)) {
        found.push(`over each other: ${short(one.node.data)} and ${short(other.node.data)}`);
      }
    }
  });
  return [...new Set(found)];
}
