// What people read stands in `words/`, so that it can be read, and translated, in one place.

/** Attributes that are shown or read out. */
const SPOKEN = /\s(?:aria-label|aria-description|aria-roledescription|alt|label|placeholder|title)="([^"]*)"/g;
const LETTERS = /\p{L}{2,}/u;
/** A sentence or a label: two words, or one that begins with a capital letter and goes on in small ones. */
const SPOKEN_TEXT = /\p{L}{2,} \p{L}|^\p{Lu}\p{Ll}+[.…!?:]?$/u;

/** The letters that a template shows itself, as opposed to what is put into it. */
function shownBy(template) {
  // An expression may hold anything, also `>`; here it is one character that is no letter. Addresses are no words.
  const markup = template.quasis.map((quasi) => quasi.value.cooked).join("\u0000");
  const text = markup.replace(/<[^>]*>/g, " ").replace(/(^|\s)\/\S+/g, " ");
  const spoken = [...markup.matchAll(SPOKEN)].map(([, value]) => value);
  return [text, ...spoken].find((part) => LETTERS.test(part))?.trim();
}

/** Names of keys, types of events and the like are compared, not shown. */
function isCompared({ parent }) {
  return parent.type === "BinaryExpression" || parent.type === "SwitchCase" || parent.type === "ImportDeclaration";
}

export const looseWords = {
  meta: { type: "problem", schema: [], messages: { loose: 'Words for people belong into words/: "{{ text }}"' } },
  create(context) {
    const report = (node, text) => context.report({ node, messageId: "loose", data: { text } });
    return {
      TaggedTemplateExpression({ tag, quasi }) {
        const text = tag.name === "html" ? shownBy(quasi) : undefined;
        if (text !== undefined) report(quasi, text);
      },
      TemplateLiteral(node) {
        if (node.parent.type === "TaggedTemplateExpression") return;
        const text = node.quasis.map((quasi) => quasi.value.cooked).join("\u0000");
        if (SPOKEN_TEXT.test(text)) report(node, text);
      },
      Literal(node) {
        if (typeof node.value !== "string" || isCompared(node)) return;
        if (SPOKEN_TEXT.test(node.value)) report(node, node.value);
      },
    };
  },
};
