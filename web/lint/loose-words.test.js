import { test } from "node:test";
import { RuleTester } from "eslint";
import { looseWords } from "./loose-words.js";

RuleTester.describe = (_, run) => run();
RuleTester.it = test;

const errors = 1;

new RuleTester().run("loose words", looseWords, {
  valid: [
    'html`<p class="banner warning" title=${words.title}>${words.text}</p>`',
    'html`<a href="/api/openapi.json">/api</a>, ${more}.`',
    "css`main > .all of-it { color: red; }`",
    'if (event.key === "Escape") close();',
    'const steps = { ArrowDown: 1 }; fetch("/session", { method: "POST" });',
    "element.style.transform = `translateY(${rows}px)`",
  ],
  invalid: [
    { code: "html`<p>Loading</p>`", errors },
    { code: "html`<p>${count} listed</p>`", errors },
    { code: "html`<p title=${a > b}>so that</p>`", errors },
    { code: 'html`<input placeholder="Search" />`', errors },
    { code: 'const label = "Reconnect";', errors },
    { code: 'const why = "the connection was lost";', errors },
    { code: "const who = `${count} agents are here`;", errors },
  ],
});
