/** How the indicator looks. Nothing of the page around it comes in but the colour of its text; pages change it by custom properties and parts. */

/** `raw`, because it is no text for people. */
const SHEET = String.raw`
:host { display: inline-block; max-width: 100%; }
#root {
  all: initial; display: inline-block; max-width: 100%; color-scheme: inherit; color: inherit;
  --font: var(--presence-indicator-font, 14px/20px "Segoe UI Variable", "Segoe UI", system-ui, -apple-system, "Noto Sans", sans-serif);
  --surface: var(--presence-indicator-surface, light-dark(#fff, #292929));
  --text: var(--presence-indicator-text, light-dark(#242424, #fff));
  --faint: color-mix(in srgb, var(--text) 72%, var(--surface));
  --hover: color-mix(in srgb, var(--text) 7%, var(--surface));
  --selected: color-mix(in srgb, var(--brand) 16%, var(--surface));
  --line: color-mix(in srgb, var(--text) 52%, var(--surface));
  --brand: var(--presence-indicator-brand, light-dark(#0f6cbd, #115ea3));
  --on-brand: var(--presence-indicator-on-brand, #fff);
  --available: var(--presence-indicator-available, light-dark(#107c10, #6bb700));
  --busy: var(--presence-indicator-busy, light-dark(#c50f1f, #e8606c));
  --away: var(--presence-indicator-away, light-dark(#a35200, #eaa300));
  --offline: var(--presence-indicator-offline, light-dark(#616161, #adadad));
  --warning: light-dark(#8a3707, #ffc98f);
  --shadow: 0 8px 16px #0003;
  font: var(--font);
}
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
h2, p { margin: 0; }
h2 { font-size: 20px; line-height: 28px; font-weight: 600; }
button, input, select { font: inherit; }
button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 32px; padding: 3px 12px;
  border: 1px solid var(--line); border-radius: 4px; background: var(--surface); color: var(--text); font-weight: 600; cursor: pointer;
}
button:hover { background: var(--hover); }
button:disabled { color: var(--faint); cursor: not-allowed; }
button.primary { background: var(--brand); border-color: transparent; color: var(--on-brand); }
button.primary:disabled { background: var(--hover); color: var(--faint); }
:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

#button { min-height: 40px; max-width: 100%; padding: 4px 12px 4px 6px; border-color: transparent; background: none; color: inherit; }
#button:hover { background: #8080803d; }
[part=text] { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 32ch; }
[part=time] { min-width: 0; flex-shrink: 999; overflow: hidden; font-weight: 400; font-variant-numeric: tabular-nums; opacity: .86; }
[part=plate] { display: grid; place-items: center; flex: none; width: 28px; height: 28px; border-radius: 50%; background: var(--surface); }
.icon { width: 20px; height: 20px; flex: none; stroke-width: 0; }
.icon path { fill: none; stroke: var(--surface); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
:is(.OFFLINE, .UNKNOWN) circle { fill: none; stroke-width: 1.8; }
:is(.OFFLINE, .UNKNOWN) path { stroke: inherit; stroke-width: 1.6; }
.UNKNOWN circle { stroke-dasharray: 3 2.2; }
.AVAILABLE { color: var(--available); } .BUSY, .BUSY_DO_NOT_DISTURB { color: var(--busy); }
.AWAY { color: var(--away); } .OFFLINE, .UNKNOWN { color: var(--offline); }

[popover] {
  position: fixed; inset: auto; margin: 0; padding: 0; border: 0; overflow: visible; background: none; color: var(--text);
  width: min(380px, 100vw - 8px);
}
[popover]:popover-open { display: grid; gap: 8px; }
[part=banner] {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: end; gap: 8px 12px; padding: 12px; border: 1px solid var(--line); border-left: 4px solid var(--brand);
  border-radius: 8px; background: var(--surface); overflow-wrap: anywhere; box-shadow: var(--shadow);
}
[part=banner] > .grow { flex: 1 1 220px; }
p.warning { background: color-mix(in srgb, var(--warning) 9%, var(--surface)); border-color: var(--warning); color: var(--warning); }
dialog [part=banner] { box-shadow: none; }

dialog {
  width: min(520px, 100vw - 16px); max-height: calc(100dvh - 16px); padding: 24px; overflow: auto; overflow-wrap: anywhere;
  border: 1px solid var(--hover); border-radius: 8px; background: var(--surface); color: var(--text); font: var(--font);
  box-shadow: var(--shadow);
}
dialog[open], form { display: grid; gap: 16px; }
dialog::backdrop { background: #0006; }
.current { display: flex; gap: 12px; align-items: start; padding: 12px; border-radius: 8px; background: var(--hover); }
.current .icon { --surface: var(--hover); }
.current .first { font-weight: 600; }
.more, .base { color: var(--faint); font-weight: 400; font-variant-numeric: tabular-nums; }
fieldset { border: 0; margin: 0 -8px; padding: 0; min-width: 0; }
.base { padding: 8px 8px 0; }
.option { display: grid; grid-template-columns: auto auto 1fr; align-items: center; gap: 0 10px; padding: 8px; border-radius: 4px; cursor: pointer; }
.option:hover { background: var(--hover); }
.option:has(:checked) { background: var(--selected); }
.option .more { grid-column: 3; }
.base, .option .more { font-size: 12px; line-height: 16px; }
input[type=radio] { accent-color: var(--brand); width: 16px; height: 16px; margin: 0; }
.field { display: grid; gap: 4px; }
label { font-weight: 600; } .option { font-weight: 400; }
input:not([type=radio]), select {
  min-height: 32px; min-width: 0; width: 100%; padding: 5px 10px; border: 1px solid var(--line); border-radius: 4px; background: var(--surface); color: var(--text); font-weight: 400;
}
.refusal { color: var(--busy); } .refusal:empty { display: none; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; justify-content: end; align-items: center; }
form .actions { position: sticky; bottom: -24px; margin: 0 -24px -24px; padding: 12px 24px; background: var(--surface); }
@media (forced-colors: active) {
  .icon { color: CanvasText; --surface: Canvas; } .option:has(:checked) { outline: 2px solid Highlight; }
  #button { border-color: ButtonText; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** One sheet for all indicators of a page. A constructed sheet needs no exception in a policy. */
export function indicatorSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  return sheet;
}
