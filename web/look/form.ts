/** What a person entered in a form, by the names of its fields. The browser itself would load a page with it. */
export function entered(event: SubmitEvent): (field: string) => string {
  event.preventDefault();
  const entries = new FormData(event.target as HTMLFormElement);
  return (field) => {
    const entry = entries.get(field);
    return typeof entry === "string" ? entry.trim() : "";
  };
}
