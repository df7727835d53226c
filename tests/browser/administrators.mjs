// Those who administer, with verbs that read as the specification.

import { Person } from "./people.mjs";

export class Administrator extends Person {
  /** Refusals that a test asks for, and a network that it takes away. */
  static expects = [
    /^Failed to load resource: the server responded with a status of 4(01|03|04|09|12|22) /,
    /^Failed to load resource: net::ERR_INTERNET_DISCONNECTED/,
  ];

  async arrives() {
    await this.page.getByRole("navigation").getByRole("link").first().waitFor();
  }

  async opens(section) {
    await this.page.getByRole("navigation").getByRole("link", { name: section, exact: true }).click();
    await this.page.getByRole("heading", { level: 1, name: section }).waitFor();
  }

  async adds(what) {
    await this.page.getByRole("link", { name: what }).first().click();
    await this.page.getByRole("heading", { level: 1, name: what }).waitFor();
  }

  async opensRecord(name) {
    await this.page.getByRole("link", { name, exact: true }).click();
    await this.page.getByRole("button", { name: "Save" }).waitFor();
  }

  field(label) {
    return this.page.getByLabel(label, { exact: false }).first();
  }

  line(label) {
    return this.page.getByRole("textbox", { name: new RegExp(`^${label}( optional)?$`) });
  }

  async saves(button = "Save") {
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  async isTold(text) {
    await this.page.getByRole("main").getByText(text).first().waitFor();
  }

  /** In these words alone: what fields mean is told in similar ones. */
  async isToldExactly(text) {
    await this.page.getByRole("main").getByText(text, { exact: true }).waitFor();
  }

  async creates(presence) {
    await this.opens("Custom presences");
    await this.adds("New presence");
    await this.line("Name").fill(presence);
    await this.saves("Create");
    await this.isToldExactly("Created.");
  }

  row(name) {
    return this.page.getByRole("row").filter({ has: this.page.getByRole("link", { name, exact: true }) });
  }
}
