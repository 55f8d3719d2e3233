/** The stylesheet of the page: it stands in each page, and the content security policy names it by its hash. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --text: light-dark(#1f2328, #e6e8eb);
  --soft: light-dark(#59616b, #a5adb8);
  --page: light-dark(#f6f6f4, #15171a);
  --card: light-dark(#ffffff, #1e2125);
  --line: light-dark(#d9d9d4, #363b42);
  --edge: light-dark(#83898f, #767e88);
  --link: light-dark(#0b5394, #8fc4f7);
  --good: light-dark(#1a6334, #8ed6a4);
  --bad: light-dark(#a02020, #ff9f97);
  --mark: light-dark(#fff1b8, #4d4213);
  --tint: light-dark(#eef3f8, #1c2733);
}
* { box-sizing: border-box }
html { scroll-padding-block: 1rem 9rem }
body {
  margin: 0 auto;
  padding: 0 1rem 4rem;
  max-width: 58rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.6 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
:lang(ja) body { font-family: "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic Medium", Meiryo, sans-serif; line-height: 1.75 }
a { color: var(--link); text-underline-offset: 0.2em }
p, dl, ul, ol, h1, h2, blockquote, fieldset { margin: 0; padding: 0 }
ul, ol { list-style: none }
fieldset { border: 0; min-width: 0 }
h1 { font-size: 1.5rem; line-height: 1.3 }
h2 { font-size: 1.0625rem; line-height: 1.45 }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
main:focus, .status:focus { outline: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; inset-block-start: -10rem; z-index: 2; padding: 0.5rem 1rem; background: var(--card) }
.skip:focus { inset-block-start: 0.5rem }

button, summary {
  min-height: 2.25rem;
  padding: 0.25rem 0.85rem;
  border: 1px solid var(--edge);
  border-radius: 0.4rem;
  background: var(--card);
  color: inherit;
  font: inherit;
  font-size: 0.9375rem;
  line-height: 1.5;
  cursor: pointer;
}
summary { padding-block: 0.3125rem }
button:hover, summary:hover { border-color: currentcolor; background: var(--tint) }
.do-publish, .do-notSpam { border-color: var(--good); color: var(--good); font-weight: 600 }
.do-spam, .do-block, .do-remove { border-color: var(--bad); color: var(--bad) }
input:is([type=search], :not([type])) {
  min-height: 2.25rem;
  min-width: 0;
  padding: 0.25rem 0.6rem;
  border: 1px solid var(--edge);
  border-radius: 0.4rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
input:is([type=checkbox], [type=radio]) { width: 1.2rem; height: 1.2rem; margin: 0; accent-color: var(--link); flex: none }

.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding-block: 1rem 0 }
.name { margin-inline-end: auto; font-weight: 600 }
.name a { color: inherit; text-decoration: none }
.site, .user { color: var(--soft); font-size: 0.875rem; font-weight: 400 }
.search { display: flex; gap: 0.4rem }
.head nav { flex-basis: 100%; min-width: 0; border-block-end: 1px solid var(--line) }
.head nav ul { display: flex; flex-wrap: wrap; gap: 0 0.25rem }
.head nav a { display: block; padding: 0.5rem 0.7rem; border-block-end: 3px solid transparent; color: inherit; text-decoration: none }
.head nav a:hover { border-color: var(--line) }
.head nav [aria-current] { border-color: var(--link); font-weight: 600 }
.count { padding: 0 0.45em; border-radius: 1em; background: var(--tint); font-size: 0.875em; font-weight: 600 }

main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; padding-block-start: 1.5rem }
.intro, .empty { color: var(--soft) }
h1 + .intro { margin-block-start: -0.75rem }
.empty { padding-block: 0.5rem }
.status {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0.5rem 1rem;
  padding: 0.75rem 1rem;
  border: 1px solid var(--link);
  border-inline-start-width: 0.4rem;
  border-radius: 0.4rem;
  background: var(--tint);
}
.list { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem }
.select { font-size: 0.9375rem }
.items { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem }
.item, .part, .message { border: 1px solid var(--line); border-radius: 0.6rem; background: var(--card) }
.item {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  gap: 0.15rem 0.5rem;
  padding: 0.75rem 1rem 1rem 0.5rem;
}
.item:has(.pick :checked) { border-color: var(--link); box-shadow: inset 0.25rem 0 var(--link) }
.item > * { grid-column: 2 }
.item > .pick { display: grid; place-items: center; grid-column: 1; grid-row: 1; width: 2.5rem; min-height: 2rem; cursor: pointer }
.item > h2 { align-self: center }
.meta { display: flex; flex-wrap: wrap; gap: 0 0.9rem; align-items: baseline; color: var(--soft); font-size: 0.875rem }
.meta a::after { content: " ↗" / "" }
.url { direction: ltr; unicode-bidi: isolate; font-size: 0.9375em }
.state { display: inline-block; padding: 0 0.5em; border: 1px solid currentcolor; border-radius: 0.3em; font-size: 0.8125rem; font-weight: 600 }
.state-published { color: var(--good) }
.state-rejected, .state-removed { color: var(--bad) }
.facts { display: grid; gap: 0.4rem; margin-block-start: 0.5rem }
.facts > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0 1rem }
dt { color: var(--soft); font-size: 0.875rem; line-height: 1.8286 }
dd { margin: 0 }
.passage { padding-inline-start: 0.75rem; border-inline-start: 3px solid var(--line) }
mark { padding-inline: 0.1em; background: var(--mark); color: inherit; font-weight: 600 }
.reason:not(:last-of-type)::after { content: "·"; padding-inline: 0.4em 0.2em }
.score { font-weight: 600 }
.checks { display: grid; gap: 0.1rem; font-size: 0.9375rem }
.checks li { display: grid; grid-template-columns: 2.75rem minmax(0, 1fr); gap: 0.5rem }
.number { text-align: end; font-variant-numeric: tabular-nums; font-weight: 600 }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-block-start: 0.6rem; align-items: start }
details > div { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-block-start: 0.5rem }
details[open] { flex-basis: 100% }
details[open] summary { width: max-content }
.bulk { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; padding: 0.75rem 1rem; border: 1px solid var(--edge); border-radius: 0.6rem; background: var(--card) }
.bulk legend { float: inline-start; padding: 0; color: var(--soft); font-size: 0.9375rem }
.list:has(.pick :checked) .bulk { position: sticky; inset-block-end: 0.5rem; border-color: var(--link); box-shadow: 0 0.25rem 1.25rem light-dark(#0003, #000a) }
.pager ul { display: flex; gap: 1.5rem }
.part, .message { padding: 1rem }
.part > h2 { margin-block-end: 0.5rem }
.rows li { display: flex; flex-wrap: wrap; gap: 0.15rem 0.9rem; align-items: center; padding-block: 0.6rem; border-block-start: 1px solid var(--line) }
.rows li:first-child { border: 0 }
.rows time, .kind, .who { color: var(--soft); font-size: 0.875rem }
.rows button { margin-inline-start: auto }
.field { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; margin-block: 0.4rem }
.field input { flex: 1 1 16rem }
.add-block fieldset { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem }
.add-block legend { padding: 0 }
.add-block fieldset label { display: flex; gap: 0.5rem; align-items: center; min-height: 2.25rem }
.message { display: grid; gap: 0.75rem; margin-block-start: 2rem }

@media (max-width: 40rem) {
  .search { flex: 1 1 100% }
  .search input { flex: 1 }
  .head nav ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: thin }
  .head nav a { white-space: nowrap }
  .facts > div { grid-template-columns: minmax(0, 1fr) }
  .item { padding-inline-end: 0.75rem }
  .item > .facts, .item > .buttons { grid-column: 1 / -1; padding-inline-start: 0.5rem }
  .list:has(.pick :checked) .bulk { padding: 0.5rem; gap: 0.4rem }
}
@media (forced-colors: active) {
  .head nav [aria-current] { border-color: Highlight }
}
`
