/** The few controls that all pages share: buttons, fields, banners. Each shadow root adopts this sheet. */

import { css } from "lit";

export const controls = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { color: var(--text); }
  :focus-visible { outline: 2px solid var(--text); outline-offset: 1px; }
  h1, h2, h3, p { margin: 0; }
  h1 { font-size: 24px; line-height: 32px; font-weight: 600; }
  h2 { font-size: 16px; line-height: 22px; font-weight: 600; }

  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px;
    min-height: 32px; padding: 5px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius);
    background: var(--surface); color: var(--text); font: 600 14px/20px var(--font);
    text-decoration: none; white-space: nowrap; cursor: pointer;
  }
  button:hover, .button:hover { background: var(--hover); }
  button:disabled { color: var(--text-3); border-color: var(--line); background: transparent; cursor: not-allowed; }
  button.primary, .button.primary { background: var(--brand-fill); border-color: transparent; color: var(--on-brand); }
  button.primary:hover, .button.primary:hover { background: var(--brand-fill-hover); }
  button.primary:disabled { background: var(--hover); color: var(--text-3); }
  button.quiet { border-color: transparent; background: transparent; }
  button.quiet:hover { background: var(--hover); }

  label { font-weight: 600; }
  input:not([type="radio"], [type="checkbox"]), select, textarea {
    min-height: 32px; padding: 5px 10px; border: 1px solid var(--line-strong); border-radius: var(--radius);
    background: var(--surface); color: var(--text); font: 14px/20px var(--font);
  }
  input[type="radio"], input[type="checkbox"] { accent-color: var(--brand-fill); width: 16px; height: 16px; margin: 0; flex: none; }
  ::placeholder { color: var(--text-3); opacity: 1; }

  .banner {
    display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 12px;
    border: 1px solid var(--line); border-left: 4px solid var(--brand); border-radius: var(--radius);
    background: var(--surface);
  }
  .banner > .grow { flex: 1 1 240px; }
  .banner.warning { background: var(--warning-fill); border-color: var(--warning-line); color: var(--warning-text); }
  .banner.danger { background: var(--danger-fill); border-color: var(--danger-line); color: var(--danger-text); }

  dialog {
    width: min(520px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 24px;
    border: 1px solid var(--line); border-radius: 8px; background: var(--raised); color: var(--text); box-shadow: var(--shadow);
  }
  dialog::backdrop { background: rgb(0 0 0 / 0.4); }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
  legend { padding: 0; font-weight: 600; }

  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
