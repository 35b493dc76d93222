'use strict';
(() => {
  const MOST = 1000;
  const find = id => document.getElementById(id);
  const form = document.forms[0];
  const base = form.dataset.base;
  const node = (name, text = '', more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);
  let asking = null;

  const linked = iri => {
    const path = iri.slice(base.length).split('#')[0];
    if (!iri.startsWith(base) || !/^[a-z]+\/[^/]/.test(path)) return node('bdi', iri);
    return node('a', path, { href: '/' + path.split('/').map(part => encodeURIComponent(decoded(part))).join('/') });
  };
  const decoded = part => { try { return decodeURIComponent(part); } catch { return part; } };
  const cell = term => !term ? '' : term.type === 'uri' ? linked(term.value) : node('bdi', term.type === 'bnode' ? '_:' + term.value : term.value);

  const table = (columns, rows) => {
    const made = node('table');
    const head = node('tr');
    for (const name of columns) head.append(node('th', name, { scope: 'col' }));
    const body = node('tbody');
    for (const row of rows.slice(0, MOST)) {
      const line = node('tr');
      for (const name of columns) {
        const place = node('td');
        place.dataset.head = name;
        place.append(cell(row[name]));
        line.append(place);
      }
      body.append(line);
    }
    const top = node('thead');
    top.append(head);
    made.append(node('caption', 'What the query finds'), top, body);
    return made;
  };

  const counted = n => `${n.toLocaleString('en')} ${n === 1 ? 'row' : 'rows'}${n > MOST ? `, the first ${MOST.toLocaleString('en')} shown: ask for CSV to have all` : ''}`;
  const show = (words, ...parts) => {
    find('answer').hidden = false;
    find('status').textContent = words;
    find('shown').replaceChildren(...parts);
  };

  const told = async (reply, wanted) => {
    const text = await reply.text();
    if (!reply.ok) return show(`The server refuses: ${reply.status} ${reply.statusText}`, node('pre', text));
    if (wanted || !/json/.test(reply.headers.get('Content-Type') || '')) return show(`${text.length.toLocaleString('en')} characters`, node('pre', text));
    const answer = JSON.parse(text);
    if (typeof answer.boolean === 'boolean') return show(answer.boolean ? 'Yes.' : 'No.');
    show(counted(answer.results.bindings.length), table(answer.head.vars, answer.results.bindings));
  };

  const ask = async () => {
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    const wanted = find('media').value;
    find('stop').hidden = false;
    show('Asking …');
    try {
      const reply = await fetch('/sparql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/sparql-query', Accept: wanted || 'application/sparql-results+json, text/turtle' },
        body: find('query').value,
        credentials: 'omit',
        signal: mine.signal,
      });
      await told(reply, wanted);
    } catch (error) {
      if (mine === asking) show(error.name === 'AbortError' ? 'Stopped.' : `No answer: ${error.message}`);
    }
    if (mine === asking) {
      asking = null;
      find('stop').hidden = true;
    }
  };

  form.addEventListener('submit', event => { event.preventDefault(); ask(); });
  find('stop').addEventListener('click', () => asking && asking.abort());
  find('query').addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  find('choice').hidden = false;
  for (const button of document.querySelectorAll('.use')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      find('query').value = button.parentElement.querySelector('pre').textContent;
      find('query').scrollTop = 0;
      find('query').focus({ preventScroll: true });
      find('query').setSelectionRange(0, 0);
      find('query').scrollIntoView({ block: 'center' });
    });
  }
})();
