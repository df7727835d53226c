/** Forms in dialogs: what a person entered, and where the keyboard is afterwards. */

/** The entries by the names of their fields. The browser itself would load a page with them. */
export function entered(event: SubmitEvent): (field: string) => string {
  event.preventDefault();
  const entries = new FormData(event.target as HTMLFormElement);
  return (field) => {
    const entry = entries.get(field);
    return typeof entry === "string" ? entry.trim() : "";
  };
}

/** What had the focus may be gone or disabled by now; then the main button has it, and no key is lost. */
export function keepFocus(dialog: ShadowRoot | null): void {
  if (dialog?.activeElement === null) dialog.querySelector<HTMLElement>("button.primary")?.focus();
}
