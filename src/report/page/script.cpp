// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/page/page.h"

namespace eclair::report {

std::string_view page_script() {
  return R"js(
'use strict';
for (const section of document.querySelectorAll('section')) {
  const table = section.querySelector('table.findings');
  const filters = section.querySelector('.filters');
  if (!table || !filters) continue;
  const body = table.tBodies[0], rows = Array.from(body.rows);
  const search = filters.querySelector('input[type=search]'), fixable = filters.querySelector('.fixable'), known = filters.querySelector('.known');
  const clear = filters.querySelector('button'), output = filters.querySelector('output');
  const tiles = Array.from(section.querySelectorAll('.tile')), layers = Array.from(section.querySelectorAll('.layers button'));
  const texts = rows.map(row => row.textContent.toLowerCase());
  const severities = new Set();
  let layer = '';

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      const at = row.dataset;
      const on = (severities.size === 0 || severities.has(at.s)) && (layer === '' || at.l === layer) && (!fixable.checked || 'f' in at) &&
        (!known || !known.checked || 'k' in at) && words.every(word => texts[i].includes(word));
      row.hidden = !on;
      if (on) shown++;
    });
    for (const tile of tiles) tile.setAttribute('aria-pressed', String(severities.has(tile.dataset.s)));
    for (const button of layers) {
      const on = button.dataset.l === layer;
      button.setAttribute('aria-pressed', String(on));
      button.closest('li').classList.toggle('on', on);
    }
    clear.hidden = shown === rows.length;
    output.textContent = shown + ' of ' + rows.length + ' shown' + (layer === '' ? '' : ', layer ' + layer);
  };

  for (const tile of tiles) {
    tile.disabled = false;
    tile.addEventListener('click', () => {
      if (!severities.delete(tile.dataset.s)) severities.add(tile.dataset.s);
      apply();
    });
  }
  for (const button of layers) {
    button.disabled = false;
    button.addEventListener('click', () => {
      layer = layer === button.dataset.l ? '' : button.dataset.l;
      apply();
    });
  }
  for (const input of filters.querySelectorAll('input')) input.addEventListener('input', apply);
  clear.addEventListener('click', () => {
    search.value = '';
    fixable.checked = false;
    if (known) known.checked = false;
    severities.clear();
    layer = '';
    apply();
    search.focus();
  });

  const order = new Intl.Collator('en', { numeric: true });
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = head.querySelector('button');
    if (!button) return;
    button.disabled = false;
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending' || (column === 0 && !head.hasAttribute('aria-sort'));
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const key = row => column === 0 ? row.dataset.s : column === 5 ? row.dataset.l : (row.cells[column].querySelector('a') || row.cells[column]).textContent.trim();
      const sorted = rows.map((row, i) => [key(row), i, row]).sort((a, b) => (down ? -1 : 1) * order.compare(a[0], b[0]) || a[1] - b[1]);
      body.append(...sorted.map(one => one[2]));
    });
  });
  filters.hidden = false;
  apply();
}
)js";
}

}  // namespace eclair::report
