// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/page/page.h"

namespace eclair::report {

// Severities are told by words and by shade, so that they can be told apart without colours. All pairs of text and ground have a contrast of
// 4.5 and more, in both schemes.
std::string_view page_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --sheet: #ffffff; --ink: #1c2024; --soft: #59636e; --line: #e3e5e8; --mark: #f2f4f6; --link: #0b57a4; --focus: #0b57a4;
  --s0: #ffffff; --s0i: #4a5460; --s1: #e6e9ed; --s1i: #414b57; --s2: #cfe3f7; --s2i: #0c3f6e; --s3: #f9d976; --s3i: #4d3600;
  --s4: #cf4a12; --s4i: #ffffff; --s5: #9b0d2c; --s5i: #ffffff; --good: #17663a; --bad: #9b0d2c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131619; --sheet: #1a1e22; --ink: #e6e8ea; --soft: #a0a9b2; --line: #2e343a; --mark: #22272c; --link: #7db8f5; --focus: #7db8f5;
    --s0: #1a1e22; --s0i: #b9c1c9; --s1: #343b43; --s1i: #d0d6dc; --s2: #17416a; --s2i: #d3e7fb; --s3: #7a5b00; --s3i: #fff1c4;
    --s4: #b9420f; --s4i: #ffffff; --s5: #b3163a; --s5i: #ffffff; --good: #6fcf97; --bad: #ff8fa3;
  }
}
* { box-sizing: border-box; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font-variant-numeric: tabular-nums; }
main, footer, nav { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
nav { padding-top: 1rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; }
section { padding: 2rem 0 1rem; }
section + section { border-top: 1px solid var(--line); }
h1, .name { font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .4rem; overflow-wrap: anywhere; }
.part { font-size: 1.05rem; font-weight: 650; margin: 2.25rem 0 .75rem; display: flex; align-items: baseline; gap: .6rem; }
.part small { font-weight: 400; color: var(--soft); font-size: .9rem; }
p { margin: .2rem 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code, .m { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .87em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.facts { color: var(--soft); }
.facts span + span::before { content: " · "; }
.good { color: var(--good); } .bad { color: var(--bad); }

.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: .5rem; margin: 1.5rem 0 .6rem; }
.tile { display: block; width: 100%; text-align: left; font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line);
  border-radius: 8px; padding: .55rem .8rem .5rem; cursor: pointer; position: relative; overflow: hidden; }
.tile::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 5px; background: var(--c); border-right: 1px solid var(--line); }
.tile b { display: block; font-size: 1.55rem; line-height: 1.2; font-weight: 650; }
.tile span { color: var(--soft); }
.tile:disabled { color: inherit; cursor: default; }
.tile.none b { color: var(--soft); font-weight: 400; }
.tile:not(:disabled):hover { border-color: var(--soft); }
.tile[aria-pressed=true] { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
.c0 { --c: var(--s0); } .c1 { --c: var(--s1); } .c2 { --c: var(--s2); } .c3 { --c: var(--s3); } .c4 { --c: var(--s4); } .c5 { --c: var(--s5); }
.bar { display: block; width: 100%; height: 10px; border-radius: 5px; border: 1px solid var(--line); background: var(--mark); }
.bar rect { fill: var(--c); }

.layers { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); overflow: hidden; }
.layers li { display: grid; grid-template-columns: 2.6rem 1fr auto; gap: 0 .75rem; align-items: center; padding: .38rem .8rem; border-top: 1px solid var(--line); }
.layers li:first-child { border-top: 0; }
.layers li.base { background: var(--mark); }
.layers li.empty { color: var(--soft); }
.layers li.on { box-shadow: inset 3px 0 0 var(--ink); }
.layers .i { font-weight: 650; }
.layers .w { min-width: 0; }
.layers .w .m { display: block; }
.layers .w small { color: var(--soft); }
.layers button { font: inherit; font-weight: 650; color: var(--link); background: none; border: 0; padding: 0; margin: 0; cursor: pointer; }
.layers button:disabled { color: inherit; cursor: default; }
.layers .k { display: flex; gap: .25rem; flex-wrap: wrap; justify-content: flex-end; max-width: 15rem; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: 0 .4em; font-size: .8rem; color: var(--soft); background: var(--sheet); white-space: nowrap; }
.s { display: inline-block; border-radius: 4px; padding: .02rem .45rem; font-size: .85rem; font-weight: 600; white-space: nowrap; border: 1px solid transparent; }
.s.n { min-width: 1.7em; text-align: center; padding: 0 .35rem; font-size: .8rem; }
.s0 { background: var(--s0); color: var(--s0i); border-color: var(--line); } .s1 { background: var(--s1); color: var(--s1i); } .s2 { background: var(--s2); color: var(--s2i); }
.s3 { background: var(--s3); color: var(--s3i); } .s4 { background: var(--s4); color: var(--s4i); } .s5 { background: var(--s5); color: var(--s5i); }
.kev { color: var(--bad); font-size: .85rem; font-weight: 600; white-space: nowrap; }

.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 0 .75rem; }
.filters[hidden] { display: none; }
.filters input[type=search] { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .6rem; width: 17rem; max-width: 100%; }
.filters label { display: inline-flex; align-items: center; gap: .4rem; }
.filters button { font: inherit; color: var(--link); background: none; border: 0; padding: .2rem 0; cursor: pointer; }
.filters output { color: var(--soft); margin-left: auto; }
.sheet { border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; overflow-wrap: anywhere; }
thead th { font-size: .85rem; font-weight: 600; color: var(--soft); white-space: nowrap; border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--sheet); z-index: 1; }
thead th:first-child { border-top-left-radius: 8px; } thead th:last-child { border-top-right-radius: 8px; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
thead button:disabled { color: inherit; cursor: default; }
th[aria-sort=ascending] button::after { content: " \2191"; } th[aria-sort=descending] button::after { content: " \2193"; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--mark); }
tr[hidden] { display: none; }
.findings { table-layout: fixed; }
.findings th:first-child { width: 7.5rem; } .findings th.p { width: 15%; } .findings th.a, .findings th.x { width: 16.5%; } .findings th.l { width: 6.5rem; }
.findings td.v > a { font-weight: 600; white-space: nowrap; }
details > summary { cursor: pointer; color: var(--soft); }
td details > summary { list-style-position: outside; margin-left: 1.05rem; }
td details[open] > summary { color: var(--ink); }
td details.why, td details.why > summary { display: inline; margin-left: .4rem; font-size: .9rem; }
td details p { margin: .35rem 0 .35rem 1.05rem; max-width: 46rem; }
.all > summary { font-size: 1.05rem; font-weight: 650; color: var(--ink); margin: 2.25rem 0 .75rem; }
ul.plain { margin: 0; padding: 0 0 0 1.2rem; }
ul.plain li { margin: .2rem 0; overflow-wrap: anywhere; }
footer { color: var(--soft); padding-top: 1rem; padding-bottom: 2.5rem; font-size: .9rem; }

@media (max-width: 45rem) {
  main, footer, nav { padding-left: 1rem; padding-right: 1rem; }
  section { padding-top: 1.25rem; }
  h1, .name { font-size: 1.3rem; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .tile b { font-size: 1.3rem; }
  .layers li { grid-template-columns: 2rem 1fr; }
  .layers .k { grid-column: 2; justify-content: flex-start; max-width: none; }
  .layers .k:empty { display: none; }
  .filters input[type=search] { width: 100%; }
  .filters output { margin-left: 0; width: 100%; }
  .findings thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .findings, .findings tbody, .findings tr { display: block; }
  .findings tr { padding: .55rem .8rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .6rem; }
  .findings tr[hidden] { display: none; }
  .findings tbody tr + tr { border-top: 1px solid var(--line); }
  .findings tbody tr + tr > * { border-top: 0; }
  .findings td { display: block; padding: 0; }
  .findings td.v { flex: 1 1 60%; }
  .findings td.p { flex: 0 0 100%; }
  .findings td.x.f::before { content: "\2192  "; color: var(--soft); }
  .findings td.l { margin-left: auto; color: var(--soft); }
  .findings td.l::before { content: "layer "; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #bbb; --mark: #f4f4f4; --link: #000;
    --s0: #fff; --s0i: #333; --s1: #e6e9ed; --s1i: #333; --s2: #cfe3f7; --s2i: #0c3f6e; --s3: #f9d976; --s3i: #4d3600; --s4: #cf4a12; --s4i: #fff; --s5: #9b0d2c; --s5i: #fff; }
  html { font-size: 9.5pt; }
  main, footer, nav { max-width: none; padding-left: 0; padding-right: 0; }
  .filters, nav { display: none; }
  thead th { position: static; }
  tr, .layers li, .tile { break-inside: avoid; }
  .part, .name { break-after: avoid; }
  td details:not([open]) > summary { list-style: none; margin-left: 0; }
  td details.why:not([open]) { display: none; }
  .findings th:first-child { width: 12%; } .findings th.p { width: 14%; } .findings th.a, .findings th.x { width: 15.5%; } .findings th.l { width: 9%; }
  .findings td.v > a { white-space: normal; }
  th, td { padding: .25rem .4rem; }
  .s, .tile::before, .bar rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";
}

}  // namespace eclair::report
