/** What every shadow root adopts: its ground, and buttons, fields, banners and dialogs. */

import { css, type CSSResultGroup } from "lit";

const ground = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { color: var(--text); font: var(--body) var(--font); }
  :focus-visible { outline: 2px solid var(--text); outline-offset: 1px; }
  h1, h2, h3, p { margin: 0; }
  h1 { font: 600 var(--title) var(--font); }
  h2 { font: 600 var(--lead) var(--font); }
  h3 { font: 600 var(--body) var(--font); }
  a:not(.button) { color: var(--brand-text); }
  .faint { color: var(--text-3); }
  .figures { font-variant-numeric: tabular-nums; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const buttons = css`
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px;
    min-height: var(--control); padding: 3px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius);
    background: var(--surface); color: var(--text); font: 600 var(--body) var(--font);
    text-decoration: none; white-space: nowrap; cursor: pointer;
    transition: background-color var(--brief) var(--ease), border-color var(--brief) var(--ease);
  }
  button:hover, .button:hover { background: var(--hover); }
  button:active, .button:active { background: var(--selected); }
  button:disabled { color: var(--text-3); border-color: var(--line); background: transparent; cursor: not-allowed; }
  button.primary, .button.primary { background: var(--brand-fill); border-color: transparent; color: var(--on-brand); }
  button.primary:hover, .button.primary:hover { background: var(--brand-fill-hover); }
  button.primary:disabled { background: var(--hover); color: var(--text-3); }
  button.quiet { border-color: transparent; background: transparent; }
  button.quiet:hover { background: var(--hover); }
  button.danger { border-color: var(--danger-line); color: var(--danger-text); }
  button.icon { width: var(--control); padding: 0; }
  button[aria-pressed="true"] { background: var(--selected); border-color: var(--brand); }
  @media (forced-colors: active) {
    button[aria-pressed="true"] { background: Highlight; border-color: Highlight; color: HighlightText; forced-color-adjust: none; }
    button.primary, .button.primary { border-color: ButtonText; }
    button:disabled { color: GrayText; border-color: GrayText; }
  }
`;

const fields = css`
  label { font-weight: 600; }
  input:not([type="radio"], [type="checkbox"]), select, textarea {
    min-height: var(--control); padding: 3px 10px; border: 1px solid var(--line-strong); border-radius: var(--radius);
    background: var(--surface); color: var(--text); font: var(--body) var(--font); max-width: 100%;
  }
  input[type="radio"], input[type="checkbox"] { accent-color: var(--brand-fill); width: 16px; height: 16px; margin: 0; flex: none; }
  input:disabled, select:disabled, textarea:disabled { color: var(--text-3); border-color: var(--line); background: transparent; }
  :is(input, select, textarea)[aria-invalid="true"][aria-invalid] { border-color: var(--danger-line); box-shadow: inset 0 0 0 1px var(--danger-line); }
  ::placeholder { color: var(--text-3); opacity: 1; }
  .field { display: grid; gap: 4px; }
  .field .hint { color: var(--text-3); font: var(--caption) var(--font); }
  .field .wrong { color: var(--danger-text); font: var(--caption) var(--font); }
  .choice { display: flex; align-items: center; gap: 8px; font-weight: 400; min-height: 28px; cursor: pointer; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
  legend { padding: 0; font-weight: 600; }
`;

const surfaces = css`
  .banner {
    display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 12px;
    border: 1px solid var(--line); border-left: 4px solid var(--brand); border-radius: var(--radius);
    background: var(--surface);
  }
  .banner > .grow { flex: 1 1 240px; }
  .banner.good { background: var(--good-fill); border-color: var(--good-line); color: var(--good-text); }
  .banner.warning { background: var(--warning-fill); border-color: var(--warning-line); color: var(--warning-text); }
  .banner.danger { background: var(--danger-fill); border-color: var(--danger-line); color: var(--danger-text); }

  dialog {
    width: min(520px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: var(--space-5);
    border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--raised); color: var(--text);
    box-shadow: var(--shadow);
  }
  dialog::backdrop { background: var(--veil); }

  /* Beside what it is about, and over it where there is no room beside. */
  .drawer {
    display: flex; flex-direction: column; width: min(420px, 100vw); min-height: 0; overflow: auto;
    border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--raised); box-shadow: var(--shadow);
  }
  .drawer > header { display: flex; align-items: center; gap: 8px; padding: var(--pad); position: sticky; top: 0; background: inherit; z-index: 1; }
  .drawer > header > :first-child { flex: 1; min-width: 0; }
  .drawer > section { display: grid; gap: 8px; padding: 12px var(--pad); border-top: 1px solid var(--line); }
`;

export const controls: CSSResultGroup = [ground, buttons, fields, surfaces];
